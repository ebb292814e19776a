import NIOCore
import NIOHTTP1

/// Adds handlers directly before and behind the HTTP parser, which Hummingbird has no option for.
final class AroundTheParser: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let count: ConnectionCount
    private let requestIDs: RequestIDs

    init(count: ConnectionCount, requestIDs: RequestIDs) {
        self.count = count
        self.requestIDs = requestIDs
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        let watch = ConnectionWatch(count: count, requestIDs: requestIDs)
        do {
            let parser = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(watch, position: .first)
            try pipeline.addHandler(RequestOrder(watch: watch, requestIDs: requestIDs), position: .after(parser))
        } catch {
            context.fireErrorCaught(error)
        }
    }
}
