/// Parses a compiled zone file (TZif, RFC 8536): versions 1 to 4, complete ones and those that leave later changes to the rule at
/// their end.
struct ZoneFile {
    private let bytes: [UInt8]
    private var position = 0

    /// The bytes are not a zone file. The exact fault helps no caller.
    struct NotAZoneFile: Error {}

    /// - Throws: `NotAZoneFile`.
    static func zone(named name: String, from bytes: [UInt8]) throws(NotAZoneFile) -> ScheduleZone {
        var file = ZoneFile(bytes: bytes)
        return try file.read(name)
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private struct Counts {
        var version: UInt8
        var isUT: Int
        var isStandard: Int
        var leaps: Int
        var times: Int
        var types: Int
        var letters: Int
    }

    private mutating func read(_ name: String) throws(NotAZoneFile) -> ScheduleZone {
        var counts = try header()
        var width = 4
        if counts.version >= UInt8(ascii: "2") {
            // The first block has 32-bit numbers; the same data follows in 64 bits.
            position += counts.times * 5 + counts.types * 6 + counts.letters + counts.leaps * 8 + counts.isStandard + counts.isUT
            counts = try header()
            width = 8
        }
        var (firstOffset, changes) = try changes(counts, width: width)
        position += counts.letters + counts.leaps * (width + 4) + counts.isStandard + counts.isUT
        if width == 8, let rule = try rule() {
            let last = changes.last?.at
            for change in rule.changes(after: last) { changes.append(change) }
            if last == nil { firstOffset = rule.standard }
        }
        return ScheduleZone(name: name, firstOffset: firstOffset, changes: changes)
    }

    private mutating func header() throws(NotAZoneFile) -> Counts {
        guard position + 44 <= bytes.count, Array(bytes[position..<position + 4]) == Array("TZif".utf8) else {
            throw NotAZoneFile()
        }
        let version = bytes[position + 4]
        position += 20
        var numbers: [Int] = []
        for _ in 0..<6 { numbers.append(try whole(4)) }
        guard numbers.allSatisfy({ (0...1_000_000).contains($0) }), numbers[4] > 0 else { throw NotAZoneFile() }
        return Counts(
            version: version, isUT: numbers[0], isStandard: numbers[1], leaps: numbers[2], times: numbers[3], types: numbers[4],
            letters: numbers[5])
    }

    private mutating func changes(
        _ counts: Counts, width: Int
    ) throws(NotAZoneFile) -> (firstOffset: Int, changes: [(at: Int, offset: Int)]) {
        var times: [Int] = []
        for _ in 0..<counts.times { times.append(try whole(width)) }
        guard position + counts.times <= bytes.count else { throw NotAZoneFile() }
        let kinds = bytes[position..<position + counts.times].map(Int.init)
        position += counts.times
        var offsets: [Int] = []
        for _ in 0..<counts.types {
            offsets.append(try whole(4))
            position += 2
        }
        guard position <= bytes.count, kinds.allSatisfy({ $0 < offsets.count }) else { throw NotAZoneFile() }
        return (offsets[0], zip(times, kinds).map { (at: $0, offset: offsets[$1]) })
    }

    /// The rule for changes after the last listed one: a line at the end.
    private mutating func rule() throws(NotAZoneFile) -> ZoneRule? {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\n"),
            let end = bytes[(position + 1)...].firstIndex(of: UInt8(ascii: "\n"))
        else { throw NotAZoneFile() }
        let text = bytes[(position + 1)..<end]
        guard !text.isEmpty else { return nil }
        guard let rule = ZoneRule(text) else { throw NotAZoneFile() }
        return rule
    }

    /// A signed big-endian number.
    private mutating func whole(_ width: Int) throws(NotAZoneFile) -> Int {
        guard position + width <= bytes.count else { throw NotAZoneFile() }
        var value: UInt64 = 0
        for byte in bytes[position..<position + width] { value = value << 8 | UInt64(byte) }
        position += width
        return width == 4 ? Int(Int32(truncatingIfNeeded: value)) : Int(Int64(bitPattern: value))
    }
}
