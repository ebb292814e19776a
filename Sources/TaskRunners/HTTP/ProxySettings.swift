import WorkflowModel

/// The proxies of HTTP tasks, and the servers that are called without one.
public struct ProxySettings: Hashable, Sendable {
    struct Proxy: Hashable, Sendable {
        @Exact var host: String
        var port: Int
        @Exact var user: String?
        @Exact var password: String?

        init(host: String, port: Int, user: String? = nil, password: String? = nil) {
            self.host = host
            self.port = port
            self.user = user
            self.password = password
        }

        /// For messages.
        var place: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
    }

    /// A variable of the environment that cannot be used.
    public struct Problem: Error, Hashable, Sendable {
        public var message: String
    }

    /// For URLs with http.
    var http: Proxy?
    /// For URLs with https.
    var https: Proxy?
    /// The items of `NO_PROXY`.
    var exceptions: [String] = []

    /// No proxy.
    public static let none = ProxySettings()

    private init() {}

    /// Reads `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`. The same names in lower case come first, as with other programs.
    /// - Throws: ``Problem`` for a value that is not the address of a proxy.
    public init(environment: [String: String]) throws(Problem) {
        func value(_ name: String) -> String? {
            [name.lowercased(), name].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        }
        http = try value("HTTP_PROXY").map { value throws(Problem) in try Self.proxy(value, "HTTP_PROXY") }
        https = try value("HTTPS_PROXY").map { value throws(Problem) in try Self.proxy(value, "HTTPS_PROXY") }
        exceptions = (value("NO_PROXY") ?? "").split { $0 == "," || $0 == " " }.map { $0.lowercased() }
    }

    /// `http://proxy.example:3128`, with a user and a password, or without the scheme. Without a port it is 80.
    private static func proxy(_ text: String, _ name: String) throws(Problem) -> Proxy {
        let address = text.contains("://") ? text : "http://" + text
        guard let parts = ProxyAddress(address) else {
            throw Problem(
                message:
                    "\(name) is not the address of a proxy. Accepted: http://HOST:PORT, with USER:PASSWORD@ before the host if "
                    + "needed. Proxies with https and SOCKS are not supported.")
        }
        return Proxy(host: parts.host, port: parts.port, user: parts.user, password: parts.password)
    }

    /// - Returns: nil for a server that is called directly. This machine always is.
    func proxy(for target: HTTPTaskRequest.Target) -> Proxy? {
        guard let proxy = target.isSecure ? https : http, !isExcepted(target) else { return nil }
        return proxy
    }

    private func isExcepted(_ target: HTTPTaskRequest.Target) -> Bool {
        let host = target.host.lowercased()
        let address = NetworkAddress(host)
        if host == "localhost" || host.hasSuffix(".localhost") { return true }
        if let address, Self.ownMachine.contains(where: { $0.contains(address) }) { return true }
        return exceptions.contains { Self.covers($0, host, address, port: target.port) }
    }

    private static let ownMachine = ["127.0.0.0/8", "::1"].compactMap { AddressRange($0) }

    /// An item is `*`, an address, a range of addresses, or a name, which also covers the names below it. A name or an IPv4 address can
    /// have a port.
    private static func covers(_ item: String, _ host: String, _ address: NetworkAddress?, port: Int) -> Bool {
        if item == "*" { return true }
        if let range = AddressRange(item) { return address.map(range.contains) ?? false }
        let parts = item.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 2 {
            guard Int(parts[1]) == port else { return false }
            return covers(parts[0], host, address, port: port)
        }
        let name = item.hasPrefix("*.") ? String(item.dropFirst(2)) : item.hasPrefix(".") ? String(item.dropFirst()) : item
        guard !name.isEmpty else { return false }
        return host == name || host.hasSuffix("." + name)
    }
}
