import WorkflowModel

/// A case-insensitive search in the text of a log. Colours and chunk boundaries do not affect it.
///
/// Time and memory are proportional to the log, whose size is bounded.
struct LogSearch {
    /// Bytes of the text to search for, at most.
    static let longestQuery = 200

    /// Ranges in the log's UTF-8, in order and without overlap.
    private(set) var matches: [Range<Int>] = []
    /// Whether matches are marked: whole lines are not.
    private(set) var isMarked = true

    init() {}

    init(_ query: String, in text: [UInt8]) {
        let wanted = Folded(Array(query.utf8)).bytes
        guard !wanted.isEmpty, wanted.count <= text.count * 2 else { return }
        let log = Folded(text)
        // Knuth-Morris-Pratt: linear in the length of the log.
        let fallback = Self.fallbacks(wanted)
        var length = 0
        for (index, byte) in log.bytes.enumerated() {
            while length > 0, wanted[length] != byte { length = fallback[length - 1] }
            if wanted[length] == byte { length += 1 }
            guard length == wanted.count else { continue }
            let end = index + 1 < log.bytes.count ? log.offset(index + 1) : text.count
            matches.append(log.offset(index + 1 - length)..<end)
            length = 0
        }
    }

    /// The lines of a level, and in them a text.
    /// - Parameter query: empty for the words that name the level.
    init(_ query: String, level: LogLevel, in text: [UInt8]) {
        let places = level.places(in: text)
        guard !query.isEmpty else {
            matches = places
            return
        }
        let all = LogSearch(query, in: text).matches
        let newline = UInt8(ascii: "\n")
        var next = 0
        matches = all.filter { match in
            let begin = text[..<match.lowerBound].lastIndex(of: newline).map { $0 + 1 } ?? 0
            while next < places.count, places[next].lowerBound < begin { next += 1 }
            guard next < places.count else { return false }
            return !text[match.lowerBound..<max(match.lowerBound, places[next].lowerBound)].contains(
                newline)
        }
    }

    /// Leaves the matches in lines with text of a stream.
    mutating func limit(to stream: TaskStream, of log: LogText, in text: [UInt8]) {
        let newline = UInt8(ascii: "\n")
        matches = matches.filter { match in
            let begin = text[..<match.lowerBound].lastIndex(of: newline).map { $0 + 1 } ?? 0
            let end = text[match.lowerBound...].firstIndex(of: newline) ?? text.count
            return log.mayHave(stream, in: begin..<end)
        }
    }

    /// The lines with text of a stream.
    static func lines(of stream: TaskStream, of log: LogText, in text: [UInt8]) -> LogSearch {
        var search = LogSearch()
        search.isMarked = false
        var begin = 0
        while begin < text.count {
            let end = text[begin...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
            if log.mayHave(stream, in: begin..<end) { search.matches.append(begin..<end) }
            begin = end + 1
        }
        return search
    }

    /// For each prefix of the text, the length of its longest proper prefix that is also a suffix.
    private static func fallbacks(_ wanted: [UInt8]) -> [Int] {
        var fallbacks = [Int](repeating: 0, count: wanted.count)
        var length = 0
        for index in wanted.indices.dropFirst() {
            while length > 0, wanted[length] != wanted[index] { length = fallbacks[length - 1] }
            if wanted[length] == wanted[index] { length += 1 }
            fallbacks[index] = length
        }
        return fallbacks
    }

    /// The index of the first match that ends after an offset.
    func first(endingBehind offset: Int) -> Int {
        var (low, high) = (0, matches.count)
        while low < high {
            let middle = (low + high) / 2
            if matches[middle].upperBound > offset { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// UTF-8 in lower case, with the origin of each byte.
private struct Folded {
    var bytes: [UInt8] = []
    /// The offset of each byte's character in the original; empty when all offsets are the same.
    private var origins: [Int32] = []

    init(_ original: [UInt8]) {
        bytes.reserveCapacity(original.count)
        if original.allSatisfy({ $0 < 0x80 }) {
            for byte in original { bytes.append(Self.lower(byte)) }
            return
        }
        origins.reserveCapacity(original.count)
        var offset = 0
        for scalar in String(decoding: original, as: UTF8.self).unicodeScalars {
            let before = bytes.count
            if scalar.isASCII {
                bytes.append(Self.lower(UInt8(truncatingIfNeeded: scalar.value)))
            } else {
                let lower = scalar.properties.lowercaseMapping.unicodeScalars
                // A character maps to one character, so that a match begins and ends between characters.
                let folded = lower.count == 1 ? lower.first ?? scalar : scalar
                bytes.append(contentsOf: UTF8.encode(folded) ?? UTF8.encodedReplacementCharacter)
            }
            for _ in before..<bytes.count { origins.append(Int32(truncatingIfNeeded: offset)) }
            offset += UTF8.width(scalar)
        }
    }

    func offset(_ index: Int) -> Int { origins.isEmpty ? index : Int(origins[index]) }

    private static func lower(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 0x20 : byte
    }
}
