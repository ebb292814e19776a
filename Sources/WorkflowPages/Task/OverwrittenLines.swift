/// Output in which a carriage return overwrites its line, as on a terminal: of a progress bar, the last state is left.
struct OverwrittenLines: Sendable {
    /// The bytes without overwritten text and without carriage returns. Colors that were selected in overwritten text stay selected.
    private(set) var bytes: [UInt8] = []
    /// Whether the line that began before these bytes is overwritten.
    private(set) var erasesLine = false
    /// Whether the bytes end behind a carriage return, so that the text after it overwrites the line.
    private(set) var isAfterReturn: Bool
    /// The given places of the output, in ``bytes``.
    private(set) var cuts: [Int]

    /// The cuts that are translated.
    private var passed = 0
    private var lineBegin = 0
    private var isFirstLine = true
    /// Inside sequences nothing is visible, so that nothing overwrites.
    private enum Place {
        case text, escape, control, string
    }

    private var place: Place
    private let beginsInString: Bool

    /// Bytes of sequences kept of an overwritten line.
    private static let mostKept = 256
    private static let escape = UInt8(ascii: "\u{1B}")
    private static let bell: UInt8 = 0x07

    /// - Parameters:
    ///   - isAfterReturn: whether a carriage return stands before the bytes.
    ///   - isInString: whether they begin in a title, a link or another string that is not shown.
    ///   - cuts: places of the output, in their order.
    init(_ output: [UInt8], isAfterReturn: Bool, isInString: Bool = false, cuts: [Int] = []) {
        self.isAfterReturn = isAfterReturn
        self.cuts = cuts
        beginsInString = isInString
        place = isInString ? .string : .text
        guard isAfterReturn || output.contains(UInt8(ascii: "\r")) else {
            bytes = output
            return
        }
        bytes.reserveCapacity(output.count)
        for (offset, byte) in output.enumerated() {
            while passed < cuts.count, cuts[passed] <= offset {
                self.cuts[passed] = bytes.count
                passed += 1
            }
            take(byte)
        }
        for index in passed..<cuts.count { self.cuts[index] = bytes.count }
    }

    private mutating func take(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\n"):
            (isAfterReturn, place, isFirstLine) = (false, .text, false)
            bytes.append(byte)
            lineBegin = bytes.count
        case UInt8(ascii: "\r"):
            // A line break ends a string. The return is left out, so that something else has to end it.
            if place == .string { bytes.append(Self.bell) }
            (isAfterReturn, place) = (true, .text)
        default:
            if place == .text, byte >= 0x20, isAfterReturn { overwrite() }
            bytes.append(byte)
            place = next(after: byte)
        }
    }

    private func next(after byte: UInt8) -> Place {
        if byte == Self.escape { return .escape }
        switch place {
        case .text: return .text
        case .escape:
            switch byte {
            case UInt8(ascii: "["): return .control
            case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "k"):
                return .string
            case 0x20...0x2F: return .escape
            default: return .text
            }
        case .control: return (0x40...0x7E).contains(byte) ? .text : .control
        case .string: return byte == Self.bell ? .text : .string
        }
    }

    private mutating func overwrite() {
        isAfterReturn = false
        if isFirstLine { erasesLine = true }
        // The end of a string that began before these bytes stays: without it, the string would swallow the text.
        let kept = (isFirstLine && beginsInString ? [Self.bell] : []) + Self.sequences(bytes[lineBegin...])
        bytes.replaceSubrange(lineBegin..., with: kept)
        // The kept sequences show nothing, so that cuts in the overwritten text may be before them.
        for index in cuts[..<passed].indices.reversed() {
            guard cuts[index] > lineBegin else { break }
            cuts[index] = lineBegin
        }
    }

    /// The last sequences that select colors: a line that is overwritten many times must not keep all of them.
    private static func sequences(_ line: ArraySlice<UInt8>) -> [UInt8] {
        var kept: [UInt8] = []
        var rest = line
        while let begin = rest.firstIndex(of: escape) {
            rest = rest[begin...]
            let end = rest.dropFirst(2).firstIndex { (0x40...0x7E).contains($0) } ?? rest.endIndex
            guard rest.dropFirst().first == UInt8(ascii: "["), end < rest.endIndex else {
                rest = rest.dropFirst()
                continue
            }
            if rest[end] == UInt8(ascii: "m") { kept += rest[...end] }
            rest = rest[(end + 1)...]
        }
        guard kept.count > mostKept else { return kept }
        let end = kept.suffix(mostKept)
        return end.firstIndex(of: escape).map { Array(end[$0...]) } ?? []
    }
}
