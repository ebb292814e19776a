package import WorkflowModel

/// The runs that retention found, and those that it deleted.
package struct RetentionReport: Hashable, Sendable {
    package var cutoff: Timestamp
    /// The runs to delete when retention began, by tenant.
    package var tenants: [TenantRunCount]
    /// nil for a dry run.
    package var totals: RetentionTotals?
    /// Events of the audit log that were deleted, or that a dry run found.
    package var events = 0

    package init(cutoff: Timestamp, tenants: [TenantRunCount], totals: RetentionTotals? = nil) {
        self.cutoff = cutoff
        self.tenants = tenants
        self.totals = totals
    }

    package var found: Int { tenants.reduce(0) { $0 + $1.runs } }
}
