public import WorkflowModel

/// The roles of a store that the server needs. Each can be another object: a test replaces only the role that it observes.
public struct ServerStores: Sendable {
    public var runs: any RunStore
    public var lists: any RunListStore
    public var statistics: any StatisticsStore
    public var views: any ViewStore
    public var tasks: any TaskStore
    public var configurations: any ConfigurationStore
    public var schedules: any ScheduleStore
    public var keys: any KeyStore
    public var tenants: any TenantStore
    public var alerts: any AlertStore
    public var audit: any AuditLog
    public var connection: any StoreConnection

    /// All roles of one store.
    public init(_ store: any WorkflowStore) {
        runs = store
        lists = store
        statistics = store
        views = store
        tasks = store
        configurations = store
        schedules = store
        keys = store
        tenants = store
        alerts = store
        audit = store
        connection = store
    }
}
