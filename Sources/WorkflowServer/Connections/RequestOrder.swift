import HTTPTypes
import NIOCore
import NIOHTTP1
import WorkflowAPI

/// Keeps the requests and answers of a connection in order, and ends the connection when the bytes that follow cannot be trusted.
///
/// It stands directly behind the parser.
/// - A request without a `Host`, or with several, is refused (section 3.2): proxies and servers disagree about which one counts.
/// - Invalid HTTP is answered once, like every other error, after the answers to the earlier requests.
/// - An answer that begins before its request has arrived in full is the last one of its connection (RFC 9112, section 9.3). The rest is
///   ignored, so that no part of a body can be read as a request.
/// - The last answer has `Connection: close` (section 9.6). Hummingbird recognizes only that spelling in a request, and a client of
///   HTTP/1.0 need not send it.
/// - An answer of unknown length to a client of HTTP/1.0, which knows no chunks, ends with its connection (section 6.3).
/// - An answer of unknown length to `HEAD` has the headers of chunks, and no chunk (section 6.3).
/// - `Expect: 100-continue` is answered when the handler reads the body, see ``ContinuingBody``.
final class RequestOrder: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let watch: ConnectionWatch
    private let requestIDs: RequestIDs
    /// Requests that have begun and whose answers have not ended.
    private var requests: [RequestForm] = []
    private var unanswered: Int { requests.count }
    /// Whether the last of these has not arrived in full.
    private var isArriving = false
    /// Whether the answer to the first of these has begun.
    private var isAnswering = false
    /// Whether the connection closes after the last of these.
    private var isLast = false
    private var expectsContinue = false
    /// How the answer that has begun ends.
    private var ending = AnswerEnding.asFramed
    /// Sent after the pending answers when the parser has failed.
    private var finalError: APIError?
    /// A request was refused before it reached a route: all that follows is ignored.
    private var refusesRequests = false
    /// The last answer is being sent: nothing more is read or written.
    private var hasEnded = false

    init(watch: ConnectionWatch, requestIDs: RequestIDs) {
        self.watch = watch
        self.requestIDs = requestIDs
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if hasEnded || refusesRequests || (isLast && !isArriving) { return }
        switch unwrapInboundIn(data) {
        case .head(var head):
            if let error = Self.hostError(of: head) {
                refusesRequests = true
                return end(with: error, context)
            }
            requests.append(RequestForm(isHead: head.method == .HEAD, knowsChunks: head.version == .http1_1))
            isArriving = true
            expectsContinue = head.version == .http1_1 && head.headers.contains(name: "Expect")
            watch.headersEnded()
            guard !head.isKeepAlive else { return context.fireChannelRead(data) }
            isLast = true
            head.headers.replaceOrAdd(name: "Connection", value: "close")
            context.fireChannelRead(wrapInboundOut(.head(head)))
        case .body:
            expectsContinue = false
            context.fireChannelRead(data)
        case .end:
            (isArriving, expectsContinue) = (false, false)
            watch.requestEnded()
            context.fireChannelRead(data)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Bytes after the last answer are ignored.
        if hasEnded || finalError != nil { return }
        guard let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
        end(with: Self.answer(to: error), context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is RequestsHoldTooMuch else { return context.fireUserInboundEventTriggered(event) }
        if !hasEnded, finalError == nil { end(with: ConnectionAnswers.tooManyRequests, context) }
    }

    // MARK: Answers

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if hasEnded {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head where finalError != nil && isArriving && unanswered == 1:
            // Replaces the answer to a request with an invalid body, after the answers to the earlier requests.
            promise?.fail(ChannelError.outputClosed)
            if let finalError { writeLast(finalError, context) }
        case .head(var head) where !head.status.isInformational:
            isAnswering = true
            expectsContinue = false
            ending = requests.first.map { AnswerEnding(of: head, to: $0) } ?? .asFramed
            if ending == .withConnection { head.version = .http1_0 }
            if ending == .withConnection || (unanswered == 1 && finalError == nil && (isLast || isArriving)) {
                isLast = true
                head.headers.replaceOrAdd(name: "Connection", value: "close")
            }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .head, .body: context.write(data, promise: promise)
        case .end:
            isAnswering = false
            if !requests.isEmpty { requests.removeFirst() }
            // Requests behind it stay without an answer.
            if ending == .withConnection { return writeLastPart(context, promise) }
            let data = ending == .withoutChunks ? Self.noLastChunk : data
            guard unanswered == 0, isLast || finalError != nil else {
                context.write(data, promise: promise)
                if unanswered == 0 { watch.answersEnded() }
                return
            }
            if let finalError {
                context.write(data, promise: promise)
                writeLast(finalError, context)
            } else {
                writeLastPart(context, promise)
            }
        }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is BodyIsAwaited else { return context.triggerUserOutboundEvent(event, promise: promise) }
        if expectsContinue, unanswered == 1, !isAnswering, !hasEnded {
            let head = HTTPResponseHead(version: .http1_1, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
        }
        expectsContinue = false
        promise?.succeed()
    }

    // MARK: The last answer

    /// Stops reading, and sends the error after the pending answers.
    private func end(with error: APIError, _ context: ChannelHandlerContext) {
        switch (unanswered, isArriving) {
        case (0, _): writeLast(error, context)
        // Its answer is the last one in any case.
        case (1, true) where isAnswering: break
        case (1, true):
            writeLast(error, context)
            // The handler must not take the body for a complete one.
            context.fireErrorCaught(ChannelError.inputClosed)
        case (_, true):
            finalError = error
            context.fireErrorCaught(ChannelError.inputClosed)
        case (_, false): if !isLast { finalError = error }
        }
    }

    private func writeLast(_ error: APIError, _ context: ChannelHandlerContext) {
        let (head, body) = ConnectionAnswers.parts(of: error, requestID: requestIDs.newID())
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        writeLastPart(context, nil)
    }

    /// Closes the output after everything has been sent. Closing both directions at once would reset the connection while the client
    /// still sends, and could lose the answer.
    private func writeLastPart(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        hasEnded = true
        let sent = promise ?? context.eventLoop.makePromise()
        let bound = NIOLoopBound((watch, context), eventLoop: context.eventLoop)
        sent.futureResult.whenComplete { _ in
            let (watch, context) = bound.value
            watch.lastAnswerSent()
            context.close(mode: .output, promise: nil)
        }
        context.writeAndFlush(ending == .withoutChunks ? Self.noLastChunk : wrapOutboundOut(.end(nil)), promise: sent)
    }

    /// Stands for the end of an answer to `HEAD`, where the encoder would write the last chunk. It writes no empty chunk.
    private static var noLastChunk: NIOAny { NIOAny(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer()))) }

    /// - Returns: nil for a request with one `Host`, or of HTTP/1.0 with none.
    private static func hostError(of head: HTTPRequestHead) -> APIError? {
        switch head.headers["Host"].count {
        case 0 where head.version == .http1_1: .invalid("The request has no Host header. Send one.")
        case 0, 1: nil
        case let count: .invalid("The request has \(count) Host headers. Send one.")
        }
    }

    private static func answer(to error: HTTPParserError) -> APIError {
        error == .headerOverflow
            ? APIError(
                .headersTooLarge,
                "The headers are too large. Accepted: at most \(Limits.headerCount) of \(Limits.headers) bytes together.")
            : APIError.invalid("This is not a request of HTTP/1.1.")
    }
}

/// The parts of a request that decide how its answer ends.
private struct RequestForm {
    var isHead: Bool
    /// Not before HTTP/1.1.
    var knowsChunks: Bool
}

private enum AnswerEnding {
    /// As its headers say.
    case asFramed
    case withConnection
    /// It has no body, and its headers are those of chunks.
    case withoutChunks

    init(of head: HTTPResponseHead, to request: RequestForm) {
        let hasLength = head.headers.contains(name: "Content-Length") || !head.status.mayHaveResponseBody
        switch (hasLength, request.knowsChunks) {
        case (true, _): self = .asFramed
        case (false, false): self = .withConnection
        case (false, true): self = request.isHead ? .withoutChunks : .asFramed
        }
    }
}

extension HTTPResponseStatus {
    fileprivate var isInformational: Bool { (100..<200).contains(code) }
}
