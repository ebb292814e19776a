import Logging
import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Stops accepting connections for a second when the system has no descriptor or memory for one.
///
/// NIO delays only the next read after such an error. The listening socket stays registered and readable meanwhile, so its event loop
/// would retry in a busy loop.
final class AcceptancePause: ChannelInboundHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel

    private let logger: Logger
    private var resumption: Scheduled<Void>?
    private var lastLogged: NIODeadline?

    init(logger: Logger) {
        self.logger = logger
    }

    /// - Parameter channel: the listening channel.
    static func add(to channel: any Channel, logger: Logger) async throws {
        try await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.addHandler(AcceptancePause(logger: logger), position: .first)
        }.get()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let reason = error as? IOError, Self.isShortage(reason) {
            log(reason, at: context.eventLoop.now)
            pause(context)
        }
        context.fireErrorCaught(error)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        resumption?.cancel()
        resumption = nil
    }

    private func pause(_ context: ChannelHandlerContext) {
        guard resumption == nil, let options = context.channel.syncOptions else { return }
        try? options.setOption(.autoRead, value: false)
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        resumption = context.eventLoop.scheduleTask(in: ConnectionLimits.acceptPause) {
            let (pause, context) = bound.value
            pause.resumption = nil
            try? context.channel.syncOptions?.setOption(.autoRead, value: true)
        }
    }

    private func log(_ reason: IOError, at now: NIODeadline) {
        if let lastLogged, now - lastLogged < ConnectionLimits.acceptSilence { return }
        lastLogged = now
        logger.warning("No connection can be accepted; trying again every second", metadata: ["reason": "\(reason)"])
    }

    private static func isShortage(_ error: IOError) -> Bool {
        [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(error.errnoCode)
    }
}
