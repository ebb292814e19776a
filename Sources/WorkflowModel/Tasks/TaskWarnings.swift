/// The warnings of a task that succeeded: texts for people about a result that needs a look.
///
/// A command leaves them in the member `warnings` of its outputs.
public struct TaskWarnings: Hashable, Sendable {
    /// Warnings of a task.
    public static let most = 100
    /// Bytes of a warning.
    public static let longestText = 4_096

    /// The accepted form, for messages.
    public static let accepted = "a list of at most \(most) texts, each of 1 to \(longestText) bytes"

    /// In the order of the task.
    @Exact public private(set) var texts: [String]

    public init() {
        texts = []
    }

    /// - Throws: ``TaskWarningsError`` for too many texts, and for one that is empty or too long.
    public init(_ texts: [String]) throws(TaskWarningsError) {
        guard texts.count <= Self.most else { throw .tooMany(texts.count) }
        for (place, text) in texts.enumerated() {
            guard text.hasSomethingVisible else { throw .empty(number: place + 1) }
            guard text.utf8.count <= Self.longestText else { throw .tooLong(number: place + 1, bytes: text.utf8.count) }
        }
        self.texts = texts
    }

    /// Reads the member `warnings` of outputs. Terminal sequences and control characters are removed from texts.
    /// - Throws: ``TaskWarningsError``
    public init(_ value: JSONValue) throws(TaskWarningsError) {
        // Many programs write a missing value as null.
        if value == .null {
            self.init()
            return
        }
        guard case .array(let items) = value else { throw .noList }
        guard items.count <= Self.most else { throw .tooMany(items.count) }
        var texts: [String] = []
        for (place, item) in items.enumerated() {
            guard let text = item.string else { throw .noText(number: place + 1) }
            texts.append(TerminalText.plain(text))
        }
        try self.init(texts)
    }

    public var count: Int { texts.count }
    public var isEmpty: Bool { texts.isEmpty }
}

/// Why a value is not the warnings of a task.
public enum TaskWarningsError: Error, Hashable, Sendable {
    case noList
    case tooMany(Int)
    // The number of an item counts from 1.
    case noText(number: Int)
    case empty(number: Int)
    case tooLong(number: Int, bytes: Int)

    /// The end of a sentence about the warnings.
    public var problem: String {
        switch self {
        case .noList: "are not a list"
        case .tooMany(let count): "are \(count) texts"
        case .noText(let number): "have an item that is not a text: number \(number)"
        case .empty(let number): "have an item without visible characters: number \(number)"
        case .tooLong(let number, let bytes): "have an item of \(bytes) bytes: number \(number)"
        }
    }
}

// MARK: As stores keep them

extension TaskWarnings {
    /// A JSON array; nil without warnings.
    package var storedText: String? {
        isEmpty ? nil : JSONValue.array(texts.map(JSONValue.string)).text
    }

    /// - Returns: nil for a text that ``storedText`` has not written.
    package init?(storedText: String) {
        guard case .array(let items)? = JSONValue(json: storedText.utf8) else { return nil }
        let texts = items.compactMap(\.string)
        guard texts.count == items.count else { return nil }
        self.texts = texts
    }
}
