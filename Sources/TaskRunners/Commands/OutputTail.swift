import WorkflowModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The last line that a command printed to either stream, for the message of a failure.
struct OutputTails: Sendable {
    private var stdout = OutputTail()
    private var stderr = OutputTail()
    /// The stream that printed visible text last.
    private var newest = TaskStream.stdout

    var lastLine: String? {
        switch newest {
        case .stdout: stdout.lastLine ?? stderr.lastLine
        case .stderr: stderr.lastLine ?? stdout.lastLine
        }
    }

    mutating func append(_ bytes: [UInt8], from stream: TaskStream) {
        if stream != newest, bytes.contains(where: { $0 > UInt8(ascii: " ") }) { newest = stream }
        bytes.withUnsafeBytes { bytes in
            switch stream {
            case .stdout: stdout.append(bytes)
            case .stderr: stderr.append(bytes)
            }
        }
    }
}

/// The last line that a command printed to one stream.
///
/// Of a large piece of output, only the last lines are scanned.
struct OutputTail: Sendable {
    /// The incomplete last line.
    private var line = QuotedLine()
    /// The last complete line with visible text.
    private var last: String?

    /// The last line with visible text, shortened, without terminal sequences and control characters.
    var lastLine: String? { line.text ?? last }

    mutating func append(_ chunk: UnsafeRawBufferPointer) {
        guard let first = Self.firstBreak(in: chunk) else {
            line.append(UnsafeRawBufferPointer(rebasing: chunk[...]))
            return
        }
        line.append(UnsafeRawBufferPointer(rebasing: chunk[..<first]))
        var end = Self.lastBreak(in: chunk, before: chunk.count) ?? first
        var newest = QuotedLine()
        newest.append(UnsafeRawBufferPointer(rebasing: chunk[(end + 1)...]))
        var found: String?
        while found == nil, end > first {
            let start = Self.lastBreak(in: chunk, before: end) ?? first
            if end - start > 1 {
                var earlier = QuotedLine()
                earlier.append(UnsafeRawBufferPointer(rebasing: chunk[(start + 1)..<end]))
                found = earlier.text
            }
            end = start
        }
        last = found ?? line.text ?? last
        line = newest
    }

    private static func firstBreak(in chunk: UnsafeRawBufferPointer) -> Int? {
        guard let base = chunk.baseAddress else { return nil }
        return [UInt8(ascii: "\n"), UInt8(ascii: "\r")]
            .compactMap { memchr(base, CInt($0), chunk.count).map { UnsafeRawPointer($0) - base } }
            .min()
    }

    private static func lastBreak(in chunk: UnsafeRawBufferPointer, before end: Int) -> Int? {
        var index = end
        while index > 0 {
            index -= 1
            if chunk[index] == UInt8(ascii: "\n") || chunk[index] == UInt8(ascii: "\r") { return index }
        }
        return nil
    }
}

/// The beginning of a line, as a message quotes it.
private struct QuotedLine: Sendable {
    /// Bytes of a line scanned in one step.
    private static let step = 4_096

    /// An unterminated string, such as a window title without its end, may contain the reason of the failure.
    private var parser = TerminalParser(unterminatedKept: CommandLimits.lineKept)
    private var kept = ""
    private var isCut = false

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes[...]
        while !rest.isEmpty, !isCut {
            parser.read(rest.prefix(Self.step)) { Self.take($0, &kept) }
            rest = rest.dropFirst(Self.step)
            cut()
        }
    }

    /// nil when the line has no visible text. Cut at a whole character; `…` marks the cut.
    var text: String? {
        var (kept, rest) = (kept, parser)
        rest.finish { Self.take($0, &kept) }
        guard let last = kept.lastIndex(where: { !$0.isWhitespace }) else { return nil }
        let text = kept[...last]
        if text.count > CommandLimits.lineInMessage { return text.prefix(CommandLimits.lineInMessage) + "…" }
        // The bytes cut off might belong to the last character.
        if isCut { return (text.dropLast().isEmpty ? text : text.dropLast()) + "…" }
        return String(text)
    }

    private mutating func cut() {
        guard kept.utf8.count > CommandLimits.lineKept else { return }
        var scalars = kept.unicodeScalars
        while scalars.last != nil, String(scalars).utf8.count > CommandLimits.lineKept {
            scalars.removeLast(max(1, (String(scalars).utf8.count - CommandLimits.lineKept) / 4))
        }
        kept = String(scalars)
        isCut = true
    }

    private static func take(_ element: TerminalParser.Element, _ kept: inout String) {
        switch element {
        case .text(let text):
            let text = text.replacing("\t", with: " ")
            kept += kept.isEmpty ? String(text.drop(while: \.isWhitespace)) : text
        case .backspace: _ = kept.popLast()
        // Lines are separated before.
        case .lineBreak, .rendition: break
        }
    }
}
