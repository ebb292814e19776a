import Synchronization

/// The address of the API, known once it listens.
final class ListeningAddress: Sendable {
    private let address = Mutex<(url: String, port: Int)?>(nil)

    var url: String? { address.withLock { $0?.url } }
    /// The bound port.
    var port: Int? { address.withLock { $0?.port } }

    func set(host: String, port: Int) {
        address.withLock { $0 = (Self.url(host: host, port: port), port) }
    }

    /// The URL of the service for programs on this machine.
    static func url(host: String, port: Int) -> String {
        let reachable =
            switch host {
            case "0.0.0.0", "": "127.0.0.1"
            case "::": "[::1]"
            case let name where name.contains(":"): "[\(name)]"
            default: host
            }
        return "http://\(reachable):\(port)"
    }
}
