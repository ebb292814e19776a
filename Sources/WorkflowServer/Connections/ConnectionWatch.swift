import NIOCore
import WorkflowAPI

/// Keeps a connection within ``ConnectionLimits``. It stands before the parser and sees bytes; ``RequestOrder`` behind the parser
/// reports requests and answers to it.
final class ConnectionWatch: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    private let count: ConnectionCount
    private let requestIDs: RequestIDs
    private var deadlines = ConnectionDeadlines(at: .distantPast)
    private var loop: (any EventLoop)?
    private var check: Scheduled<Void>?
    private var address: ClientAddress?
    /// nil while the connection is not counted.
    private var admission: ConnectionCount.Admission?
    /// Bytes of answers that were written to the channel.
    private var written = 0
    /// Bytes of unanswered requests, and those of them that are counted against the limit of all connections.
    private var held = 0
    private var counted = 0

    init(count: ConnectionCount, requestIDs: RequestIDs) {
        self.count = count
        self.requestIDs = requestIDs
    }

    // MARK: Beginning and end

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        loop = context.eventLoop
        deadlines = ConnectionDeadlines(at: context.eventLoop.now)
        address = ClientAddress(channel.remoteAddress)
        admission = count.begin(from: address)
        #if os(Linux)
            // Without it, slow clients are only detected later.
            try? channel.syncOptions?.setOption(.tcpOption(.unsentBytes), value: .init(ConnectionLimits.unsentBytes))
        #endif
        if channel.isActive { begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end()
    }

    private func begin(_ context: ChannelHandlerContext) {
        switch admission {
        case .refused: refuse(context)
        case .dropped: context.close(promise: nil)
        case .admitted, nil: break
        }
        if check == nil { scheduleCheck(context, at: context.eventLoop.now + ConnectionLimits.check) }
    }

    private func end() {
        check?.cancel()
        check = nil
        if let admission { count.end(admission, from: address) }
        admission = nil
        giveBack()
    }

    /// Sends the reason, then waits for the client to close or send: closing at once could lose the answer.
    private func refuse(_ context: ChannelHandlerContext) {
        let answer = ConnectionAnswers.full(requestID: requestIDs.newID())
        context.writeAndFlush(wrapOutboundOut(.byteBuffer(answer)), promise: nil)
        context.close(mode: .output, promise: nil)
        deadlines.lastAnswerSent(at: context.eventLoop.now)
    }

    // MARK: Bytes

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard admission == .admitted else { return context.close(promise: nil) }
        let bytes = unwrapInboundIn(data).readableBytes
        deadlines.bytesArrived(bytes, at: context.eventLoop.now)
        if hold(bytes) {
            context.fireChannelRead(data)
        } else {
            context.fireUserInboundEventTriggered(RequestsHoldTooMuch())
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        written += unwrapOutboundIn(data).readableBytes
        context.write(data, promise: promise)
    }

    /// - Returns: whether they are within the limits.
    private func hold(_ bytes: Int) -> Bool {
        held += bytes
        let excess = held - ConnectionLimits.smallRequest - counted
        guard excess > 0 else { return true }
        counted += excess
        return count.take(bytes: excess)
    }

    private func giveBack() {
        if counted > 0 { count.giveBack(bytes: counted) }
        (held, counted) = (0, 0)
    }

    // MARK: Requests and answers

    private var now: NIODeadline { loop?.now ?? .distantPast }

    func headersEnded() { deadlines.headersEnded(at: now) }

    func requestEnded() { deadlines.requestEnded() }

    /// All requests so far are answered.
    func answersEnded() {
        giveBack()
        deadlines.answersEnded(at: now)
    }

    func lastAnswerSent() { deadlines.lastAnswerSent(at: now) }

    // MARK: Deadlines

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is ChannelShouldQuiesceEvent, deadlines.shutdownBegan(at: context.eventLoop.now) else {
            return context.fireUserInboundEventTriggered(event)
        }
        context.close(promise: nil)
    }

    private func scheduleCheck(_ context: ChannelHandlerContext, at time: NIODeadline) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        check = context.eventLoop.scheduleTask(deadline: time) {
            let (watch, context) = bound.value
            watch.checkDeadlines(context)
        }
    }

    private func checkDeadlines(_ context: ChannelHandlerContext) {
        check = nil
        let now = context.eventLoop.now
        let waiting = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        let deadline = deadlines.deadline(isCrowded: count.isCrowded) ?? .distantFuture
        guard deadline > now, !deadlines.isStalled(waiting: waiting, sent: written - waiting, at: now) else {
            return context.close(promise: nil)
        }
        scheduleCheck(context, at: min(deadline, now + ConnectionLimits.check))
    }
}

/// All requests together exceed their limit: refuse the one whose bytes have just arrived.
struct RequestsHoldTooMuch: Sendable {}

#if os(Linux)
    extension NIOBSDSocket.Option {
        /// `TCP_NOTSENT_LOWAT`, see tcp(7): a socket is writable only while it holds less than this that was not sent yet.
        fileprivate static let unsentBytes = NIOBSDSocket.Option(rawValue: 25)
    }
#endif
