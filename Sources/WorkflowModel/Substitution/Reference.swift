/// The name of a value in `${…}`: `parameters.day`, `outputs.list-files.rows`, `outputs["pull.orders"].files[0]`.
public struct Reference: Hashable, Sendable {
    /// The first name.
    public enum Root: String, CaseIterable, Sendable {
        /// A parameter of the workflow.
        case parameters
        /// The outputs of a task that the task needs.
        case outputs
        /// The run.
        case run
        /// A secret of the tenant.
        case secrets
        /// The item that the task runs for.
        case item
        /// The cause of a trigger.
        case trigger
        /// The reply of the call that started a job.
        case response
    }

    public enum Step: Hashable, Sendable {
        case member(ExactText)
        /// From 0.
        case item(Int)
    }

    public var root: Root
    /// The names behind the first one. Not empty, and beginning with a name, except behind `item`.
    public var steps: [Step]

    /// The name behind the root.
    public var name: String {
        if case .member(let name)? = steps.first { return name.text }
        return ""
    }
}

extension Reference {
    /// Reads what ``description`` has written; nil for any other text.
    init?(_ text: String) {
        var reader = ReferenceReader(Array(text.utf8))
        guard let reference = try? reader.reference(), reader.next == nil else { return nil }
        self = reference
    }
}

extension Reference: CustomStringConvertible {
    /// As a configuration writes it, without the braces.
    public var description: String { root.rawValue + Self.text(of: steps[...]) }

    /// The expression in a message: ```${parameters.day}` ``, cut when it is long.
    var quoted: String { "${\(description)}".quoted }

    static func text(of steps: ArraySlice<Step>) -> String {
        steps.map { step in
            switch step {
            case .member(let name) where name.text.utf8.allSatisfy(ReferenceReader.isNameByte) && !name.text.isEmpty:
                ".\(name.text)"
            // A name has at most one kind of quotes, because it was written between the other ones.
            case .member(let name): name.text.utf8.contains(UInt8(ascii: "\"")) ? "['\(name.text)']" : "[\"\(name.text)\"]"
            case .item(let number): "[\(number)]"
            }
        }.joined()
    }
}

/// Why a text with `${` cannot be read, or names a value that is not there.
public struct SubstitutionProblem: Error, Hashable, Sendable {
    /// Follows the name of the place: `` has `${HOME}`, … ``. Without a full stop.
    public var message: String
}

/// Reads references. The text is read once from its beginning to its end.
struct ReferenceReader {
    /// Bytes of an expression.
    static let longest = 500
    /// Names and numbers behind the root.
    static let mostSteps = 32

    private let bytes: [UInt8]
    private(set) var position: Int

    /// - Parameter position: where the expression begins.
    init(_ bytes: [UInt8], at position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    static func isNameByte(_ byte: UInt8) -> Bool { byte.isLetterOrDigit || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") }

    /// Reads a reference, with spaces around it.
    mutating func reference() throws(SubstitutionProblem) -> Reference {
        skipSpaces()
        let start = position
        let word = name()
        guard let root = Reference.Root(rawValue: word) else {
            let roots = Reference.Root.allCases.filter { $0 != .response }.map(\.rawValue)
            guard !word.isEmpty else {
                throw SubstitutionProblem(message: "which names no value. Accepted: a name such as `parameters.day`")
            }
            let hint = suggestion(for: word, among: roots).map { " Did you mean \($0.quoted)?" } ?? ""
            throw SubstitutionProblem(
                message:
                    "and \(word.quoted) is not known here.\(hint) Accepted: \(roots.listed(before: "and")); for the text `${` write `$${`"
            )
        }
        var steps: [Reference.Step] = []
        while let step = try step() {
            steps.append(step)
            guard steps.count <= Self.mostSteps, position - start <= Self.longest else {
                throw SubstitutionProblem(
                    message: "which is too long. Accepted: \(Self.mostSteps) names and \(Self.longest) bytes at most")
            }
        }
        guard root.isWhole || steps.first?.isName == true else {
            throw SubstitutionProblem(message: "which needs a name behind \(word.quoted), such as `\(root.example)`")
        }
        skipSpaces()
        return Reference(root: root, steps: steps)
    }

    private mutating func step() throws(SubstitutionProblem) -> Reference.Step? {
        switch next {
        case UInt8(ascii: "."):
            position += 1
            let name = name()
            guard !name.isEmpty else { throw SubstitutionProblem(message: "which has no name behind a dot") }
            return .member(ExactText(name))
        case UInt8(ascii: "["):
            position += 1
            let step = try bracketed()
            guard next == UInt8(ascii: "]") else { throw SubstitutionProblem(message: "which has a `[` that is not closed") }
            position += 1
            return step
        default: return nil
        }
    }

    private mutating func bracketed() throws(SubstitutionProblem) -> Reference.Step {
        if let quote = next, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            position += 1
            let start = position
            while let byte = next, byte != quote { position += 1 }
            let name = String(decoding: bytes[start..<position], as: UTF8.self)
            guard next == quote else { throw SubstitutionProblem(message: "which has a quote that is not closed") }
            position += 1
            return .member(ExactText(name))
        }
        let digits = name()
        guard digits.utf8.allSatisfy(\.isDigit), digits.utf8.count <= 9, let number = Int(digits) else {
            throw SubstitutionProblem(
                message: "in which brackets need a number or a name in quotes, such as `[0]` or `['pull.orders']`")
        }
        return .item(number)
    }

    private mutating func name() -> String {
        let start = position
        while let byte = next, Self.isNameByte(byte) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    mutating func skipSpaces() {
        while next == UInt8(ascii: " ") { position += 1 }
    }

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }
}

extension Reference.Root {
    fileprivate var example: String {
        switch self {
        case .parameters: "parameters.day"
        case .outputs: "outputs.pull-orders.rows"
        case .run: "run.id"
        case .secrets: "secrets.warehouse"
        case .trigger: "trigger.run_id"
        case .response: "response.body.run_id"
        case .item: "item.path"
        }
    }

    /// Whether the root itself is a value.
    fileprivate var isWhole: Bool {
        switch self {
        case .item: true
        case .parameters, .outputs, .run, .secrets, .trigger, .response: false
        }
    }
}

extension Reference.Step {
    fileprivate var isName: Bool { if case .member = self { true } else { false } }
}
