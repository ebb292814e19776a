/// Everything the service remembers, by role. A store implements all roles; a caller asks for the narrowest it needs.
///
/// - Each method is one transaction; when it returns, its changes are on disk.
/// - A method belongs to one tenant, unless its name ends in `OfAllTenants` (for workers and operators) or it
///   takes the id of a key, which is unique across tenants.
/// - No method reads a clock or makes randomness. All of them throw ``StoreError``.
public protocol WorkflowStore: RunStore, RunListStore, StatisticsStore, ViewStore, NoteStore, TaskStore, WorkStore,
    ConfigurationStore, ScheduleStore, PauseStore, TriggerStore, KeyStore, TenantStore, SecretStore, AlertStore, AlertOutbox,
    SubscriptionStore,
    BulkStore,
    AuditLog, MaintenanceStore, StoreConnection
{}
