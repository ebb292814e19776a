/// The settings and limits of a PostgreSQL store.
public struct PostgresSettings: Sendable {
    /// Most connections to the primary; one more listens for signals. Each has its own thread.
    public var connections: Int
    /// The name of the connections in `pg_stat_activity`.
    public var applicationName: String
    /// How long a method, or all methods of one request together, wait for a connection before they fail with `unavailable`.
    public var patience: Duration
    /// How long one request may take altogether: waiting for connections, statements, and retries after lost connections.
    /// Work without a request has no such limit.
    public var longestRequest: Duration
    /// The server's time limit for one statement.
    public var statementTimeout: Duration
    /// How long a server may be silent while an answer is due, before its connection is given up. Longer than
    /// ``statementTimeout``, after which a healthy server answers.
    public var longestSilence: Duration
    /// How often changes of runs are folded into counts; nil where other nodes do so.
    public var foldInterval: Duration?
    /// How long one look-up in an index of texts may take. A word that takes longer is searched for in the newest runs.
    public var lookUpTime: Duration
    /// The limits of reads from standbys. A test of a dying standby lifts them, so that a slow one is not mistaken for a dead
    /// one.
    var replicas = ReplicaLimits()

    /// The usual ``lookUpTime``.
    public static let usualLookUpTime = Duration.milliseconds(20)
    /// Most methods that wait for a connection; more fail at once.
    public static let longestQueue = 1_000
    /// Most prepared statements with reused plans in a session. When it is reached, all are prepared again.
    public static let preparedStatements = 200
    /// How often a method is tried when its connection is lost or the server reports a deadlock.
    public static let tries = 4
    /// The pause after the first failed attempt to connect. It doubles each time.
    public static let firstPause = Duration.milliseconds(50)
    /// The longest pause between attempts to connect.
    public static let longestPause = Duration.seconds(2)
    /// How long connecting to one address of the server may take.
    public static let connectTimeout = Duration.seconds(5)
    /// How long a statement that changes the schema may take: it may wait for locks and build indexes.
    public static let schemaTimeout = Duration.seconds(3_600)
    /// How many months ahead partitions are created.
    public static let monthsAhead = 2
    /// Most changes that are folded in one transaction.
    public static let changesAtOnce = 20_000
    /// Changes folded in a row after which their table is vacuumed at once.
    public static let changesToCleanUp = 100_000
    /// How often partitions are checked.
    public static let partitionInterval = Duration.seconds(3_600)

    public init(
        connections: Int = 10, applicationName: String = "weir", patience: Duration = .seconds(5),
        longestRequest: Duration = .seconds(8), statementTimeout: Duration = .seconds(6), longestSilence: Duration = .seconds(8),
        foldInterval: Duration? = .seconds(1), lookUpTime: Duration = usualLookUpTime
    ) {
        self.connections = max(1, connections)
        self.applicationName = applicationName
        self.patience = patience
        self.longestRequest = longestRequest
        self.statementTimeout = statementTimeout
        self.longestSilence = longestSilence
        self.foldInterval = foldInterval
        self.lookUpTime = lookUpTime
    }
}
