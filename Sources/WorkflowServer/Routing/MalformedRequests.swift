import HTTPTypes
import NIOCore
import NIOHTTP1
import WorkflowAPI

/// Answers what the parser of HTTP gives up on, in the form of every other error, and closes the connection.
///
/// No request comes of such bytes, so nothing further up could answer. While the answer to an earlier request of the connection is
/// still due, the error goes on instead: two answers would only make things worse.
final class MalformedRequests: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let requestIDs: RequestIDs
    /// Requests that have begun, and whose answers have not ended.
    private var unanswered = 0
    private var hasAnswered = false

    init(requestIDs: RequestIDs) {
        self.requestIDs = requestIDs
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head = unwrapInboundIn(data) { unanswered += 1 }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { unanswered -= 1 }
        context.write(data, promise: promise)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // What still arrives after the answer is of no interest.
        if hasAnswered { return }
        guard let error = error as? HTTPParserError, unanswered == 0 else { return context.fireErrorCaught(error) }
        hasAnswered = true
        answer(error, to: context)
    }

    private func answer(_ error: HTTPParserError, to context: ChannelHandlerContext) {
        let answer =
            error == .headerOverflow
            ? APIError(
                .headersTooLarge,
                "The headers are too large; at most \(Limits.headerCount) of \(Limits.headers) bytes together are accepted.")
            : APIError.invalid("This is not a request of HTTP/1.1.")
        let id = requestIDs.newID()
        let body = answer.document(requestID: id)
        let headers: HTTPHeaders = [
            "Content-Type": "application/json", "Content-Length": String(body.readableBytes), "Connection": "close",
            HeaderNames.requestID.rawName: id, HeaderNames.version.rawName: APIVersion.newestStable.rawValue,
        ]
        let status = HTTPResponseStatus(statusCode: answer.status.code)
        context.write(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        // Closing both ways at once would reset the connection while the client still sends, and so could lose the answer.
        context.close(mode: .output, promise: nil)
    }
}
