import Hummingbird
import NIOCore

/// What is known of a request beside itself.
struct ServerContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    private let peer: SocketAddress?

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        peer = source.channel.remoteAddress
    }

    /// The address that it came from: a proxy's, where there is one. Without its port, which changes with every connection.
    var address: String? { peer?.ipAddress }
}
