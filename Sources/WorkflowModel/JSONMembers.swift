/// The members of a JSON object in their order. Names are compared by their bytes and are unique.
public struct JSONMembers: Sendable, Sequence, ExpressibleByDictionaryLiteral {
    private var members: [(name: String, value: JSONValue)] = []
    private var places: [ExactText: Int] = [:]

    public init() {}

    /// Sorted by name.
    public init(_ members: [String: JSONValue]) {
        for member in members.sorted(by: { $0.key.precedesByBytes($1.key) }) { add(member.key, member.value) }
    }

    /// Of several members with one name, the first one counts.
    public init(dictionaryLiteral members: (String, JSONValue)...) {
        for member in members { add(member.0, member.1) }
    }

    public var count: Int { members.count }
    public var isEmpty: Bool { members.isEmpty }
    public var keys: [String] { members.map(\.name) }
    public var values: [JSONValue] { members.map(\.value) }

    public subscript(name: String) -> JSONValue? {
        places[name].map { members[$0].value }
    }

    public func makeIterator() -> AnyIterator<(name: String, value: JSONValue)> {
        var place = 0
        return AnyIterator {
            guard place < members.count else { return nil }
            defer { place += 1 }
            return members[place]
        }
    }

    /// - Returns: false when the name exists already.
    @discardableResult
    public mutating func add(_ name: String, _ value: JSONValue) -> Bool {
        guard places[name] == nil else { return false }
        places[name] = members.count
        members.append((name, value))
        return true
    }
}

extension JSONMembers {
    /// Adds the members whose names are not taken, in their order.
    mutating func add(contentsOf others: JSONMembers) {
        for member in others { add(member.name, member.value) }
    }
}

/// Objects with the same members in different order are equal.
extension JSONMembers: Hashable {
    public static func == (left: JSONMembers, right: JSONMembers) -> Bool {
        left.count == right.count && left.allSatisfy { right[$0.name] == $0.value }
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(Set(places.keys))
    }
}
