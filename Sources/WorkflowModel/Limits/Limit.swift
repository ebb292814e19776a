/// Something that a tenant has only so much of at once.
///
/// What is taken of it follows from what is under way, the leases of workers and the runs that were taken up: there is no
/// count that a crash could leave wrong.
public enum Limit: Hashable, Sendable {
    /// The tenant's tasks that workers hold.
    case tasks
    /// The runs of a configuration that are under way.
    case runs(of: String)
    /// The units of a resource that tasks use while workers hold them.
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

/// Where a task waits that a limit has no room for: it is in nobody's way there.
public struct LimitQueue: Hashable, Sendable {
    public var limit: Limit
    /// Whether it asks for more than there is altogether, so that nothing that ends would help it.
    public var isBeyond: Bool

    public init(_ limit: Limit, isBeyond: Bool = false) {
        self.limit = limit
        self.isBeyond = isBeyond
    }
}

extension LimitQueue: RawRepresentable {
    private static let beyond = "beyond:"

    public init?(rawValue: String) {
        let isBeyond = rawValue.hasPrefix(Self.beyond)
        guard let limit = Limit(rawValue: isBeyond ? String(rawValue.dropFirst(Self.beyond.count)) : rawValue) else { return nil }
        self.init(limit, isBeyond: isBeyond)
    }

    public var rawValue: String { (isBeyond ? Self.beyond : "") + limit.rawValue }
}

/// What a task needs room for, by limit.
public struct LimitDemand: Sendable {
    public private(set) var units: [(limit: Limit, units: Int)]

    /// - Parameters:
    ///   - uses: units of resources, by name.
    ///   - configuration: that of its run, when the run has not been taken up; nil when it has.
    public init(uses: [String: Int], takingUpRunOf configuration: String?) {
        let resources = uses.sorted { $0.key < $1.key }.map { (limit: Limit.resource($0.key), units: $0.value) }
        let runs = configuration.map { [(limit: Limit.runs(of: $0), units: 1)] } ?? []
        units = [(limit: .tasks, units: 1)] + runs + resources
    }
}
