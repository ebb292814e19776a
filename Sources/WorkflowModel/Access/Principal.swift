/// The author of a request: an API key, or the person named by an imported run.
public struct Principal: Hashable, Sendable {
    @Exact public var id: String
    @Exact public var name: String
    @Exact public var email: String?

    public init(id: String, name: String, email: String? = nil) {
        self.id = id
        self.name = name
        self.email = email
    }

    /// The author of runs that schedules start.
    public static let schedule = Principal(id: "weir.schedule", name: "Automated workflow")
    /// The author of runs that triggers start.
    public static let trigger = Principal(id: "weir.trigger", name: "Automated workflow")
}

/// The permissions of a key. ``includes(_:)`` compares policies. They have no single order, because an issuer reads nothing.
public enum AccessPolicy: String, CaseIterable, Sendable {
    /// Reads.
    case viewer
    /// Reads, starts and stops runs.
    case `operator`
    /// Everything, including keys and configurations.
    case admin
    /// Issues access tokens for keys of its tenant, and nothing else.
    case issuer

    /// Whether a key with this policy may do what requires `needed`.
    public func includes(_ needed: AccessPolicy) -> Bool {
        switch (self, needed) {
        case (.admin, _), (.viewer, .viewer), (.operator, .viewer), (.operator, .operator), (.issuer, .issuer): true
        case (.viewer, .operator), (.viewer, .admin), (.viewer, .issuer), (.operator, .admin), (.operator, .issuer),
            (.issuer, .viewer), (.issuer, .operator), (.issuer, .admin):
            false
        }
    }

    /// The policies that include this one, for messages: "viewer, operator or admin".
    public var acceptedNames: String {
        let names = Self.allCases.filter { $0.includes(self) }.map(\.rawValue)
        return names.dropLast().isEmpty ? rawValue : names.dropLast().joined(separator: ", ") + " or " + names[names.count - 1]
    }

    /// The names of all policies, for messages.
    public static var names: String {
        allCases.map(\.rawValue).joined(separator: ", ")
    }
}
