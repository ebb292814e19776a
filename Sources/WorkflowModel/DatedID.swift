/// An id such as `wf-20240619-14574-6kyYdY`: a prefix, the UTC day, five digits, then letters and digits. Clients treat it as
/// opaque.
///
/// Ids with one prefix compare by their bytes. Any text is accepted as it is, because imported history has ids made by other
/// systems.
public protocol DatedID: RawRepresentable<String>, Hashable, Comparable, Sendable, CustomStringConvertible {
    static var prefix: String { get }
    init(rawValue: String)
}

extension DatedID {
    /// The longest accepted id, in bytes.
    public static var longestID: Int { 128 }

    /// An instant outside the years 0 to 9999 is replaced by the nearest one inside.
    public init(at instant: Timestamp, using random: any RandomSource) {
        let (date, _) = min(max(instant, .earliest), .latest).civil
        let bits = random.next()
        var text = Array(Self.prefix.utf8)
        text.reserveCapacity(text.count + 22)
        text.append(UInt8(ascii: "-"))
        text.append(digits: (date.year * 100 + date.month) * 100 + date.day, count: 8)
        text.append(UInt8(ascii: "-"))
        text.append(digits: Int(bits % 100_000), count: 5)
        text.append(UInt8(ascii: "-"))
        var rest = bits / 100_000
        for _ in 0..<6 {
            text.append(lettersAndDigits.utf8Start[Int(rest % 62)])
            rest /= 62
        }
        self.init(rawValue: String(decoding: text, as: UTF8.self))
    }

    public static func < (left: Self, right: Self) -> Bool {
        left.rawValue.precedesByBytes(right.rawValue)
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.rawValue.isIdentical(to: right.rawValue)
    }

    public func hash(into hasher: inout Hasher) {
        rawValue.hashBytes(into: &hasher)
    }

    public var description: String { rawValue }
}

private let lettersAndDigits: StaticString = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

extension [UInt8] {
    fileprivate mutating func append(digits value: Int, count: Int) {
        let start = self.count
        append(contentsOf: repeatElement(UInt8(ascii: "0"), count: count))
        writeDigits(of: value, count: count, at: start) { self[$0] = $1 }
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
