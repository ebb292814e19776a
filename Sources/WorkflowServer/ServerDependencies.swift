public import Logging
public import WorkflowModel
package import WorkflowOperations

/// The dependencies of the server.
public struct ServerDependencies: Sendable {
    public var stores: ServerStores
    public var time: any TimeSource
    /// Has to be good enough for secrets.
    public var random: any RandomSource
    /// The time zones of schedules.
    public var zones: any ScheduleZones
    public var settings: ServerSettings
    /// Counts requests against the rate limits of tenants.
    public var buckets: any RequestBuckets
    public var logger: Logger
    /// Finds the addresses of receivers of alerts.
    public var lookup: any AddressLookup = NoAddressLookup()
    /// Tests receivers of alerts.
    public var receiverTester: any ReceiverTester = NoReceiverTester()
    /// Sets secrets. By default without a key, so that none can be set.
    package var secrets: SecretVault
    /// Links that sign in once. The program that runs the server may create some.
    public var signInLinks = SignInLinks()

    public init(
        store: any WorkflowStore, time: any TimeSource, random: any RandomSource, zones: any ScheduleZones,
        settings: ServerSettings = ServerSettings(), buckets: any RequestBuckets = LocalRequestBuckets(), logger: Logger
    ) {
        stores = ServerStores(store)
        secrets = SecretVault(store: store, file: nil, time: time, random: random)
        self.buckets = buckets
        self.time = time
        self.random = random
        self.zones = zones
        self.settings = settings
        self.logger = logger
    }
}

/// The settings of the server.
public struct ServerSettings: Hashable, Sendable {
    /// A host `{tenant}.{domain}` names the tenant.
    public var domain: String
    /// Requests per second of a tenant without its own setting; 0 for no limit.
    public var rateLimit: Int
    /// The lifetime of an access token.
    public var tokenLifetime: Duration
    /// The lifetime of a session of the pages.
    public var sessionLifetime: Duration
    /// The addresses that alerts may be sent to.
    public var alertAddresses = AddressPolicy()
    public var connections = ConnectionLimits()
    /// The time in the store that one request for a list, for counts or for a page of an export may cause; within
    /// ``SearchBudget/times``.
    public var searchTime = SearchBudget.standard.time

    public init(
        domain: String = "localhost", rateLimit: Int = 10, tokenLifetime: Duration = .seconds(3_600),
        sessionLifetime: Duration = .seconds(12 * 3_600)
    ) {
        self.domain = domain
        self.rateLimit = rateLimit
        self.tokenLifetime = tokenLifetime
        self.sessionLifetime = sessionLifetime
    }
}
