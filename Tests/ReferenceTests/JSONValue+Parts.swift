import WorkflowModel

extension JSONValue {
    /// The values of a list; none where it is something else.
    var items: [JSONValue] {
        guard case .array(let values) = self else { return [] }
        return values
    }

    /// The members of an object; none where it is something else.
    var members: [(name: String, value: JSONValue)] {
        guard case .object(let members) = self else { return [] }
        return Array(members)
    }
}

extension JSONValue? {
    var items: [JSONValue] { self?.items ?? [] }
    var members: [(name: String, value: JSONValue)] { self?.members ?? [] }
}
