/// The values that expressions name.
public protocol SubstitutionValues {
    /// - Returns: ``JSONValue/null`` for a value that the run does not have, such as the range of a run without one.
    /// - Throws: ``MissingValue`` for a value that should be there.
    func value(of reference: Reference) throws(MissingValue) -> JSONValue
}

/// A value that an expression names, and that is not there when it is needed.
public struct MissingValue: Error, Hashable, Sendable {
    public var reference: Reference
    /// Follows the reference: `is not among the outputs of …`. Without a full stop.
    public var reason: String

    /// For the person who wrote the configuration.
    public var sentence: String { "\(reference.quoted) \(reason)." }
}

/// The part of a run that expressions can name: `run.id` and others.
public struct RunContext: Hashable, Sendable {
    public var id: RunID
    public var tenant: String
    public var configuration: String
    /// The title of the workflow.
    public var name: String
    public var createdAt: Timestamp
    public var mode: RunMode
    public var range: TimeWindow?
    public var scheduledFor: Timestamp?

    public init(
        id: RunID, tenant: String, configuration: String, name: String, createdAt: Timestamp, mode: RunMode,
        range: TimeWindow? = nil, scheduledFor: Timestamp? = nil
    ) {
        self.id = id
        self.tenant = tenant
        self.configuration = configuration
        self.name = name
        self.createdAt = createdAt
        self.mode = mode
        self.range = range
        self.scheduledFor = scheduledFor
    }

    /// The names behind `run.`.
    public enum Name: String, CaseIterable, Sendable {
        case id
        case tenant
        case configuration = "config_id"
        case name
        case createdAt = "created_at"
        case mode = "run_mode"
        case rangeFrom = "range_from"
        case rangeTo = "range_to"
        case scheduledFor = "scheduled_for"
    }

    /// Null for a value that the run does not have.
    public subscript(name: Name) -> JSONValue {
        switch name {
        case .id: .string(id.rawValue)
        case .tenant: .string(tenant)
        case .configuration: .string(configuration)
        case .name: .string(self.name)
        case .createdAt: .string(createdAt.iso8601)
        case .mode: .string(mode.rawValue)
        case .rangeFrom: Self.value(range?.from)
        case .rangeTo: Self.value(range?.to)
        case .scheduledFor: Self.value(scheduledFor)
        }
    }

    private static func value(_ instant: Timestamp?) -> JSONValue {
        instant.map { .string($0.iso8601) } ?? .null
    }
}

/// Defaults of parameters, and the parameters of schedules, name values of the run only.
extension RunContext: SubstitutionValues {
    public func value(of reference: Reference) throws(MissingValue) -> JSONValue {
        guard reference.root == .run, reference.steps.count == 1, let name = Name(rawValue: reference.name) else {
            throw MissingValue(reference: reference, reason: "is not a value of the run")
        }
        return self[name]
    }
}

extension JSONTemplate {
    /// The value in a run; nil when it is one that the run does not have, so that nothing is given.
    func value(in run: RunContext) -> JSONValue? {
        if case .text(let text) = self, text.references.contains(where: { (try? run.value(of: $0)) ?? .null == .null }) {
            return nil
        }
        return try? value(from: run)
    }
}
