/// A member and the type that the reader turns its value into.
struct Member<Value: Sendable>: DescribedMember {
    let description: ConfigurationMember
    let kind: MemberKind<Value>

    /// - Parameter otherwise: what it means when the member is left out, in words.
    init(
        _ name: String, _ kind: MemberKind<Value>, isRequired: Bool = false, otherwise: String? = nil, _ about: String,
        example: String
    ) {
        self.init(
            name, kind, isRequired: isRequired, standard: otherwise.map(MemberDefault.words), about, example: example)
    }

    fileprivate init(
        _ name: String, _ kind: MemberKind<Value>, isRequired: Bool, standard: MemberDefault?, _ about: String, example: String
    ) {
        self.kind = kind
        description = ConfigurationMember(
            name: name, shape: kind.shape, isRequired: isRequired, standard: standard, about: about, example: example)
    }
}

/// A member that has a value even when it is left out.
struct DefaultedMember<Value: Sendable>: DescribedMember {
    let member: Member<Value>
    let standard: Value

    var description: ConfigurationMember { member.description }

    init(_ name: String, _ kind: MemberKind<Value>, default standard: Value, _ about: String, example: String) {
        self.standard = standard
        member = Member(
            name, kind, isRequired: false, standard: .value(kind.written(standard)), about, example: example)
    }
}

/// How a value of a certain type is written, and how it is read.
struct MemberKind<Value: Sendable>: Sendable {
    let shape: MemberShape
    /// The accepted values, for the message that the member is missing.
    let accepted: String
    /// Reads the node of a member of that name; complains and returns nil when the node is something else.
    let read: @Sendable (_ node: SourceNode, _ name: String, _ members: MemberReader) -> Value?
    /// The value as a configuration writes it.
    let written: @Sendable (Value) -> JSONValue
}

extension MemberReader {
    /// The value of a member; nil when it is not there or is refused. A required member that is missing is complained of.
    subscript<Value>(member: Member<Value>) -> Value? {
        let node = member.description.isRequired ? require(member) : node(member)
        return node.flatMap { member.kind.read($0, member.name, self) }
    }

    /// The value of a member, or its default.
    subscript<Value>(member: DefaultedMember<Value>) -> Value {
        self[member.member] ?? member.standard
    }

    /// The node of a required member.
    func require<Value>(_ member: Member<Value>) -> SourceNode? {
        require(member, member.kind.accepted)
    }
}
