/// Settings and limits of an engine.
public struct EngineSettings: Sendable {
    /// Concurrent tasks; with 0 nothing is claimed.
    public var workers: Int
    /// The name under which leases are held. The engine appends random digits, so that each start has a name of its own.
    public var worker: String
    /// Whether no other process works on this store. Then every lease found at the start belongs to the previous process, and its task
    /// is rescued immediately instead of when the lease expires.
    public var ownsStoreAlone: Bool
    /// How long a lease lasts without renewal. On a shared store, work ends before its lease does.
    public var leaseDuration: Duration
    /// Default time between SIGTERM and SIGKILL of a command. Near the end of a lease it is also the longest grace of any task.
    public var grace: Duration
    /// How often the store is polled for work, due retries and overdue runs, independently of its signals.
    public var pollInterval: Duration
    /// Bytes of output kept per attempt, counted from the end.
    public var outputKept: Int
    /// How long output is buffered in memory, so that many small pieces become one write.
    public var outputInterval: Duration

    /// Default of ``leaseDuration``: longer than most interruptions of a store, and short enough that the tasks of a dead worker are
    /// retried soon.
    public static let standardLease = Duration.seconds(30)
    /// Allowed values of ``leaseDuration``.
    public static let leases = Duration.seconds(1)...Duration.seconds(3_600)
    /// Default of ``grace``.
    public static let standardGrace = Duration.seconds(10)
    /// Largest number of tasks claimed in one transaction, so that a claim stays short.
    public static let largestClaim = 64
    /// Largest number of abandoned leases rescued in one round.
    public static let largestRescue = 100
    /// Largest number of stopped runs whose closing tasks are ended in one round.
    public static let mostClosingsEnded = 100
    /// Parsed configuration versions kept in memory.
    public static let versionsKept = 64
    /// First pause before a call to an unreachable store is retried; each further pause is twice as long.
    public static let firstStorePause = Duration.milliseconds(50)
    /// Longest pause before a call to an unreachable store is retried.
    public static let longestStorePause = Duration.seconds(5)
    /// Attempts to reach the store during a shutdown: about twelve seconds altogether. Events that are not written by then are
    /// recovered at the next start.
    public static let triesWhenShuttingDown = 9

    public init(
        workers: Int = 4, worker: String = "weir", ownsStoreAlone: Bool = true, leaseDuration: Duration = standardLease,
        grace: Duration = standardGrace, pollInterval: Duration = .seconds(1), outputKept: Int = 1 << 20,
        outputInterval: Duration = .milliseconds(500)
    ) {
        self.workers = workers
        self.worker = worker
        self.ownsStoreAlone = ownsStoreAlone
        self.leaseDuration = leaseDuration
        self.grace = grace
        self.pollInterval = pollInterval
        self.outputKept = outputKept
        self.outputInterval = outputInterval
    }

    /// The last part of a lease, in which its task no longer runs. Covers late timers, the time that a kill takes, and small
    /// differences between the clocks of nodes.
    public var leaseReserve: Duration { max(leaseDuration / 10, .milliseconds(250)) }

    /// When the work of a lease that was not renewed is terminated, so that its grace ends before the lease does. The grace of a task
    /// is limited to the engine's ``grace`` here.
    /// - Parameter grace: the grace of the task; nil when it defines none, or when it is not known yet.
    package func termination(before leaseEnd: Duration, grace own: Duration?) -> Duration {
        kill(before: leaseEnd) - min(own ?? grace, grace)
    }

    /// When the work of a lease that was not renewed is killed.
    package func kill(before leaseEnd: Duration) -> Duration { leaseEnd - leaseReserve }

    /// How often leases are renewed: two renewals may fail before work has to be terminated.
    public var renewInterval: Duration {
        if ownsStoreAlone { return leaseDuration / 3 }
        return max((leaseDuration - grace - leaseReserve) / 4, .milliseconds(50))
    }

    /// How long a renewal may wait for an answer; the next attempt uses another connection.
    var renewLimit: Duration { max(renewInterval, .seconds(1)) }

    /// How often the store is searched for abandoned leases.
    public var rescueInterval: Duration { leaseDuration / 3 }

    /// The shortest lease on a shared store that leaves time for renewals in addition to the grace.
    public static func shortestLease(for grace: Duration) -> Duration { max(leases.lowerBound, grace * 3 / 2) }

    /// Default lease on a shared store for a given grace.
    public static func lease(for grace: Duration) -> Duration { min(max(standardLease, grace * 2), leases.upperBound) }

    /// Default grace on a shared store for a given lease.
    public static func grace(within lease: Duration) -> Duration { min(standardGrace, lease / 3) }
}
