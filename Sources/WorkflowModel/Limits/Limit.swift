/// A concurrency limit of a tenant.
///
/// Usage is derived from the leases of workers and the runs under way. There is no counter that a crash could leave wrong.
public enum Limit: Hashable, Sendable {
    /// The tenant's tasks that workers execute.
    case tasks
    /// The runs of a configuration that have started.
    case runs(of: String)
    /// The units of a resource held by tasks that workers execute.
    case resource(String)
}

extension Limit: RawRepresentable {
    public init?(rawValue: String) {
        if rawValue == "tasks" {
            self = .tasks
            return
        }
        let parts = rawValue.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        switch parts[0] {
        case "runs": self = .runs(of: parts[1])
        case "resource": self = .resource(parts[1])
        default: return nil
        }
    }

    public var rawValue: String {
        switch self {
        case .tasks: "tasks"
        case .runs(let configuration): "runs:\(configuration)"
        case .resource(let name): "resource:\(name)"
        }
    }
}

/// The queue of a limit, in which tasks wait for a slot without blocking others.
public struct LimitQueue: Hashable, Sendable {
    public var limit: Limit
    /// Whether the task demands more than the size of the limit, so that no freed slot is enough.
    public var exceedsSize: Bool

    public init(_ limit: Limit, exceedsSize: Bool = false) {
        self.limit = limit
        self.exceedsSize = exceedsSize
    }
}

extension LimitQueue: RawRepresentable {
    private static let beyond = "beyond:"

    public init?(rawValue: String) {
        let exceedsSize = rawValue.hasPrefix(Self.beyond)
        guard let limit = Limit(rawValue: exceedsSize ? String(rawValue.dropFirst(Self.beyond.count)) : rawValue) else {
            return nil
        }
        self.init(limit, exceedsSize: exceedsSize)
    }

    public var rawValue: String { (exceedsSize ? Self.beyond : "") + limit.rawValue }
}

/// The slots and units that a task needs, by limit.
public struct LimitDemand: Sendable {
    public private(set) var units: [(limit: Limit, units: Int)]

    /// The units of resources alone, which a task holds that waits for work outside.
    package init(unitsOf uses: [String: Int]) {
        units = uses.sorted { $0.key < $1.key }.map { (limit: Limit.resource($0.key), units: $0.value) }
    }

    /// - Parameters:
    ///   - uses: units of resources, by name.
    ///   - configuration: the configuration of the run when the run has not started yet; nil when it has.
    public init(uses: [String: Int], startingRunOf configuration: String?) {
        let resources = uses.sorted { $0.key < $1.key }.map { (limit: Limit.resource($0.key), units: $0.value) }
        let runs = configuration.map { [(limit: Limit.runs(of: $0), units: 1)] } ?? []
        units = [(limit: .tasks, units: 1)] + runs + resources
    }
}
