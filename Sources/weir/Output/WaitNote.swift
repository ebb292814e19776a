import Synchronization
import WorkflowAPI
import WorkflowModel

/// Reports on standard error that the service asked the client to wait, at most every ``interval``.
final class WaitNote: Sendable {
    static let interval = Duration.seconds(10)

    private let console: Console
    private let time: any TimeSource
    private let reportedAt = Mutex<Timestamp?>(nil)

    init(console: Console, time: any TimeSource = SystemTime()) {
        self.console = console
        self.time = time
    }

    func report(_ pause: Duration, _ refusal: APIError) {
        let now = time.now
        let isDue = reportedAt.withLock { reportedAt in
            if let reportedAt, now - reportedAt < Self.interval { return false }
            reportedAt = now
            return true
        }
        if isDue { console.note(Self.sentence(pause, refusal)) }
    }

    static func sentence(_ pause: Duration, _ refusal: APIError) -> String {
        let reason =
            switch refusal.kind {
            case .rateLimited: "exceeds the tenant's rate limit"
            case .conflict: "is already being handled"
            default: "found the service unavailable"
            }
        return "weir: The request \(reason). Retrying in \(HumanText.duration(pause))."
    }
}
