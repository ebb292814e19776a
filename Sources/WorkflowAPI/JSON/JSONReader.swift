public import WorkflowModel

/// Reads one JSON text from front to back, without building a tree: strict RFC 8259 in valid UTF-8, nested no deeper than
/// ``depthLimit``, no object with the same name twice, by its bytes. Everything it throws is a ``JSONProblem``.
public struct JSONReader {
    /// How many arrays and objects may lie inside each other.
    public static let depthLimit = 64

    /// Whether the limits of imported history apply. Answers of a service have no such limits.
    var readsHistory = false

    private let bytes: [UInt8]
    private(set) var position = 0
    private var depth = 0

    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Reads a text that is one value and nothing else.
    public static func read<Value>(_ bytes: [UInt8], _ value: (inout JSONReader) throws -> Value) throws(JSONProblem) -> Value {
        var reader = JSONReader(bytes)
        do {
            let result = try value(&reader)
            try reader.end()
            return result
        } catch let problem as JSONProblem {
            throw problem
        } catch {
            throw JSONProblem("cannot be read")
        }
    }

    // MARK: Structure

    /// Reads an object; `member` has to read or skip each value.
    public mutating func object(_ member: (inout JSONReader, _ name: String) throws -> Void) throws {
        try open("{", "a JSON object")
        var names: Set<ExactText> = []
        if !take("}") {
            repeat {
                guard peek() == UInt8(ascii: "\"") else { throw damaged("a member name in double quotes") }
                let name = try text()
                guard names.insert(name) else { throw JSONProblem(path: name.shortened, "appears twice") }
                guard take(":") else { throw damaged("a colon after a member name") }
                do {
                    try member(&self, name)
                } catch let problem as JSONProblem where !problem.isSyntax {
                    throw problem.inside(name.shortened)
                }
            } while take(",")
            guard take("}") else { throw damaged("a comma or a closing brace") }
        }
        depth -= 1
    }

    public mutating func array<Element>(_ element: (inout JSONReader) throws -> Element) throws -> [Element] {
        try open("[", "a JSON array")
        var elements: [Element] = []
        if !take("]") {
            repeat {
                do {
                    elements.append(try element(&self))
                } catch let problem as JSONProblem where !problem.isSyntax {
                    throw problem.inside("[\(elements.count)]")
                }
            } while take(",")
            guard take("]") else { throw damaged("a comma or a closing bracket") }
        }
        depth -= 1
        return elements
    }

    /// Reads a value, or nil where `null` stands.
    public mutating func optional<Value>(_ value: (inout JSONReader) throws -> Value) throws -> Value? {
        if peek() == UInt8(ascii: "n") {
            try literal("null")
            return nil
        }
        return try value(&self)
    }

    // MARK: Values

    /// One text, number or flag, or an array of them: the values of a parameter, as its texts.
    mutating func scalars() throws -> [String] {
        guard peek() == UInt8(ascii: "[") else { return [try scalar()] }
        return try array { try $0.scalar() }
    }

    private mutating func scalar() throws -> String {
        switch peek() {
        case UInt8(ascii: "\""): return try text()
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return String(try boolean())
        case let next? where next == UInt8(ascii: "-") || isDigit(next): return String(try integer())
        default: throw try mismatch("a string, or an array of strings")
        }
    }

    public mutating func string() throws -> String {
        guard peek() == UInt8(ascii: "\"") else { throw try mismatch("a string") }
        return try text()
    }

    public mutating func integer() throws -> Int {
        guard let next = peek(), next == UInt8(ascii: "-") || isDigit(next) else { throw try mismatch("an integer") }
        let start = position
        let isInteger = try number()
        guard isInteger, let value = Int(String(decoding: bytes[start..<position], as: UTF8.self)) else {
            throw JSONProblem("is not an integer that fits in 64 bits")
        }
        return value
    }

    public mutating func boolean() throws -> Bool {
        switch peek() {
        case UInt8(ascii: "t"):
            try literal("true")
            return true
        case UInt8(ascii: "f"):
            try literal("false")
            return false
        default: throw try mismatch("true or false")
        }
    }

    public mutating func timestamp() throws -> Timestamp {
        let text = try string()
        guard let instant = Timestamp(iso8601: text) else {
            throw JSONProblem("\(text.quoted) is not a date-time. Accepted: \(Timestamp.acceptedForms)")
        }
        return instant
    }

    /// Any value, as the text of the request.
    public mutating func json() throws -> JSONText {
        skipSpace()
        let start = position
        try skip()
        return JSONText(validated: String(decoding: bytes[start..<position], as: UTF8.self))
    }

    /// Skips any value. It must still be valid.
    public mutating func skip() throws {
        switch peek() {
        case UInt8(ascii: "{"): try object { reader, _ in try reader.skip() }
        case UInt8(ascii: "["): _ = try array { reader in try reader.skip() }
        case UInt8(ascii: "\""): _ = try text()
        case UInt8(ascii: "t"): try literal("true")
        case UInt8(ascii: "f"): try literal("false")
        case UInt8(ascii: "n"): try literal("null")
        case let next? where next == UInt8(ascii: "-") || isDigit(next): _ = try number()
        default: throw damaged("a JSON value")
        }
    }

    /// - Throws: ``JSONProblem`` when something follows.
    public mutating func end() throws {
        if peek() != nil { throw damaged("nothing more") }
    }

    // MARK: Tokens

    private mutating func open(_ bracket: Unicode.Scalar, _ wanted: String) throws {
        guard take(bracket) else { throw try mismatch(wanted) }
        depth += 1
        guard depth <= Self.depthLimit else {
            throw JSONProblem(path: "", "is nested more than \(Self.depthLimit) levels deep").asSyntax
        }
    }

    private mutating func literal(_ word: StaticString) throws {
        let matches = word.withUTF8Buffer { bytes[position...].starts(with: $0) }
        guard matches else { throw damaged("a JSON value") }
        position += word.utf8CodeUnitCount
    }

    /// - Returns: whether it was written as an integer.
    private mutating func number() throws -> Bool {
        var isInteger = true
        if current == UInt8(ascii: "-") { position += 1 }
        if current == UInt8(ascii: "0") {
            position += 1
        } else {
            try digits()
        }
        if current == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            try digits()
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            isInteger = false
            position += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
        if let current, isDigit(current) { throw damaged("a number without leading zeros") }
        return isInteger
    }

    private mutating func digits() throws {
        guard let first = current, isDigit(first) else { throw damaged("a digit") }
        while let next = current, isDigit(next) { position += 1 }
    }

    private mutating func text() throws -> String {
        position += 1
        let start = position
        var isPlain = true
        var isASCII = true
        while true {
            guard let byte = current else { throw damaged("a closing quote") }
            if byte == UInt8(ascii: "\"") { break }
            guard byte >= 0x20 else { throw damaged("an escape in place of a control character") }
            if byte == UInt8(ascii: "\\") {
                isPlain = false
                position += 1
                guard current != nil else { throw damaged("a closing quote") }
            }
            if byte >= 0x80 { isASCII = false }
            position += 1
        }
        let raw = bytes[start..<position]
        position += 1
        if isPlain {
            if isASCII { return String(decoding: raw, as: UTF8.self) }
            guard let text = String(validating: raw, as: UTF8.self) else { throw notUTF8(at: start) }
            return text
        }
        guard let text = String(validating: try JSONEscapes.unescaped(raw), as: UTF8.self) else { throw notUTF8(at: start) }
        return text
    }

    // MARK: Bytes

    private var current: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func peek() -> UInt8? {
        skipSpace()
        return current
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    // MARK: Problems

    /// The problem that a value is of another type than expected, or invalid.
    private mutating func mismatch(_ wanted: String) throws -> JSONProblem {
        guard peek() != nil else { return damaged(wanted) }
        try skip()
        return JSONProblem("is not \(wanted)")
    }

    private func damaged(_ wanted: String) -> JSONProblem {
        let place = position < bytes.count ? "at byte \(position + 1)" : "at its end"
        return JSONProblem("is not valid JSON: \(place), \(wanted) is expected").asSyntax
    }

    private func notUTF8(at place: Int) -> JSONProblem {
        JSONProblem("is not valid UTF-8 in the string at byte \(place)").asSyntax
    }
}
