/// How a store uses its database, and every limit that it keeps.
public struct PostgresSettings: Sendable {
    /// Connections to the primary at most; one more listens. Each has a thread of its own.
    public var connections: Int
    /// What the connections are called in `pg_stat_activity`.
    public var applicationName: String
    /// How long a verb, or all verbs of one request together, wait for a connection before the answer is that the store is
    /// unavailable.
    public var patience: Duration
    /// How long the server may work on one statement before it gives up by itself.
    public var statementTimeout: Duration
    /// How long a server may say nothing, while an answer is due, before its connection is given up. Longer than
    /// ``statementTimeout``: a server that is well speaks by then.
    public var longestSilence: Duration
    /// How often changes of runs are folded into counts; nil for never, where other nodes do so.
    public var foldInterval: Duration?

    /// Verbs that wait for a connection at most; more are refused at once.
    public static let longestQueue = 1_000
    /// Prepared statements of a session, beyond which those whose plans are kept are prepared anew.
    public static let preparedStatements = 200
    /// How often a verb is tried when its connection was lost or the server asked for another try (deadlocks).
    public static let tries = 4
    /// How long to wait before the next attempt at connecting, the first time; then twice as long each time.
    public static let firstPause = Duration.milliseconds(50)
    /// The longest wait before the next attempt at connecting.
    public static let longestPause = Duration.seconds(2)
    /// How long connecting may take, with one address of the server.
    public static let connectTimeout = Duration.seconds(5)
    /// How long a statement that changes the schema may take: it may have to wait for others, and to build indexes.
    public static let schemaTimeout = Duration.seconds(3_600)
    /// Months that have their partitions before they begin.
    public static let monthsAhead = 2
    /// Changes that are folded in one transaction.
    public static let changesAtOnce = 20_000
    /// Changes folded in a row after which their table is cleaned up at once.
    public static let changesToCleanUp = 100_000
    /// How often it is looked whether another month needs its partitions.
    public static let partitionInterval = Duration.seconds(3_600)

    public init(
        connections: Int = 10, applicationName: String = "weir", patience: Duration = .seconds(5),
        statementTimeout: Duration = .seconds(6), longestSilence: Duration = .seconds(8), foldInterval: Duration? = .seconds(1)
    ) {
        self.connections = max(1, connections)
        self.applicationName = applicationName
        self.patience = patience
        self.statementTimeout = statementTimeout
        self.longestSilence = longestSilence
        self.foldInterval = foldInterval
    }
}
