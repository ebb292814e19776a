/// Imports, deletes and verifies the data of all tenants, for the operator.
public protocol MaintenanceStore: Sendable {
    /// Adds all runs of a batch or none. Runs whose id exists already stay unchanged.
    ///
    /// An imported run may name a workflow of this service. Filters and facets find it by that; schedules, limits, reruns,
    /// ``RunListStore/latestRuns(ofEach:of:limit:)`` and ``RunStore/lastSuccessfulRun(of:tenant:after:)`` do not count it.
    func importRuns(_ runs: [ImportedRun], into tenant: Tenant) async throws -> ImportOutcome

    /// How many runs have ended and were created before `cutoff`, by tenant; tenants without any are left out.
    func endedRunsOfAllTenants(createdBefore cutoff: Timestamp) async throws -> [TenantRunCount]

    /// Deletes a few runs that have ended and were created before `cutoff`, with their tasks, attempts, output and idempotency
    /// keys. Types and principals stay: they are few, and configurations use them too.
    ///
    /// A step is small, so that it delays no other transaction for long. A run with very much output takes several steps; the
    /// last of them deletes the run itself.
    /// - Parameters:
    ///   - place: where to go on; nil to begin. Runs that end behind it meanwhile are left for the next pass.
    ///   - isCounting: whether the deleted runs are added to the statistics, in the transaction that deletes them.
    func deleteEndedRunsOfAllTenants(
        createdBefore cutoff: Timestamp, from place: RetentionPlace?, addingToStatistics isCounting: Bool
    ) async throws -> RetentionStep

    /// How many statistics are of days that begin before `day`.
    func statisticsOfAllTenants(before day: Timestamp) async throws -> Int

    /// Deletes a few statistics of days that begin before `day`.
    /// - Returns: how many were deleted; 0 when none is left.
    func deleteStatisticsOfAllTenants(before day: Timestamp) async throws -> Int

    /// Verifies derived data (counts, the queue, ended runs, indexes) against the runs. Reads everything, while other
    /// transactions go on.
    ///
    /// - Parameter isRepairing: whether to repair what can be repaired. Nothing else is written meanwhile.
    /// - Returns: the differences found, repaired or not; empty when there is none.
    func checkOfAllTenants(repairing isRepairing: Bool, at now: Timestamp) async throws -> [StoreFinding]
}

/// A number of runs of a tenant.
public struct TenantRunCount: Hashable, Sendable {
    public var tenant: Tenant
    public var runs: Int

    public init(tenant: Tenant, runs: Int) {
        self.tenant = tenant
        self.runs = runs
    }
}

/// The result of one step of retention, and where the next step goes on.
public struct RetentionStep: Hashable, Sendable {
    public var deletedRuns: Int
    /// Whole months that were dropped at once, in stores with a partition per month. Their runs count as deleted.
    public var droppedMonths: Int
    /// nil when nothing is left to delete.
    public var next: RetentionPlace?

    public init(deletedRuns: Int, droppedMonths: Int = 0, next: RetentionPlace?) {
        self.deletedRuns = deletedRuns
        self.droppedMonths = droppedMonths
        self.next = next
    }
}

/// The progress of retention, in a form that only the store that made it reads.
public struct RetentionPlace: Hashable, Sendable {
    public var text: String

    public init(text: String) {
        self.text = text
    }
}
