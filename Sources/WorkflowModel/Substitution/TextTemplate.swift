/// A text with `${…}` in it. `$${` stands for the text `${`.
public struct TextTemplate: Hashable, Sendable {
    public enum Part: Hashable, Sendable {
        case literal(ExactText)
        case reference(Reference)
    }

    /// No two literals stand beside each other.
    public let parts: [Part]

    public init(parts: [Part]) {
        self.parts = parts
    }

    /// A text without expressions.
    public init(literal text: String) {
        parts = text.isEmpty ? [] : [.literal(ExactText(text))]
    }

    /// Reads a text. Each byte is read once.
    /// - Throws: ``SubstitutionProblem`` for an expression that cannot be read.
    public init(_ text: String) throws(SubstitutionProblem) {
        let bytes = Array(text.utf8)
        var parts: [Part] = []
        var literal: [UInt8] = []
        func end() {
            if !literal.isEmpty { parts.append(.literal(ExactText(String(decoding: literal, as: UTF8.self)))) }
            literal = []
        }
        var position = 0
        while position < bytes.count {
            if Self.begins("$${", bytes, position) {
                literal += "${".utf8
                position += 3
            } else if Self.begins("${", bytes, position) {
                end()
                parts.append(.reference(try Self.reference(bytes, &position)))
            } else {
                literal.append(bytes[position])
                position += 1
            }
        }
        end()
        self.parts = parts
    }

    /// Reads the expression that begins at the position, and goes behind it.
    static func reference(_ bytes: [UInt8], _ position: inout Int) throws(SubstitutionProblem) -> Reference {
        let start = position
        var reader = ReferenceReader(bytes, at: position + 2)
        /// The expression as far as it is shown in a message.
        func shown() -> String {
            let rest = bytes[start...].prefix(80)
            let end = rest.firstIndex(of: UInt8(ascii: "}")).map { $0 + 1 } ?? rest.endIndex
            return String(decoding: bytes[start..<end], as: UTF8.self).quoted
        }
        do throws(SubstitutionProblem) {
            guard Self.begins("${", bytes, start) else { throw SubstitutionProblem(message: "which is no expression `${…}`") }
            let reference = try reader.reference()
            guard reader.next == UInt8(ascii: "}") else {
                let found = reader.next.map { _ in "has something else than a name before its `}`" } ?? "is not closed by `}`"
                throw SubstitutionProblem(message: "which \(found); for the text `${` write `$${`")
            }
            position = reader.position + 1
            return reference
        } catch {
            throw SubstitutionProblem(message: "has \(shown()), \(error.message)")
        }
    }

    private static func begins(_ mark: StaticString, _ bytes: [UInt8], _ position: Int) -> Bool {
        mark.withUTF8Buffer { bytes[position...].starts(with: $0) }
    }

    /// Whether the text has an expression or an escaped `${`.
    static func hasSyntax(_ text: String) -> Bool { text.hasBytes("${") }

    public var references: [Reference] {
        parts.compactMap { if case .reference(let reference) = $0 { reference } else { nil } }
    }

    /// As a configuration writes it.
    var written: String {
        parts.map { part in
            switch part {
            case .literal(let text): text.text.replacingBytes("${", with: "$${")
            case .reference(let reference): "${\(reference.description)}"
            }
        }.joined()
    }

    /// The reference, when the text is that and nothing else.
    public var only: Reference? {
        guard parts.count == 1, case .reference(let reference)? = parts.first else { return nil }
        return reference
    }

    /// The text, when it has no expression.
    public var literal: String? {
        switch (parts.count, parts.first) {
        case (0, _): ""
        case (1, .literal(let text)?): text.text
        default: nil
        }
    }
}

extension TextTemplate {
    /// The text with the values in it.
    /// - Parameter written: how a value is written; by default as ``JSONValue/plainText``.
    /// - Throws: ``MissingValue``
    public func text(
        from values: some SubstitutionValues, as written: (JSONValue) -> String = { $0.plainText }
    ) throws(MissingValue) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .literal(let literal): text += literal.text
            case .reference(let reference): text += written(try values.value(of: reference))
            }
        }
        return text
    }
}
