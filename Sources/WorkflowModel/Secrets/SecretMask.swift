/// Masks the secrets of a task in what it leaves behind: `***` in place of each.
///
/// A secret is found as it is, with escapes of URLs and of JSON, in base64 with either alphabet, and in base64 with such escapes. Of a
/// secret with several lines, each line of at least ``SecretRule/shortestValue`` bytes is masked as well.
public struct SecretMask: Sendable {
    /// Stands in place of a secret.
    public static let mark = "***"
    /// Bytes of a secret at the end of a text that was cut: a shorter part stays.
    static let shortestRest = 4

    public static let none = SecretMask([])

    private let values: [SecretValue]
    let readings: [SecretReading]

    public init(_ values: [SecretValue]) {
        self.values = values
        let plain = values.flatMap { Self.plainPatterns(of: $0.text.utf8) }
        guard !plain.isEmpty else {
            readings = []
            return
        }
        let text = PatternAutomaton(plain)
        let base64 = PatternAutomaton(plain.flatMap(Base64Forms.patterns))
        var readings = [
            SecretReading(text), SecretReading(text, .percent), SecretReading(text, .json),
            SecretReading(base64, isBase64: true), SecretReading(base64, .percent, isBase64: true),
            SecretReading(base64, .json, isBase64: true),
        ]
        if plain.contains(where: { $0.contains(UInt8(ascii: " ")) }) { readings.append(SecretReading(text, .form)) }
        self.readings = readings
    }

    public var isEmpty: Bool { readings.isEmpty }

    /// The value, and its lines, without white space around them.
    private static func plainPatterns(of value: String.UTF8View) -> [[UInt8]] {
        let lines = value.split { $0 == 0x0A || $0 == 0x0D }.map(\.trimmingSpaces)
        return [Array(value), value.trimmingSpaces] + lines.filter { $0.count >= SecretRule.shortestValue }
    }
}

extension SecretMask: Hashable, CustomStringConvertible {
    public static func == (left: SecretMask, right: SecretMask) -> Bool { left.values == right.values }

    public func hash(into hasher: inout Hasher) { hasher.combine(values) }

    public var description: String { "\(values.count) secrets" }
}

/// Masks secrets in bytes that arrive in pieces, wherever the pieces are divided.
///
/// Bytes that may belong to a secret wait for the next piece: one less than the longest form of a secret has.
public struct SecretMasker: Sendable {
    private var readings: [SecretReading]
    /// Bytes that have not been passed on, from the place `begin` of the text.
    private var held: [UInt8] = []
    private(set) var begin = 0
    /// The end of the text so far.
    private(set) var end = 0
    /// Secrets behind `begin`, in the order of their beginnings. None overlaps another one.
    private var secrets: [Range<Int>] = []
    /// Where the last secret ends that has its mark.
    private var marked = 0
    private var found: [Range<Int>] = []

    public init(_ mask: SecretMask) {
        readings = mask.readings
    }

    /// Bytes that wait.
    var waiting: Int { held.count }

    /// - Returns: the bytes that can be passed on.
    public mutating func mask(_ piece: some Sequence<UInt8>) -> [UInt8] {
        guard !readings.isEmpty else { return Array(piece) }
        read(piece)
        return passOn(upTo: certain)
    }

    /// - Parameter isCut: whether the text may go on elsewhere, so that the beginning of a secret is masked as well. A program that is
    ///   killed leaves such a beginning, too.
    /// - Returns: the bytes that waited.
    public mutating func finish(isCut: Bool = true) -> [UInt8] {
        endReading()
        if isCut, let start = readings.compactMap({ $0.start(least: SecretMask.shortestRest) }).min() { add(start..<end) }
        return passOn(upTo: end)
    }

    /// The end of the part that belongs to no secret which may still become longer.
    var certain: Int { readings.compactMap(\.pendingStart).min() ?? end }

    mutating func read(_ piece: some Sequence<UInt8>) {
        for byte in piece {
            for index in readings.indices { readings[index].read(byte, at: end, into: &found) }
            held.append(byte)
            end += 1
            takeFound()
        }
    }

    mutating func endReading() {
        for index in readings.indices { readings[index].finish(into: &found) }
        takeFound()
    }

    private mutating func takeFound() {
        guard !found.isEmpty else { return }
        for range in found { add(range) }
        found.removeAll(keepingCapacity: true)
    }

    /// Overlapping secrets become one.
    private mutating func add(_ range: Range<Int>) {
        var range = range
        while let last = secrets.last, last.upperBound > range.lowerBound {
            range = min(last.lowerBound, range.lowerBound)..<max(last.upperBound, range.upperBound)
            secrets.removeLast()
        }
        secrets.append(range)
    }

    /// Passes on what is certain. A secret that has begun before the place is marked now, also when another one may overlap it.
    mutating func passOn(upTo place: Int) -> [UInt8] {
        var passed: [UInt8] = []
        var (position, next) = (begin, 0)
        while next < secrets.count, secrets[next].lowerBound < max(place, position) {
            let secret = secrets[next]
            if secret.lowerBound > position { passed += held[(position - begin)..<(secret.lowerBound - begin)] }
            // A part of the last one, which has its mark.
            if secret.lowerBound >= marked { passed += Array(SecretMask.mark.utf8) }
            marked = max(marked, secret.upperBound)
            position = max(position, secret.upperBound)
            next += 1
        }
        secrets.removeFirst(next)
        if place > position {
            passed += held[(position - begin)..<(place - begin)]
            position = place
        }
        held.removeFirst(position - begin)
        begin = position
        return passed
    }
}
