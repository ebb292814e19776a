import Hummingbird
import NIOCore

/// The context of a request.
struct ServerContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// The address of the client or its proxy, without the port, which changes with every connection.
    var address: String? { channel.remoteAddress?.ipAddress }
}
