public import Logging
public import WorkflowModel

/// What the server is handed by whoever runs it.
public struct ServerDependencies: Sendable {
    public var store: any WorkflowStore
    public var time: any TimeSource
    /// Has to be good enough for secrets.
    public var random: any RandomSource
    /// Where the zones of schedules are looked up.
    public var zones: any ScheduleZones
    public var settings: ServerSettings
    /// Where requests are counted against the limits of tenants.
    public var buckets: any RequestBuckets
    public var logger: Logger
    /// Finds the addresses of receivers of alerts.
    public var lookup: any AddressLookup = NoAddressLookup()
    /// Links that sign somebody in once; whoever runs the server may make some.
    public var signInLinks = SignInLinks()

    public init(
        store: any WorkflowStore, time: any TimeSource, random: any RandomSource, zones: any ScheduleZones,
        settings: ServerSettings = ServerSettings(), buckets: any RequestBuckets = LocalRequestBuckets(), logger: Logger
    ) {
        self.store = store
        self.buckets = buckets
        self.time = time
        self.random = random
        self.zones = zones
        self.settings = settings
        self.logger = logger
    }
}

/// What an operator decides for the server.
public struct ServerSettings: Hashable, Sendable {
    /// A host `{tenant}.{domain}` names the tenant.
    public var domain: String
    /// Requests per second of a tenant that has no setting of its own; 0 for no limit.
    public var rateLimit: Int
    /// How long an access token is good for.
    public var tokenLifetime: Duration
    /// How long somebody stays signed in to the pages.
    public var sessionLifetime: Duration
    /// Where alerts may go.
    public var alertAddresses = AddressPolicy()

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
