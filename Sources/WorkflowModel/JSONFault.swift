/// Why a text is not valid JSON, and where.
public struct JSONFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// Counts from 1; so does ``column``.
    public var line: Int
    /// In Unicode characters.
    public var column: Int
    /// The expected and the actual text, without a full stop.
    public var message: String

    /// `line 2, column 7: expected …`
    public var description: String { "line \(line), column \(column): \(message)" }

    /// - Returns: nil when the bytes are one JSON value in UTF-8 that is nested no deeper than `depthLimit`.
    public init?(in bytes: [UInt8], depthLimit: Int = JSONValue.depthLimit) {
        let found: (position: Int, message: String)
        if let position = Self.firstThatIsNotUTF8(bytes) {
            found = (position, "a byte that is not UTF-8")
        } else if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            found = (0, "a byte order mark, which JSON does not begin with")
        } else if let fault = JSONTree.fault(in: bytes, depthLimit: depthLimit) {
            found = fault
        } else {
            return nil
        }
        let before = bytes[..<min(found.position, bytes.count)]
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        line = before.count { $0 == UInt8(ascii: "\n") } + 1
        column = before[start...].count { $0 & 0xC0 != 0x80 } + 1
        message = found.message
    }

    private static func firstThatIsNotUTF8(_ bytes: [UInt8]) -> Int? {
        guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
        var decoder = UTF8()
        var rest = bytes.makeIterator()
        var position = 0
        while case .scalarValue(let scalar) = decoder.decode(&rest) { position += UTF8.width(scalar) }
        return position
    }
}
