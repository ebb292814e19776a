public import WorkflowModel

/// The roles of a store that the server needs. Each can be another object: a test replaces only the role that it observes.
public struct ServerStores: Sendable {
    public var runs: any RunStore
    public var lists: any RunListStore
    public var statistics: any StatisticsStore
    public var views: any ViewStore
    public var notes: any NoteStore
    public var tasks: any TaskStore
    public var configurations: any ConfigurationStore
    public var schedules: any ScheduleStore
    public var pauses: any PauseStore
    public var triggers: any TriggerStore
    public var keys: any KeyStore
    public var tenants: any TenantStore
    public var secrets: any SecretStore
    public var alerts: any AlertStore
    public var subscriptions: any SubscriptionStore
    public var bulk: any BulkStore
    public var audit: any AuditLog
    public var connection: any StoreConnection
    /// nil when the store files nothing.
    public var filing: (any RunFiling)?

    /// All roles of one store.
    public init(_ store: any WorkflowStore) {
        runs = store
        lists = store
        statistics = store
        views = store
        notes = store
        tasks = store
        configurations = store
        schedules = store
        pauses = store
        triggers = store
        keys = store
        tenants = store
        secrets = store
        alerts = store
        subscriptions = store
        bulk = store
        audit = store
        connection = store
        filing = store as? any RunFiling
    }
}
