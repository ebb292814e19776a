/// Who did something: an API key, or the person of an imported run.
public struct Principal: Hashable, Sendable {
    public var id: String
    public var name: String
    public var email: String?

    public init(id: String, name: String, email: String? = nil) {
        self.id = id
        self.name = name
        self.email = email
    }

    /// Who starts the runs of schedules.
    public static let schedule = Principal(id: "weir.schedule", name: "Automated workflow")
}

/// What a key may do; each includes the ones before it.
public enum AccessPolicy: String, CaseIterable, Comparable, Sendable {
    /// Read.
    case viewer
    /// Read, start, stop.
    case `operator`
    /// Everything, with keys and configurations.
    case admin

    public static func < (left: AccessPolicy, right: AccessPolicy) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .operator: 1
        case .admin: 2
        }
    }
}
