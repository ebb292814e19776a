import NIOCore
import NIOHTTP1

/// Puts handlers right behind the parser of HTTP, where Hummingbird offers no place for them.
final class BehindTheParser: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let requestIDs: RequestIDs

    init(requestIDs: RequestIDs) {
        self.requestIDs = requestIDs
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        do {
            let parser = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandlers(
                [MalformedRequests(requestIDs: requestIDs), ConnectionClosing()], position: .after(parser))
        } catch {
            context.fireErrorCaught(error)
        }
    }
}

/// Has a connection closed after the answer wherever its client expects that, and says so (RFC 9112, sections 9.3 and 9.6).
///
/// Hummingbird looks for the one spelling `Connection: close`. A client of HTTP/1.0 need not say so: it waits for the end.
final class ConnectionClosing: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// Requests that have begun, and whose answers have not ended. Those before the last one are answered as if others followed.
    private var unanswered = 0
    private var isLast = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
        unanswered += 1
        guard !head.isKeepAlive else { return context.fireChannelRead(data) }
        isLast = true
        head.headers.replaceOrAdd(name: "Connection", value: "close")
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where isLast && unanswered == 1:
            head.headers.replaceOrAdd(name: "Connection", value: "close")
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end:
            unanswered -= 1
            context.write(data, promise: promise)
        case .head, .body: context.write(data, promise: promise)
        }
    }
}
