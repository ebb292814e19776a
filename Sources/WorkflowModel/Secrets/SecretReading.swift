/// Follows a text in one of the ways in which it may be written, and finds secrets in it.
struct SecretReading: Sendable {
    private let automaton: PatternAutomaton
    private var decoder: EscapeDecoder?
    private let isBase64: Bool
    private var state: Int32 = 0
    /// Where the last bytes begin in the text, as many as a pattern has, in a ring.
    private var starts: [Int]
    private var count = 0
    /// Bytes of the line break in base64 that was just skipped.
    private var skipped = 0
    private var decoded: [DecodedByte] = []

    /// - Parameters:
    ///   - escapes: nil for a text without escapes.
    ///   - isBase64: whether `-` and `_` are read as `+` and `/` (RFC 4648, section 5), and line breaks are skipped (RFC 2045, section 6.8).
    init(_ automaton: PatternAutomaton, _ escapes: EscapeDecoder.Escapes? = nil, isBase64: Bool = false) {
        self.automaton = automaton
        decoder = escapes.map { EscapeDecoder($0) }
        self.isBase64 = isBase64
        var size = 1
        while size < automaton.longestPattern { size *= 2 }
        starts = [Int](repeating: 0, count: size)
    }

    /// Adds the secrets that end with this byte.
    mutating func read(_ byte: UInt8, at offset: Int, into found: inout [Range<Int>]) {
        guard decoder != nil else { return step(byte, offset..<offset + 1, into: &found) }
        decoder?.read(byte, at: offset, into: &decoded)
        takeDecoded(into: &found)
    }

    mutating func finish(into found: inout [Range<Int>]) {
        decoder?.finish(into: &decoded)
        takeDecoded(into: &found)
    }

    /// Where the part of the text begins that may belong to a secret which is not complete yet; nil for none.
    var pendingStart: Int? {
        let begun = start(least: 1)
        guard let escape = decoder?.pendingStart else { return begun }
        return min(begun ?? escape, escape)
    }

    /// Where a part of a secret of so many bytes at least begins at the end of the text.
    func start(least bytes: Int) -> Int? {
        let depth = automaton.depth(of: state)
        return depth >= bytes ? starts[(count - depth) & (starts.count - 1)] : nil
    }

    private mutating func takeDecoded(into found: inout [Range<Int>]) {
        for byte in decoded { step(byte.byte, byte.written, into: &found) }
        decoded.removeAll(keepingCapacity: true)
    }

    private mutating func step(_ byte: UInt8, _ written: Range<Int>, into found: inout [Range<Int>]) {
        var byte = byte
        if isBase64 {
            switch byte {
            case UInt8(ascii: "-"): byte = UInt8(ascii: "+")
            case UInt8(ascii: "_"): byte = UInt8(ascii: "/")
            // A break, not an empty line: the bytes that wait for the end of a secret are limited.
            case 0x0A, 0x0D:
                skipped += 1
                if skipped <= 2 { return }
            default: break
            }
            skipped = 0
        }
        state = automaton.next(state, byte)
        starts[count & (starts.count - 1)] = written.lowerBound
        count += 1
        let length = automaton.found(in: state)
        if length > 0 { found.append(starts[(count - length) & (starts.count - 1)]..<written.upperBound) }
    }
}
