public import WorkflowModel

/// The parameters of a request as they came, in their order, unescaped.
public struct QueryString: Hashable, Sendable {
    public struct Pair: Hashable, Sendable {
        @Exact public var name: String
        @Exact public var value: String
    }

    public private(set) var pairs: [Pair] = []

    public static let empty = QueryString()

    private init() {}

    /// - Parameters:
    ///   - text: of a request's target behind the first `?`, or a form-encoded body; `+` is a space.
    ///   - longest: bytes of a value.
    /// - Throws: ``APIError`` (400) for bad escapes, what is not UTF-8, NUL characters, and more or longer parameters than ``Limits`` allow.
    public init(_ text: some StringProtocol, valuesUpTo longest: Int = Limits.parameterValue) throws(APIError) {
        var text = String(text)
        let pieces = text.withUTF8 { bytes in bytes.split(separator: UInt8(ascii: "&")).map { Array($0) } }
        guard pieces.count <= Limits.parameterCount else {
            throw .invalid("The request has \(pieces.count) parameters; at most \(Limits.parameterCount) are accepted.")
        }
        for piece in pieces {
            let end = piece.firstIndex(of: UInt8(ascii: "=")) ?? piece.endIndex
            let name = try Self.unescaped(piece[..<end], of: nil, upTo: Limits.parameterValue)
            pairs.append(Pair(name: name, value: try Self.unescaped(piece[end...].dropFirst(), of: name, upTo: longest)))
        }
    }

    /// The value of a parameter; nil when the query does not have it.
    /// - Throws: ``APIError`` (400) for a repeated parameter.
    public func single(_ name: String) throws(APIError) -> String? {
        var found: String?
        for pair in pairs where pair.name == name {
            guard found == nil else { throw .invalid("The parameter \(name.shortened) appears more than once. Send it once.") }
            found = pair.value
        }
        return found
    }

    private static func unescaped(_ raw: ArraySlice<UInt8>, of name: String?, upTo longest: Int) throws(APIError) -> String {
        // For messages only: it costs more than all the rest.
        var place: String { name.map { "The value of the parameter \($0.shortened)" } ?? "The name of a parameter" }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(raw.count)
        var rest = raw
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(0x20)
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(hexDigit), let low = rest.popFirst().flatMap(hexDigit) else {
                    throw .invalid("\(place) has a % that is not followed by two hexadecimal digits; write % as %25.")
                }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        guard bytes.count <= longest else {
            throw .invalid("\(place) is \(bytes.count) bytes long; at most \(longest) are accepted.")
        }
        guard !bytes.contains(0) else { throw .invalid("\(place) contains a NUL character, which is not accepted.") }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .invalid("\(place) is not valid UTF-8.")
        }
        return text
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
