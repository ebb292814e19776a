/// Of what somebody wants to be told.
public struct AlertRule: Hashable, Sendable {
    /// None: of nothing.
    public var events: Set<AlertEvent>
    /// Whose fault a failed run has to be; nil for anybody's. What did not fail is nobody's fault, and this says nothing of it.
    public var attribution: Attribution?
    /// Only runs of these types; none for all.
    public var types: [String]
    /// Only runs of these configurations; none for all.
    public var configurations: [String]

    public init(
        events: Set<AlertEvent>, attribution: Attribution? = nil, types: [String] = [], configurations: [String] = []
    ) {
        self.events = events
        self.attribution = attribution
        self.types = types
        self.configurations = configurations
    }

    public func covers(_ matter: AlertMatter) -> Bool {
        guard events.contains(matter.event), types.isEmpty || types.contains(matter.type),
            configurations.isEmpty || configurations.contains(matter.configuration)
        else { return false }
        return matter.event != .failed || attribution == nil || attribution == matter.attribution
    }
}

/// What happened, as far as rules look at it.
public struct AlertMatter: Hashable, Sendable {
    public var event: AlertEvent
    public var subject: AlertSubject
    /// What it is called: the name of the run.
    public var title: String
    public var configuration: String
    public var type: String
    /// Whose fault it is; nil when it is nobody's.
    public var attribution: Attribution?
    public var occurredAt: Timestamp

    public init(
        _ event: AlertEvent, of subject: AlertSubject, title: String, configuration: String, type: String,
        attribution: Attribution? = nil, at occurredAt: Timestamp
    ) {
        self.event = event
        self.subject = subject
        self.title = title
        self.configuration = configuration
        self.type = type
        self.attribution = attribution
        self.occurredAt = occurredAt
    }
}

/// What an alert is about.
public enum AlertSubject: Hashable, Sendable {
    case run(RunID)
    /// The time of a schedule that went by.
    case tick(schedule: String, nominal: Timestamp)
}

/// A rule and whom it tells: a receiver's own, or one of a configuration.
public struct AlertRoute: Hashable, Sendable {
    public var receiver: String
    public var rule: AlertRule

    public init(to receiver: String, when rule: AlertRule) {
        self.receiver = receiver
        self.rule = rule
    }
}

extension [AlertRoute] {
    /// Who is told, each once however many rules say so, by name.
    public func receivers(for matter: AlertMatter) -> [String] {
        Set(filter { $0.rule.covers(matter) }.map(\.receiver)).sorted()
    }
}

/// What a configuration says of whom to tell: its place in `alerts`, and the rule, which is about its own runs only.
public struct ConfigurationAlerts: Hashable, Sendable {
    public var tenant: Tenant
    public var configuration: String
    /// In the order in which they were written.
    public var routes: [AlertRoute]

    public init(tenant: Tenant, configuration: String, routes: [AlertRoute]) {
        self.tenant = tenant
        self.configuration = configuration
        self.routes = routes
    }
}
