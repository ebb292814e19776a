/// How many runs of a tenant something is about.
public struct TenantRunCount: Hashable, Sendable {
    public var tenant: Tenant
    public var runs: Int

    public init(tenant: Tenant, runs: Int) {
        self.tenant = tenant
        self.runs = runs
    }
}

/// What a step of retention did, and where the next one goes on.
public struct RetentionStep: Hashable, Sendable {
    public var deletedRuns: Int
    /// Whole months that went at once, in stores that keep months apart. Their runs count as deleted ones.
    public var droppedMonths: Int
    /// nil when nothing is left to be done.
    public var next: RetentionPlace?

    public init(deletedRuns: Int, droppedMonths: Int = 0, next: RetentionPlace?) {
        self.deletedRuns = deletedRuns
        self.droppedMonths = droppedMonths
        self.next = next
    }
}

/// How far retention has come, in a form that only the store which made it reads.
public struct RetentionPlace: Hashable, Sendable {
    public var text: String

    public init(text: String) {
        self.text = text
    }
}
