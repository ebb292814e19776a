/// Words that a search looks for in the texts of a run: its name, its id, the id of its workflow, the message of its
/// error, and the values of its parameters.
///
/// Case is ignored, and so is the form in which Unicode writes a character. `%`, `_` and quotes have no meaning of their own.
public struct RunWords: Hashable, Sendable {
    /// Characters of a word.
    public static let characters = 2...200
    /// Bytes of a word. A character may have any number of them.
    public static let longestWord = 1_600
    /// The bounds of a word, for messages.
    public static let accepted = """
        a text of \(characters.lowerBound) to \(characters.upperBound) characters and at most \(longestWord) bytes, without NUL
        """

    /// Each occurs in one of the texts.
    public private(set) var included: Set<SearchWord> = []
    /// None occurs in any of the texts.
    public private(set) var excluded: Set<SearchWord> = []

    public init() {}

    public var isEmpty: Bool { included.isEmpty && excluded.isEmpty }

    /// Roughly the time that the words take in a text, in those of one plain word.
    public var weight: Int { (included.map(\.weight) + excluded.map(\.weight)).reduce(0, +) }

    public mutating func include(_ word: SearchWord) { included.insert(word) }
    public mutating func exclude(_ word: SearchWord) { excluded.insert(word) }

    public func matches(_ run: WorkflowRun) -> Bool {
        matches(
            name: run.name, id: run.id.rawValue, configuration: run.origin.configuration, message: run.error?.message,
            parameters: run.origin.parameters)
    }

    public func matches(
        name: String, id: String, configuration: String?, message: String?, parameters: RunParameters = RunParameters()
    ) -> Bool {
        guard !isEmpty else { return true }
        let values = parameters.isEmpty ? [] : parameters.searchedTexts
        // No array of all texts: a search looks at thousands of runs.
        func occurs(_ word: SearchWord) -> Bool {
            word.occurs(in: name) || word.occurs(in: id) || configuration.map(word.occurs) ?? false
                || message.map(word.occurs) ?? false || values.contains(where: word.occurs)
        }
        return included.allSatisfy(occurs) && !excluded.contains(where: occurs)
    }
}
