/// The names behind `response.`.
public enum ResponseName: String, CaseIterable, Sendable {
    case status
    case headers
    case body
}

/// Values of the reply that started a job: those that the following calls name, and no others.
public struct ResponseValues: Hashable, Sendable {
    /// Bytes of the values together.
    public static let longest = 16_384

    /// By the expression that names it.
    private let values: JSONMembers

    /// Picks values from a reply.
    /// - Parameter reply: an object with `status`, `headers` and `body`.
    /// - Throws: ``MissingValue`` for a value that the reply does not have.
    public init(naming references: [Reference], in reply: JSONValue) throws(MissingValue) {
        var values = JSONMembers()
        for reference in references where reference.root == .response {
            guard let start = reply[reference.name] else {
                throw MissingValue(reference: reference, reason: "is not there: the reply has no \(reference.name.quoted)")
            }
            values.add(reference.description, try start.member(reference))
        }
        self.values = values
    }

    /// As ``json`` has it.
    public init(json: JSONValue?) {
        if case .object(let members)? = json { values = members } else { values = JSONMembers() }
    }

    public var json: JSONValue { .object(values) }

    func value(of reference: Reference) throws(MissingValue) -> JSONValue {
        guard let value = values[reference.description] else {
            throw MissingValue(reference: reference, reason: "was not kept of the reply")
        }
        return value
    }
}
