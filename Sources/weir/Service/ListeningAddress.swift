import Synchronization

/// Where the API listens, known once it does.
final class ListeningAddress: Sendable {
    private let told = Mutex<(url: String, port: Int)?>(nil)

    var url: String? { told.withLock { $0?.url } }
    /// The port that was really bound.
    var port: Int? { told.withLock { $0?.port } }

    func set(host: String, port: Int) {
        told.withLock { $0 = (Self.url(host: host, port: port), port) }
    }

    /// The address that programs on this machine reach the service by.
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
