/// An id such as `wf-20240619-14574-6kyYdY`: a prefix, the UTC day, five digits, then letters and digits. Clients treat it as opaque.
///
/// Ids of one prefix compare by their text; any text is kept as it came, because imported history has ids of other makers.
public protocol DatedID: RawRepresentable<String>, Hashable, Comparable, Sendable, CustomStringConvertible {
    static var prefix: String { get }
    init(rawValue: String)
}

extension DatedID {
    /// The longest text that is taken for an id, in bytes.
    public static var longestID: Int { 128 }

    public init(at instant: Timestamp, using random: any RandomSource) {
        let (date, _) = instant.civil
        let bits = random.next()
        let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
        var text = Self.prefix + "-"
        text += Self.padded(date.year, to: 4) + Self.padded(date.month, to: 2) + Self.padded(date.day, to: 2)
        text += "-" + Self.padded(Int(bits % 100_000), to: 5) + "-"
        var rest = bits / 100_000
        for _ in 0..<6 {
            text.unicodeScalars.append(Unicode.Scalar(alphabet[Int(rest % 62)]))
            rest /= 62
        }
        self.init(rawValue: text)
    }

    public static func < (left: Self, right: Self) -> Bool {
        left.rawValue < right.rawValue
    }

    public var description: String { rawValue }

    private static func padded(_ value: Int, to width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

/// The id of a run: `wf-…`.
public struct RunID: DatedID {
    public static let prefix = "wf"
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}

/// The id of a task instance: `wft-…`.
public struct TaskID: DatedID {
    public static let prefix = "wft"
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}

/// The id of a version of a configuration: `etv-…`.
public struct ConfigurationVersionID: DatedID {
    public static let prefix = "etv"
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}
