/// One member of a configuration, as the reference and the JSON Schema describe it.
package struct ConfigurationMember: Sendable {
    package let name: String
    package let shape: MemberShape
    package let isRequired: Bool
    package let standard: MemberDefault?
    /// Its effect, in one or two sentences.
    package let about: String
    /// A value as YAML writes it on one line: `{attempts: 3}`.
    package let example: String
}

/// The meaning of a member that is left out.
package enum MemberDefault: Sendable {
    /// That value.
    case value(JSONValue)
    /// A value that other members decide, in words.
    case words(String)
}

/// A mapping whose members have fixed names: `retry`, or the configuration itself.
package struct ConfigurationMapping: Sendable {
    /// The word for the mapping in the reference: `task`.
    package let name: String
    /// Tells mappings of the same name apart: the schedules of a list have to have ids.
    package let key: String
    /// How the mapping is written on one line, for a message that refuses something else.
    package let example: String
    package let about: String
    package let members: [ConfigurationMember]
    package let rules: [MappingRule]
    /// The names of the members.
    let names: [String]

    init(
        _ name: String, key: String? = nil, example: String, _ about: String, _ members: [any DescribedMember],
        rules: [MappingRule] = []
    ) {
        self.name = name
        self.key = key ?? name
        self.example = example
        self.about = about
        self.members = members.map(\.description)
        self.rules = rules
        names = self.members.map(\.name)
    }

    package subscript(name: String) -> ConfigurationMember? {
        members.first { $0.name.isIdentical(to: name) }
    }
}

/// A condition between members of one mapping.
package enum MappingRule: Sendable {
    case exactlyOne([String])
    case atMostOne([String])
    /// The first member is only accepted beside the second one.
    case needs(String, String)
    /// The first member is only accepted where the second one is written with one of the values.
    case needsValue(String, of: String, in: [String])
}

/// A member in the table, whatever type its value has.
protocol DescribedMember: Sendable {
    var description: ConfigurationMember { get }
}

extension DescribedMember {
    var name: String { description.name }
}
