import NIOCore
import Synchronization

/// One connection of a load: sends a request, awaits the answer, records, and sends the next.
final class LoadConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let score: LoadScore
    private let requests: [ByteBuffer]
    private let expected: [Int]
    /// Time between two requests of this connection, in nanoseconds; nil for none.
    private let interval: UInt64?
    private var scanner = AnswerScanner()
    private var current: Int
    private var began: UInt64
    private var isWaiting = false

    /// - Parameter number: the index of this connection, so that connections begin with different requests.
    init(_ plan: LoadPlan, number: Int, score: LoadScore) {
        self.score = score
        requests = plan.requests.map { ByteBuffer(string: $0.text) }
        expected = plan.requests.map(\.status)
        current = number
        interval = plan.perSecond.map { UInt64(Double(plan.connections) * 1_000_000_000 / $0) }
        began = Stopwatch.nanoseconds + (interval ?? 0) / UInt64(plan.connections) * UInt64(number)
    }

    func channelActive(context: ChannelHandlerContext) {
        if interval == nil { began = Stopwatch.nanoseconds }
        sendWhenDue(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        scanner.take(&bytes)
        while let answer = scanner.next() {
            isWaiting = false
            let request = current % requests.count
            let goesOn = score.record(
                request, took: Stopwatch.nanoseconds - began, isGood: answer.status == expected[request]
            ) {
                "\(answer.status) \(String(decoding: answer.body.prefix(400), as: UTF8.self))"
            }
            guard goesOn else {
                context.close(promise: nil)
                return
            }
            current += 1
            began = interval.map { began + $0 } ?? Stopwatch.nanoseconds
            sendWhenDue(context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if isWaiting { score.lost("The server closed a connection.") }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        score.lost("A connection failed: \(error).")
        context.close(promise: nil)
    }

    private func sendWhenDue(_ context: ChannelHandlerContext) {
        let now = Stopwatch.nanoseconds
        guard began > now else { return send(context) }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .nanoseconds(Int64(began - now))) {
            let (connection, context) = bound.value
            if context.channel.isActive { connection.send(context) }
        }
    }

    private func send(_ context: ChannelHandlerContext) {
        isWaiting = true
        context.writeAndFlush(wrapOutboundOut(requests[current % requests.count]), promise: nil)
    }
}

/// The shared record of all connections of a load.
final class LoadScore: Sendable {
    private struct State {
        var recordings: [Recording]
        var startsAt: UInt64
        var endsAt: UInt64
        var rest: Int
        var firstAt: UInt64?
        var lastAt: UInt64 = 0
        var failures = 0
        var failure: String?
    }

    private let names: [String]
    private let state: Mutex<State>

    init(_ plan: LoadPlan) {
        names = plan.requests.map(\.name)
        let start = Stopwatch.nanoseconds + UInt64(plan.warmUp * 1_000_000_000)
        state = Mutex(
            State(
                recordings: plan.requests.map { _ in Recording() }, startsAt: start,
                endsAt: start + UInt64(plan.seconds * 1_000_000_000), rest: plan.count ?? .max))
    }

    /// - Returns: whether to continue.
    func record(_ request: Int, took nanoseconds: UInt64, isGood: Bool, describing description: () -> String) -> Bool {
        state.withLock { state in
            let now = Stopwatch.nanoseconds
            if !isGood {
                state.failures += 1
                state.failure = state.failure ?? "\(names[request]): \(description())"
            }
            guard now >= state.startsAt else { return true }
            guard now < state.endsAt, state.rest > 0 else { return false }
            state.rest -= 1
            state.firstAt = state.firstAt ?? state.startsAt
            state.lastAt = now
            state.recordings[request].record(nanoseconds: nanoseconds)
            return state.rest > 0
        }
    }

    /// Later responses do not count.
    func end() {
        state.withLock { $0.endsAt = min($0.endsAt, Stopwatch.nanoseconds) }
    }

    func lost(_ description: String) {
        state.withLock { state in
            state.failures += 1
            state.failure = state.failure ?? description
        }
    }

    /// - Parameter cpuShare: the generator's own use of one core.
    func result(cpuShare: Double) -> LoadResult {
        state.withLock { state in
            let seconds = Double(state.lastAt - min(state.lastAt, state.firstAt ?? state.lastAt)) / 1_000_000_000
            let count = state.recordings.reduce(0) { $0 + $1.count }
            return LoadResult(
                latencies: zip(names, state.recordings).map { $1.summary($0) },
                perSecond: seconds > 0 ? Double(count) / seconds : 0, failures: state.failures, failure: state.failure,
                seconds: seconds, cpuShare: cpuShare)
        }
    }
}
