/// A statistic of deleted runs.
public struct TransferredStatistic: Hashable, Sendable {
    public var tenant: Tenant
    public var statistic: RunStatistic

    public init(tenant: Tenant, statistic: RunStatistic) {
        self.tenant = tenant
        self.statistic = statistic
    }
}
