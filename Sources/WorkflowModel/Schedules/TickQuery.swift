/// A request for a page of a configuration's ticks, newest first.
public struct TickQuery: Hashable, Sendable {
    public var tenant: Tenant
    public var configuration: String
    /// nil for the ticks of all its schedules.
    public var schedule: String?
    /// Applies to nominal times.
    public var window: TimeWindow
    public var limit: Int
    /// The end of the previous page.
    public var after: TickPlace?

    public init(
        tenant: Tenant, configuration: String, schedule: String? = nil, window: TimeWindow = TimeWindow(), limit: Int = 100,
        after: TickPlace? = nil
    ) {
        self.tenant = tenant
        self.configuration = configuration
        self.schedule = schedule
        self.window = window
        self.limit = limit
        self.after = after
    }
}

public struct TickPage: Hashable, Sendable {
    public var ticks: [ScheduleTick]
    /// nil on the last page.
    public var next: TickPlace?

    public init(ticks: [ScheduleTick], next: TickPlace?) {
        self.ticks = ticks
        self.next = next
    }

    /// Drops the extra tick that was only read to know whether another page follows.
    package init(reading ticks: [ScheduleTick], limit: Int) {
        self.ticks = Array(ticks.prefix(limit))
        next = ticks.count > limit ? self.ticks.last?.place : nil
    }
}
