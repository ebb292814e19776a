/// How an engine works, and every limit that it keeps.
public struct EngineSettings: Sendable {
    /// Tasks executed at once; with 0 nothing is claimed.
    public var workers: Int
    /// What leases are held under. The engine adds random digits, so that no two lives of a process share a name.
    public var worker: String
    /// Whether no other process works on this store. Then every lease that is found at the start belongs to a former life,
    /// and is rescued at once rather than when it expires.
    public var ownsStoreAlone: Bool
    /// How long a lease lasts that is not renewed. It is renewed after a third of it.
    public var leaseDuration: Duration
    /// How often the store is asked for work, retries that are due and overdue runs, whatever its signals said.
    public var pollInterval: Duration
    /// Bytes kept of what an attempt prints: the last ones.
    public var outputKept: Int
    /// How long what was printed waits in memory before it is written, so that many small pieces become one write.
    public var outputInterval: Duration

    /// What ``leaseDuration`` is unless somebody says otherwise: longer than a store is out of reach in most cases, and short
    /// enough that a worker which died holds up nobody for long.
    public static let standardLease = Duration.seconds(30)
    /// What ``leaseDuration`` may be: from what renewals can keep up with to what is worth waiting for.
    public static let leases = Duration.seconds(1)...Duration.seconds(3_600)
    /// Tasks claimed in one transaction at most, so that a claim stays short.
    public static let largestClaim = 64
    /// Abandoned leases rescued in one round at most.
    public static let largestRescue = 100
    /// Configuration versions kept in memory, read and ready.
    public static let versionsKept = 64
    /// How long to wait before a store that could not be reached is asked again, the first time; then twice as long each time.
    public static let firstStorePause = Duration.milliseconds(50)
    /// The longest wait before a store that could not be reached is asked again.
    public static let longestStorePause = Duration.seconds(5)
    /// How often a store that cannot be reached is asked once the engine is shutting down: about twelve seconds altogether.
    /// What could not be written by then is rescued by the next life.
    public static let triesWhenShuttingDown = 9

    public init(
        workers: Int = 4, worker: String = "weir", ownsStoreAlone: Bool = true, leaseDuration: Duration = standardLease,
        pollInterval: Duration = .seconds(1), outputKept: Int = 1 << 20, outputInterval: Duration = .milliseconds(500)
    ) {
        self.workers = workers
        self.worker = worker
        self.ownsStoreAlone = ownsStoreAlone
        self.leaseDuration = leaseDuration
        self.pollInterval = pollInterval
        self.outputKept = outputKept
        self.outputInterval = outputInterval
    }

    /// How often leases are renewed and abandoned ones looked for: often enough that two renewals may fail.
    public var renewInterval: Duration { leaseDuration / 3 }
}
