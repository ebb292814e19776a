/// The end of what a command printed, kept small, so that a failure can quote the last line.
struct OutputTail: Sendable {
    private var bytes: [UInt8] = []

    mutating func append(_ chunk: UnsafeRawBufferPointer) {
        if chunk.count >= CommandLimits.tail {
            bytes = Array(chunk.suffix(CommandLimits.tail))
            return
        }
        bytes.append(contentsOf: chunk)
        // Cut only now and then: a command that prints a byte at a time must not move the whole tail each time.
        if bytes.count > 2 * CommandLimits.tail {
            bytes.removeFirst(bytes.count - CommandLimits.tail)
        }
    }

    /// The last line with something in it, without control characters, at most ``CommandLimits/lineInMessage`` characters.
    var lastLine: String? {
        for line in bytes.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }).reversed() {
            let text = Self.readable(String(decoding: line, as: UTF8.self))
            if !text.isEmpty {
                return text.count > CommandLimits.lineInMessage ? text.prefix(CommandLimits.lineInMessage) + "…" : text
            }
        }
        return nil
    }

    /// Without control characters and the sequences that colour a terminal, and without space around it.
    private static func readable(_ line: String) -> String {
        var kept = String.UnicodeScalarView()
        var isInSequence = false
        for scalar in line.unicodeScalars {
            if isInSequence {
                // A control sequence ends with its first letter.
                isInSequence = !scalar.properties.isAlphabetic
            } else if scalar == "\u{1B}" {
                isInSequence = true
            } else if scalar == "\t" {
                kept.append(" ")
            } else if scalar.properties.generalCategory != .control {
                kept.append(scalar)
            }
        }
        let text = String(kept)
        guard let first = text.firstIndex(where: { !$0.isWhitespace }), let last = text.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(text[first...last])
    }
}
