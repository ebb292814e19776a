package import WorkflowModel

/// The runs and statistics that retention found, and those that it deleted.
package struct RetentionReport: Hashable, Sendable {
    /// nil when no age of runs was given.
    package var runs: Runs?
    /// nil when no age of statistics was given.
    package var statistics: Statistics?
    /// Events of the audit log that were deleted, or that a dry run found.
    package var events = 0

    package init(runs: Runs? = nil, statistics: Statistics? = nil) {
        self.runs = runs
        self.statistics = statistics
    }

    package struct Runs: Hashable, Sendable {
        package var cutoff: Timestamp
        /// The runs to delete when retention began, by tenant.
        package var tenants: [TenantRunCount]
        /// nil for a dry run.
        package var totals: RetentionTotals?

        package init(cutoff: Timestamp, tenants: [TenantRunCount], totals: RetentionTotals? = nil) {
            self.cutoff = cutoff
            self.tenants = tenants
            self.totals = totals
        }

        package var found: Int { tenants.reduce(0) { $0 + $1.runs } }
    }

    package struct Statistics: Hashable, Sendable {
        /// The first day whose statistics stay.
        package var day: Timestamp
        /// The statistics to delete when retention began.
        package var found: Int
        /// nil for a dry run.
        package var deleted: Int?

        package init(day: Timestamp, found: Int, deleted: Int? = nil) {
            self.day = day
            self.found = found
            self.deleted = deleted
        }
    }
}
