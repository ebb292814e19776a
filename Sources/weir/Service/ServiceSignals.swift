import TaskRunners
import UnixSignals

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The meaning of signals for a service.
enum ServiceSignals {
    /// Without SIGHUP if nohup ignores it.
    static var trapped: [UnixSignal] {
        [.sigterm, .sigint, .sigquit, .sigusr1, .sigusr2] + (OwnProcess.isHangupIgnored ? [] : [.sighup])
    }

    enum Meaning {
        /// The first one shuts down gracefully, a later one at once. SIGHUP is included, because no settings can be reloaded.
        case end
        case endAtOnce
        case nothing
    }

    static func meaning(of signal: UnixSignal) -> Meaning {
        switch signal {
        case .sigterm, .sigint, .sighup: .end
        case .sigquit: .endAtOnce
        default: .nothing
        }
    }

    /// The exit code of a service that a signal ended at once, by the convention of shells.
    static func exitCode(for signal: UnixSignal) -> Int32 {
        switch signal {
        case .sigint: 128 + SIGINT
        case .sighup: 128 + SIGHUP
        case .sigquit: 128 + SIGQUIT
        default: 128 + SIGTERM
        }
    }
}
