import Foundation

/// The parts of a proxy's URL.
struct ProxyAddress {
    var host: String
    var port: Int
    var user: String?
    var password: String?

    /// - Returns: nil for anything else than an http URL with a host, and no path.
    init?(_ text: String) {
        guard let parts = URLComponents(string: text), parts.scheme?.lowercased() == "http", let host = parts.host, !host.isEmpty,
            parts.path.isEmpty || parts.path == "/", parts.query == nil, parts.fragment == nil
        else { return nil }
        let port = parts.port ?? 80
        guard (1...65_535).contains(port) else { return nil }
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        self.port = port
        user = parts.user
        password = parts.password
    }
}
