import WorkflowModel

/// A line diff as pages show it: each changed line has a sign and a word.
struct DiffText: Sendable {
    /// Characters shown of a line, at most.
    static let longestLine = 500

    struct Line: Sendable {
        var tone: String
        var sign: String
        var word: String
        var old: String
        var new: String
        var text: String
    }

    struct Part: Sendable {
        var lines: [Line]
    }

    var summary: String
    var parts: [Part]
    var hidden: String?

    init(_ diff: LineDiff) {
        summary =
            CountText.text(diff.added, "line was added", "lines were added") + ", "
            + CountText.text(diff.removed, "was removed", "were removed") + "."
        parts = diff.parts.map { Part(lines: $0.map(Self.line)) }
        if diff.hidden > 0 { hidden = CountText.text(diff.hidden, "more line is", "more lines are") + " not shown." }
    }

    private static func line(_ line: LineDiff.Line) -> Line {
        let (tone, sign, word) =
            switch line.kind {
            case .same: ("same", "", "")
            case .removed: ("removed", "−", "removed")
            case .added: ("added", "+", "added")
            }
        return Line(
            tone: tone, sign: sign, word: word, old: line.oldNumber.map(String.init) ?? "",
            new: line.newNumber.map(String.init) ?? "", text: CutText.text(line.text, longest: longestLine))
    }
}
