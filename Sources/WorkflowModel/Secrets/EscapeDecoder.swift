/// A byte of a text without its escapes, and the bytes of the text that write it.
struct DecodedByte: Sendable {
    var byte: UInt8
    var written: Range<Int>
}

/// Takes the escapes out of a text that arrives byte by byte. Other bytes stay as they are.
struct EscapeDecoder: Sendable {
    enum Escapes: Hashable, Sendable {
        /// `%2F`, `%2f` (RFC 3986, section 2.1).
        case percent
        /// Likewise, with `+` for a space, as forms are sent.
        case form
        /// `\n`, `\"`, `\u00e9` (RFC 8259, section 7).
        case json
    }

    let escapes: Escapes
    /// The beginning of an escape.
    private var pending: [UInt8] = []
    private var start = 0

    init(_ escapes: Escapes) {
        self.escapes = escapes
    }

    /// Where the escape begins that is not complete yet; nil without one.
    var pendingStart: Int? { pending.isEmpty ? nil : start }

    mutating func read(_ byte: UInt8, at offset: Int, into bytes: inout [DecodedByte]) {
        guard !pending.isEmpty else {
            if byte == introduction {
                (pending, start) = ([byte], offset)
            } else {
                let isSpace = escapes == .form && byte == UInt8(ascii: "+")
                bytes.append(DecodedByte(byte: isSpace ? UInt8(ascii: " ") : byte, written: offset..<offset + 1))
            }
            return
        }
        pending.append(byte)
        switch escapes == .json ? json : percent {
        case .incomplete: break
        case .complete(let decoded):
            for byte in decoded { bytes.append(DecodedByte(byte: byte, written: start..<offset + 1)) }
            pending = []
        case .none: giveUp(into: &bytes)
        }
    }

    /// At the end of the text, the beginning of an escape is not one.
    mutating func finish(into bytes: inout [DecodedByte]) {
        while !pending.isEmpty { giveUp(into: &bytes) }
    }

    private var introduction: UInt8 { escapes == .json ? UInt8(ascii: "\\") : UInt8(ascii: "%") }

    /// The first byte stands for itself. Those behind it may begin another escape.
    private mutating func giveUp(into bytes: inout [DecodedByte]) {
        let (text, start) = (pending, start)
        pending = []
        bytes.append(DecodedByte(byte: text[0], written: start..<start + 1))
        for (place, byte) in text.enumerated().dropFirst() { read(byte, at: start + place, into: &bytes) }
    }

    private enum Reading {
        case incomplete
        case complete([UInt8])
        case none
    }

    private var percent: Reading {
        guard pending.dropFirst().allSatisfy({ Self.digit($0) != nil }) else { return .none }
        guard pending.count == 3, let byte = Self.number(pending[1...]) else { return .incomplete }
        return .complete([UInt8(byte)])
    }

    private var json: Reading {
        guard pending.count > 2 else { return Self.shortEscape(pending[1]) }
        guard let first = unit(at: 0) else { return pending.count < 6 && isUnit(at: 0) ? .incomplete : .none }
        guard (0xD800..<0xDC00).contains(first) else { return Self.utf8(first) }
        // A surrogate needs another one.
        guard let second = unit(at: 6) else { return pending.count < 12 && isUnit(at: 6) ? .incomplete : .none }
        guard (0xDC00..<0xE000).contains(second) else { return .none }
        return Self.utf8(0x1_0000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    /// Whether the bytes from a place on begin `\uXXXX`.
    private func isUnit(at place: Int) -> Bool {
        pending[place...].enumerated().allSatisfy { index, byte in
            switch index {
            case 0: byte == UInt8(ascii: "\\")
            case 1: byte == UInt8(ascii: "u")
            default: Self.digit(byte) != nil
            }
        }
    }

    private func unit(at place: Int) -> Int? {
        guard pending.count >= place + 6, isUnit(at: place) else { return nil }
        return Self.number(pending[(place + 2)..<(place + 6)])
    }

    private static func shortEscape(_ byte: UInt8) -> Reading {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): .complete([byte])
        case UInt8(ascii: "b"): .complete([0x08])
        case UInt8(ascii: "f"): .complete([0x0C])
        case UInt8(ascii: "n"): .complete([0x0A])
        case UInt8(ascii: "r"): .complete([0x0D])
        case UInt8(ascii: "t"): .complete([0x09])
        case UInt8(ascii: "u"): .incomplete
        default: .none
        }
    }

    private static func utf8(_ number: Int) -> Reading {
        Unicode.Scalar(UInt32(number)).map { .complete(Array(String($0).utf8)) } ?? .none
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var number = 0
        for byte in digits {
            guard let digit = digit(byte) else { return nil }
            number = number << 4 + digit
        }
        return number
    }

    private static func digit(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte) - 0x30
        case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte) - 0x57
        case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte) - 0x37
        default: nil
        }
    }
}
