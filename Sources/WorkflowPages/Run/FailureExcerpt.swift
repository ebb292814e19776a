public import WorkflowModel

/// The part of a failed run's page beside its error: the end of the log of its first failed task, and since when the workflow fails.
public struct FailureExcerpt: Sendable {
    /// Lines shown of a log, and bytes of them, at most.
    static let mostLines = 20
    static let mostBytes = 16_384
    /// Bytes to read of the end of a log: with colors, more than are shown.
    public static let tailBytes = 2 * mostBytes

    var label: String
    var href: String
    var attempt: String
    /// The lines; empty without output.
    var html: String
    var hasLines: Bool
    /// nil when no other run of the workflow is known.
    var since: FailureSince?

    /// - Parameters:
    ///   - output: the kept output of the newest attempt; nil when none has begun.
    ///   - since: nil when no other run of the workflow is known.
    public init(_ task: TaskInstance, output: KeptOutput?, since: FailureSince?) {
        label = task.label.visible()
        href = PageAddress.task(task.id, of: task.run) + "#log"
        attempt = "attempt \(output?.attempt ?? task.attempts)"
        html =
            output.map {
                LogText(Self.lastLines(of: OverwrittenLines($0.bytes, isAfterReturn: false).bytes), from: LogPlace(), isLast: true)
                    .html
            } ?? ""
        hasLines = !html.isEmpty
        self.since = since
    }

    /// The last lines, beginning at the start of a line unless one line alone is longer than the limit.
    static func lastLines(of bytes: [UInt8]) -> [UInt8] {
        let newline = UInt8(ascii: "\n")
        var end = bytes.endIndex
        while end > 0, bytes[end - 1] == newline || bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        let text = bytes[..<end]
        var begin = text.endIndex
        for _ in 0..<mostLines {
            guard let lineBreak = text[..<begin].lastIndex(of: newline) else { return Array(cut(text[...])) }
            begin = lineBreak
        }
        return Array(cut(text[(begin + 1)...]))
    }

    private static func cut(_ lines: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard lines.count > mostBytes else { return lines }
        let end = lines.suffix(mostBytes)
        if let line = end.firstIndex(of: UInt8(ascii: "\n")) { return end[(line + 1)...] }
        return end.drop { $0 & 0xC0 == 0x80 }
    }
}
