/// Parses JSON (RFC 8259, without extensions) into a tree with line numbers.
struct JSONTree {
    /// The error that ended parsing.
    private struct Failure: Error {
        var line: Int
        /// In bytes from the beginning.
        var position: Int
        var message: String
    }

    private let bytes: [UInt8]
    private let depthLimit: Int
    private var position = 0
    private var line = 1

    /// - Returns: nil when the text is not one JSON value; the problem is added to the complaints.
    static func read(_ text: String, _ complaints: Complaints) -> SourceNode? {
        var tree = JSONTree(bytes: Array(text.utf8), depthLimit: ConfigurationLimits.depth)
        do {
            return try tree.document()
        } catch {
            complaints.add(error.line, "The text is not valid JSON: \(error.message).")
            return nil
        }
    }

    /// - Returns: nil when the bytes are not one JSON value in UTF-8, or nested deeper than `depthLimit`.
    static func read(_ bytes: [UInt8], depthLimit: Int) -> SourceNode? {
        guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
        var tree = JSONTree(bytes: bytes, depthLimit: depthLimit)
        return try? tree.document()
    }

    /// Why bytes are not one JSON value in UTF-8, with the position in bytes; nil when they are.
    static func fault(in bytes: [UInt8], depthLimit: Int) -> (position: Int, message: String)? {
        var tree = JSONTree(bytes: bytes, depthLimit: depthLimit)
        do {
            _ = try tree.document()
            return nil
        } catch {
            return (error.position, error.message)
        }
    }

    private init(bytes: [UInt8], depthLimit: Int) {
        self.bytes = bytes
        self.depthLimit = depthLimit
    }

    private mutating func document() throws(Failure) -> SourceNode {
        skipSpace()
        guard position < bytes.count else { throw failure("it is empty") }
        let root = try value(depth: 1)
        skipSpace()
        guard position == bytes.count else { throw failure("unexpected text after its end: \(next)") }
        return root
    }

    private mutating func value(depth: Int) throws(Failure) -> SourceNode {
        let (start, first) = (line, position)
        switch peek {
        case UInt8(ascii: "{"): return SourceNode(content: .mapping(try members(depth: depth)), line: start)
        case UInt8(ascii: "["): return SourceNode(content: .list(try items(depth: depth)), line: start)
        case UInt8(ascii: "\""): return SourceNode(content: .scalar(try string(), isPlain: false), line: start)
        default:
            let word = take { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") || $0.isLetterOrDigit }
            guard ["true", "false", "null"].contains(word) || Self.isNumber(word) else {
                throw word.isEmpty ? expected("a value") : failure("expected a value, not \(word.quoted)", at: first)
            }
            return SourceNode(content: .scalar(word, isPlain: true), line: start)
        }
    }

    private mutating func members(depth: Int) throws(Failure) -> [SourceNode.Entry] {
        try checkDepth(depth)
        var entries: [SourceNode.Entry] = []
        position += 1
        skipSpace()
        if takeIf("}") { return entries }
        while true {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw expected("the name of a member in double quotes") }
            let start = line
            let name = try string()
            skipSpace()
            guard takeIf(":") else { throw expected("`:` after the name \(name.quoted)") }
            skipSpace()
            entries.append(SourceNode.Entry(name: name, line: start, value: try value(depth: depth + 1)))
            skipSpace()
            if takeIf("}") { return entries }
            guard takeIf(",") else { throw expected("`,` or `}` after a member") }
        }
    }

    private mutating func items(depth: Int) throws(Failure) -> [SourceNode] {
        try checkDepth(depth)
        var items: [SourceNode] = []
        position += 1
        skipSpace()
        if takeIf("]") { return items }
        while true {
            skipSpace()
            items.append(try value(depth: depth + 1))
            skipSpace()
            if takeIf("]") { return items }
            guard takeIf(",") else { throw expected("`,` or `]` after an item") }
        }
    }

    private func checkDepth(_ depth: Int) throws(Failure) {
        guard depth > depthLimit else { return }
        throw failure("lists and mappings are nested more than \(depthLimit) levels deep")
    }

    private mutating func string() throws(Failure) -> String {
        let start = position
        position += 1
        var text: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text.append(contentsOf: String(try escape()).utf8)
            case 0..<0x20:
                throw failure(
                    "a string contains a control character or a line break; write it as `\\n`, `\\t` or `\\u….`", at: position - 1)
            default: text.append(byte)
            }
        }
        throw failure("a string has no end", at: start)
    }

    /// Parses an escape after its backslash.
    private mutating func escape() throws(Failure) -> Unicode.Scalar {
        guard let byte = peek else { throw failure("a string has no end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let first = try unit()
            if let scalar = Unicode.Scalar(first) { return scalar }
            guard (0xD800...0xDBFF).contains(first), takeIf("\\"), takeIf("u") else {
                throw failure("a `\\u` escape stands for half a character")
            }
            let second = try unit()
            guard (0xDC00...0xDFFF).contains(second),
                let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
            else { throw failure("a `\\u` escape stands for half a character") }
            return scalar
        default: throw failure("\("\\\(Unicode.Scalar(byte))".quoted) is not an escape in a string", at: position - 2)
        }
    }

    private mutating func unit() throws(Failure) -> UInt32 {
        guard position + 4 <= bytes.count, bytes[position..<position + 4].allSatisfy(\.isHexDigit),
            let value = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw failure("`\\u` needs four hexadecimal digits") }
        position += 4
        return value
    }

    /// Whether a text is a number in JSON syntax.
    static func isNumber(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        func digits() -> Int {
            let count = rest.prefix(while: \.isDigit).count
            rest = rest.dropFirst(count)
            return count
        }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let leadsWithZero = rest.first == UInt8(ascii: "0")
        let whole = digits()
        guard whole == 1 || whole > 1 && !leadsWithZero else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard digits() > 0 else { return false }
        }
        if let first = rest.first, "eE".utf8.contains(first) {
            rest = rest.dropFirst()
            if let sign = rest.first, "+-".utf8.contains(sign) { rest = rest.dropFirst() }
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty
    }
}

extension JSONTree {
    private var peek: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private mutating func skipSpace() {
        while let byte = peek, [0x20, 0x09, 0x0A, 0x0D].contains(byte) {
            if byte == 0x0A { line += 1 }
            position += 1
        }
    }

    private mutating func takeIf(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func take(while belongs: (UInt8) -> Bool) -> String {
        let start = position
        while let byte = peek, belongs(byte) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private func expected(_ what: String) -> Failure {
        failure("expected \(what), not \(next)")
    }

    /// The next character, for messages.
    private var next: String {
        guard position < bytes.count else { return "the end of the text" }
        return String(String(decoding: bytes[position...].prefix(4), as: UTF8.self).unicodeScalars.prefix(1)).quoted
    }

    private func failure(_ message: String, at place: Int? = nil) -> Failure {
        Failure(line: line, position: place ?? position, message: message)
    }
}

extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    var isLetterOrDigit: Bool {
        isDigit || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self)
    }

    fileprivate var isHexDigit: Bool {
        isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self) || (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(self)
    }
}
