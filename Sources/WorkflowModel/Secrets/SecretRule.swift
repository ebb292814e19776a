/// The limits of secrets.
public enum SecretRule {
    /// Bytes of a name, which are ASCII.
    public static let longestName = 64
    /// Bytes of a value, without white space around it. A shorter one would be masked in unrelated output.
    public static let shortestValue = 8
    /// Bytes of a value.
    public static let longestValue = 16_384
    /// Secrets of a tenant.
    public static let most = 200
    /// Values of a secret that stay masked after it was set again or deleted, until the process ends.
    public static let remembered = 8
    /// Bytes of all secrets of one task together.
    public static let longestOfTask = 65_536

    /// The accepted names, for messages.
    public static let nameWords =
        "1 to \(longestName) letters, digits, `_` and `-`, beginning with a letter or `_`"

    /// Whether a secret may have the name.
    public static func accepts(name: String) -> Bool {
        guard let first = name.utf8.first, name.utf8.count <= longestName else { return false }
        let isBeginning = first.isLetterOrDigit && !first.isDigit || first == UInt8(ascii: "_")
        return isBeginning && name.utf8.allSatisfy { $0.isLetterOrDigit || "-_".utf8.contains($0) }
    }
}

/// The value of a secret. No description of it shows the text.
public struct SecretValue: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    @Exact public private(set) var text: String

    /// - Throws: ``SecretValueError``, whose message does not show the value.
    public init(_ text: String) throws(SecretValueError) {
        guard text.utf8.count <= SecretRule.longestValue else { throw .tooLong(bytes: text.utf8.count) }
        guard !text.utf8.contains(0) else { throw .hasNUL }
        let inner = text.utf8.trimmingSpaces
        guard inner.count >= SecretRule.shortestValue else { throw .tooShort(bytes: inner.count) }
        self.text = text
    }

    /// Reads a value as a file or a program gives it: of a single line, without the line break at its end.
    /// - Throws: ``SecretValueError``
    public init(input bytes: some Collection<UInt8>) throws(SecretValueError) {
        guard bytes.count <= SecretRule.longestValue + 2 else { throw .tooLong(bytes: bytes.count) }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
        var utf8 = text.utf8[...]
        if utf8.last == UInt8(ascii: "\n") {
            utf8 = utf8.dropLast()
            if utf8.last == UInt8(ascii: "\r") { utf8 = utf8.dropLast() }
        }
        // A key of several lines may need the break after its last one.
        let isSingle = !utf8.contains { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
        try self.init(isSingle ? String(decoding: utf8, as: UTF8.self) : text)
    }

    public var description: String { SecretMask.mark }
    public var debugDescription: String { SecretMask.mark }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Why a text cannot be the value of a secret.
public enum SecretValueError: Error, Hashable, Sendable {
    case tooShort(bytes: Int)
    case tooLong(bytes: Int)
    case hasNUL
    case notUTF8

    /// The end of a sentence that begins with the value, and the accepted values.
    public var problem: String {
        let found =
            switch self {
            case .tooShort(let bytes): "has \(bytes) \(bytes == 1 ? "byte" : "bytes") without white space around it"
            case .tooLong(let bytes): "has \(bytes) bytes"
            case .hasNUL: "contains a NUL character"
            case .notUTF8: "is not text in UTF-8"
            }
        return "\(found). Accepted: text of \(SecretRule.shortestValue) to \(SecretRule.longestValue) bytes"
    }
}

extension Collection<UInt8> {
    /// Without spaces, tabs and line breaks at both ends.
    var trimmingSpaces: [UInt8] {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        var bytes = Array(drop(while: isSpace))
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        return bytes
    }
}
