/// The events that a receiver is notified of.
public struct AlertRule: Hashable, Sendable {
    /// Empty for no events.
    public var events: Set<AlertEvent>
    /// The attribution that a failed run must have; nil for any. Has no effect on other events.
    public var attribution: Attribution?
    /// Only runs of these types; empty for all types.
    @Exact public var types: [String]
    /// Only runs of these configurations; empty for all configurations.
    @Exact public var configurations: [String]

    public init(
        events: Set<AlertEvent>, attribution: Attribution? = nil, types: [String] = [], configurations: [String] = []
    ) {
        self.events = events
        self.attribution = attribution
        self.types = types
        self.configurations = configurations
    }

    public func covers(_ matter: AlertMatter) -> Bool {
        guard events.contains(matter.event), types.isEmpty || types.containsExactly(matter.type),
            configurations.isEmpty || configurations.containsExactly(matter.configuration)
        else { return false }
        return matter.event != .failed || attribution == nil || attribution == matter.attribution
    }
}

extension AlertRule {
    /// Whether it covers any event of a workflow, perhaps only failures with one attribution.
    public func tells(of configuration: String, type: String) -> Bool {
        !events.isEmpty && (types.isEmpty || types.containsExactly(type))
            && (configurations.isEmpty || configurations.containsExactly(configuration))
    }
}

/// An event with the properties that rules check.
public struct AlertMatter: Hashable, Sendable {
    public var event: AlertEvent
    public var subject: AlertSubject
    /// The name of the run.
    public var title: String
    public var configuration: String
    public var type: String
    /// The attribution of the error; nil without an error.
    public var attribution: Attribution?
    public var occurredAt: Timestamp
    /// When receivers may be notified. Earlier than ``occurredAt`` when the clock was set back in between.
    public var dueAt: Timestamp

    public init(
        _ event: AlertEvent, of subject: AlertSubject, title: String, configuration: String, type: String,
        attribution: Attribution? = nil, at occurredAt: Timestamp, dueAt: Timestamp? = nil
    ) {
        self.event = event
        self.subject = subject
        self.title = title
        self.configuration = configuration
        self.type = type
        self.attribution = attribution
        self.occurredAt = occurredAt
        self.dueAt = dueAt ?? occurredAt
    }
}

/// The run or the tick that an alert is about.
public enum AlertSubject: Hashable, Sendable {
    case run(RunID)
    /// The nominal time of a missed tick.
    case tick(schedule: String, nominal: Timestamp)

    /// nil when the alert is about a tick.
    package var run: RunID? {
        if case .run(let id) = self { id } else { nil }
    }

    /// nil when the alert is about a run.
    package var tick: (schedule: String, nominal: Timestamp)? {
        if case .tick(let schedule, let nominal) = self { (schedule, nominal) } else { nil }
    }
}

/// A rule and its receiver: the receiver's own rule, or a rule of a configuration.
public struct AlertRoute: Hashable, Sendable {
    public var receiver: String
    public var rule: AlertRule

    public init(to receiver: String, when rule: AlertRule) {
        self.receiver = receiver
        self.rule = rule
    }
}

extension [AlertRoute] {
    /// The receivers whose rules match, each once, by name.
    public func receivers(for matter: AlertMatter) -> [String] {
        Set(filter { $0.rule.covers(matter) }.map(\.receiver)).sorted()
    }
}

/// The alert rules of a configuration, for its own runs only.
public struct ConfigurationAlerts: Hashable, Sendable {
    public var tenant: Tenant
    public var configuration: String
    /// In the order of the configuration's `alerts`.
    public var routes: [AlertRoute]

    public init(tenant: Tenant, configuration: String, routes: [AlertRoute]) {
        self.tenant = tenant
        self.configuration = configuration
        self.routes = routes
    }
}

extension [ConfigurationAlerts] {
    /// - Parameter rules: sorted by configuration.
    package init(_ rules: [(configuration: String, route: AlertRoute)], of tenant: Tenant) {
        self = []
        for (configuration, route) in rules {
            if last?.configuration == configuration {
                self[count - 1].routes.append(route)
            } else {
                append(ConfigurationAlerts(tenant: tenant, configuration: configuration, routes: [route]))
            }
        }
    }
}
