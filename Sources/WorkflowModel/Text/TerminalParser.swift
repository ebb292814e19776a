/// Splits a program's output into text and terminal sequences, chunk by chunk.
///
/// Follows ECMA-48 and xterm's additions: CSI sequences with any parameters, intermediate bytes and final byte; the strings OSC,
/// DCS, APC, PM and SOS up to BEL or ST, and the title string `ESC k`; other ESC sequences; C1 controls in UTF-8. CAN and SUB
/// cancel a sequence, and a new ESC starts the next one.
///
/// A terminal waits for the end of a sequence without limit. Here a line break ends it too, so that an unfinished sequence hides no
/// further lines of a log. The division of the bytes into chunks does not change the result.
public struct TerminalParser: Hashable, Sendable {
    public enum Element: Hashable, Sendable {
        /// Visible characters and tabs. Bytes that are not UTF-8 become U+FFFD.
        case text(String)
        /// A line feed or a carriage return. Progress bars use carriage returns to redraw their line; each redraw is a line here. A
        /// line feed right after a carriage return, without visible text in between, belongs to it.
        case lineBreak
        case backspace
        /// "Select graphic rendition": the parameters, each with its subparameters; nil for an empty one.
        case rendition([[Int?]])
    }

    /// The longest sequence in bytes, not counting strings. Longer ones are not treated as sequences, and their rest is text.
    public static let longestSequence = 128

    private enum State: Hashable {
        case ground
        /// - `length`: bytes since the sequence began, including ESC.
        case escape(length: Int, hasIntermediates: Bool)
        case control(length: Int, parameters: [UInt8])
        case string
    }

    private var state: State
    /// Whether a line feed at this point belongs to the carriage return before it.
    public private(set) var isAfterReturn: Bool
    /// The first bytes of an incomplete character; three at most.
    private var pending: [UInt8] = []
    /// The beginning of the current string, at most ``unterminatedKept`` bytes.
    private var string: [UInt8] = []
    private let unterminatedKept: Int

    /// - Parameters:
    ///   - isInString: whether the bytes begin inside an OSC or another string.
    ///   - isAfterReturn: whether they begin after a carriage return.
    ///   - unterminatedKept: how many bytes of a string become text if a line break, another sequence or the end comes before its
    ///     terminator. With 0, such a string is dropped.
    public init(isInString: Bool = false, isAfterReturn: Bool = false, unterminatedKept: Int = 0) {
        state = isInString ? .string : .ground
        self.isAfterReturn = isAfterReturn
        self.unterminatedKept = unterminatedKept
    }

    /// Whether the bytes so far end inside an OSC or another string.
    public var isInString: Bool { state == .string }

    /// The number of bytes at the end that belong to an incomplete sequence or character. Strings can have any length and do not
    /// count; see ``isInString``.
    public var unfinishedBytes: Int {
        switch state {
        case .ground, .string: pending.count
        case .escape(let length, _), .control(let length, _): length
        }
    }

    /// Parses the next chunk. Text is passed on as it arrives: a run of characters can be split into several elements.
    public mutating func read(_ piece: some Collection<UInt8>, found: (Element) -> Void) {
        let bytes = pending + piece
        pending = []
        bytes.withUnsafeBufferPointer { read($0, found) }
    }

    /// Ends parsing: an incomplete character becomes U+FFFD, an incomplete sequence is dropped.
    public mutating func finish(found: (Element) -> Void) {
        if state == .ground, !pending.isEmpty { found(.text(String(decoding: pending, as: UTF8.self))) }
        giveBackString(found)
        self = TerminalParser(unterminatedKept: unterminatedKept)
    }

    /// Hands out a string that was not terminated as text, without its control characters.
    private mutating func giveBackString(_ found: (Element) -> Void) {
        guard !string.isEmpty else { return }
        let scalars = String(decoding: string, as: UTF8.self).unicodeScalars.filter { !$0.isControl || $0 == "\t" }
        string = []
        isAfterReturn = false
        if !scalars.isEmpty { found(.text(String(String.UnicodeScalarView(scalars)))) }
    }

    private mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, _ found: (Element) -> Void) {
        var index = 0
        while index < bytes.count {
            let before = index
            switch state {
            case .ground: index = readText(bytes, from: index, found)
            case .escape(let length, let hasIntermediates):
                index += readEscape(bytes[index], length: length, hasIntermediates, found) ? 1 : 0
            case .control(let length, let parameters):
                index += readControl(bytes[index], length: length, parameters, found) ? 1 : 0
            case .string: index = readString(bytes, from: index, found)
            }
            // Nothing was read, because the chunk ends inside a character.
            if index == before, state == .ground || state == .string, isCut(bytes, at: index) {
                pending = Array(bytes[index...])
                return
            }
        }
    }

    /// Whether the chunk ends inside the character that begins here.
    private func isCut(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        let length =
            switch bytes[index] {
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 1
            }
        return bytes.count - index < length && bytes[(index + 1)...].allSatisfy { $0 & 0xC0 == 0x80 }
    }
}

// MARK: Text

extension TerminalParser {
    /// Reads up to the next sequence, or to a character that the end of the chunk cuts.
    private mutating func readText(
        _ bytes: UnsafeBufferPointer<UInt8>, from first: Int, _ found: (Element) -> Void
    ) -> Int {
        var start = first
        var index = first
        func flush() {
            guard start < index else { return }
            isAfterReturn = false
            found(.text(String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<index]), as: UTF8.self)))
        }
        while index < bytes.count {
            let byte = bytes[index]
            if (0x20...0x7E).contains(byte) || byte == 0x09 || byte >= 0x80 && byte != 0xC2 && !isCut(bytes, at: index) {
                index += 1
                continue
            }
            if byte == 0xC2, index + 1 < bytes.count, !(0x80...0x9F).contains(bytes[index + 1]) {
                index += 1
                continue
            }
            flush()
            guard byte < 0x80 || byte == 0xC2 && index + 1 < bytes.count else { return index }
            index += 1
            if byte == 0xC2 {
                enterC1(bytes[index])
                index += 1
            } else {
                take(control: byte, found)
            }
            start = index
            if state != .ground { return index }
        }
        flush()
        return index
    }

    private mutating func take(control byte: UInt8, _ found: (Element) -> Void) {
        switch byte {
        case 0x08: found(.backspace)
        case 0x0A:
            if !isAfterReturn { found(.lineBreak) }
            isAfterReturn = false
        case 0x0D:
            found(.lineBreak)
            isAfterReturn = true
        case 0x1B: state = .escape(length: 1, hasIntermediates: false)
        default: break
        }
    }

    /// - Parameter second: the second byte of a C1 control in UTF-8, which equals its code.
    private mutating func enterC1(_ second: UInt8) {
        switch second {
        case 0x9B: state = .control(length: 2, parameters: [])
        case 0x90, 0x98, 0x9D, 0x9E, 0x9F: state = .string
        default: break
        }
    }
}

// MARK: Sequences

extension TerminalParser {
    /// - Returns: false when the byte is not part of the sequence.
    private mutating func readEscape(
        _ byte: UInt8, length: Int, _ hasIntermediates: Bool, _ found: (Element) -> Void
    ) -> Bool {
        // An ESC inside a string is the beginning of ST, which is ESC \, or of another sequence.
        if byte == UInt8(ascii: "\\") { string = [] }
        giveBackString(found)
        guard let isPart = readCommon(byte, length: length) else { return false }
        guard isPart else { return true }
        switch byte {
        case 0x20...0x2F: state = .escape(length: length + 1, hasIntermediates: true)
        case 0x30...0x7E where hasIntermediates: state = .ground
        case UInt8(ascii: "["): state = .control(length: length + 1, parameters: [])
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "k"):
            state = .string
        case 0x30...0x7E: state = .ground
        default: state = .escape(length: length + 1, hasIntermediates: hasIntermediates)
        }
        return true
    }

    /// - Returns: false when the byte is not part of the sequence.
    private mutating func readControl(_ byte: UInt8, length: Int, _ parameters: [UInt8], _ found: (Element) -> Void) -> Bool {
        guard let isPart = readCommon(byte, length: length) else { return false }
        guard isPart else { return true }
        switch byte {
        case 0x20...0x3F: state = .control(length: length + 1, parameters: parameters + [byte])
        case 0x40...0x7E:
            state = .ground
            if byte == UInt8(ascii: "m"), let codes = Self.codes(parameters) { found(.rendition(codes)) }
        default: state = .control(length: length + 1, parameters: parameters)
        }
        return true
    }

    /// Handles the bytes that have the same effect in every sequence except strings.
    /// - Returns: whether the byte is part of the sequence; nil when the sequence ends before the byte.
    private mutating func readCommon(_ byte: UInt8, length: Int) -> Bool? {
        switch byte {
        case 0x1B:
            state = .escape(length: 1, hasIntermediates: false)
            return false
        case 0x18, 0x1A:
            state = .ground
            return false
        case 0x0A, 0x0D, 0x80...:
            state = .ground
            return nil
        default:
            guard length < Self.longestSequence else {
                state = .ground
                return nil
            }
            return true
        }
    }

    /// Reads up to the end of a string, or to a character that the end of the chunk cuts.
    private mutating func readString(
        _ bytes: UnsafeBufferPointer<UInt8>, from first: Int, _ found: (Element) -> Void
    ) -> Int {
        var index = first
        func keep() {
            let room = unterminatedKept - string.count
            if room > 0 { string += bytes[first..<min(index, first + room)] }
        }
        while index < bytes.count {
            switch bytes[index] {
            case 0x07, 0x18, 0x1A:
                string = []
                state = .ground
                return index + 1
            case 0x1B:
                keep()
                state = .escape(length: 1, hasIntermediates: false)
                return index + 1
            case 0x0A, 0x0D:
                keep()
                giveBackString(found)
                state = .ground
                return index
            case 0xC2:
                guard index + 1 < bytes.count else {
                    keep()
                    return index
                }
                if bytes[index + 1] == 0x9C {
                    string = []
                    state = .ground
                    return index + 2
                }
                index += 1
            default: index += 1
            }
        }
        keep()
        return index
    }

    /// - Returns: nil for other parameters: those with `<`, `=`, `>`, `?` or intermediate bytes are private or belong to other
    ///   functions.
    private static func codes(_ parameters: [UInt8]) -> [[Int?]]? {
        guard parameters.allSatisfy({ $0.isDigit || $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: ":") }) else { return nil }
        return parameters.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { parameter in
            parameter.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map {
                // A longer number stays too large to be any code.
                Int(String(decoding: $0.prefix(9), as: UTF8.self))
            }
        }
    }
}
