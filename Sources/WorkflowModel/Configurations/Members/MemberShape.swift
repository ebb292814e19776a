/// The form of a member's value.
package indirect enum MemberShape: Sendable {
    case text(TextShape)
    case whole(ClosedRange<Int>)
    case decimal(ClosedRange<Double>)
    /// `true` or `false`.
    case flag
    case choice([String])
    /// A list of at least one of the values, each once.
    case choices([String])
    case list(of: MemberShape, count: ClosedRange<Int>)
    /// One value, or a list of at least one.
    case oneOrMore(MemberShape)
    /// A mapping whose names the owner of the configuration chooses.
    case map(names: NameShape, values: MemberShape, count: Int?)
    case mapping(ConfigurationMapping)
    /// A list of any values, or one expression that names a list.
    case items
    case anything
}

/// A text of a certain form.
package struct TextShape: Sendable {
    /// The word for one value in the reference, and for several.
    package let words: String
    package let plural: String
    /// The form in words, for the reference; nil where any text is accepted.
    package let rule: String?
    /// A regular expression that every accepted text matches. It is written so that ECMAScript and Python read it alike.
    package let pattern: String?
    package let longest: Int?
    /// Whether numbers and truths are taken by their text as it was written, so that `8080` needs no quotes.
    package let takesScalars: Bool

    init(
        _ words: String, plural: String, rule: String? = nil, pattern: String? = nil, longest: Int? = nil, takesScalars: Bool = true
    ) {
        self.words = words
        self.plural = plural
        self.rule = rule
        self.pattern = pattern
        self.longest = longest
        self.takesScalars = takesScalars
    }
}

/// The names in a mapping whose names the owner of the configuration chooses.
package struct NameShape: Sendable {
    package let words: String
    package let rule: String?
    package let pattern: String
    /// A regular expression of names that are refused although they match ``pattern``.
    package let refused: String?

    init(_ words: String, rule: String? = nil, pattern: String, refused: String? = nil) {
        self.words = words
        self.rule = rule
        self.pattern = pattern
        self.refused = refused
    }
}
