import WorkflowModel

/// How `weir logs` prints the output of tasks.
enum OutputForm {
    /// Text with colours and styles, for a terminal, without other control sequences.
    case styled
    /// Plain text, for files and pipes.
    case plain
    /// Unchanged bytes.
    case raw
}

/// Removes control sequences from the output of a task.
///
/// Colours are set at the beginning of each piece and reset at its end, so that an interrupted program leaves no colours behind.
struct OutputFilter {
    let form: OutputForm
    private var parser = TerminalParser()
    private var style = TextStyle()
    /// Whether the last piece ended with a line break; nil for a piece without text.
    private(set) var endsWithLineBreak: Bool?

    init(form: OutputForm) {
        self.form = form
    }

    mutating func filtered(_ bytes: [UInt8], isLast: Bool) -> [UInt8] {
        guard form != .raw else {
            endsWithLineBreak = bytes.last.map { $0 == UInt8(ascii: "\n") }
            return bytes
        }
        endsWithLineBreak = nil
        var shown = ""
        var shownStyle = TextStyle()
        var (style, ends) = (style, endsWithLineBreak)
        func set(_ next: TextStyle) {
            if form == .styled, next != shownStyle { shown += next.sequence }
            shownStyle = next
        }
        func take(_ element: TerminalParser.Element) {
            switch element {
            case .text(let text):
                set(style)
                // A direction control would also affect later text on the terminal, including the prompt.
                shown += form == .styled ? Self.visible(text) : text
                ends = false
            case .lineBreak:
                // A background colour would fill the rest of the line.
                set(TextStyle())
                shown += "\n"
                ends = true
            case .rendition(let parameters): style.apply(parameters)
            case .backspace: break
            }
        }
        parser.read(bytes, found: take)
        if isLast { parser.finish(found: take) }
        set(TextStyle())
        (self.style, endsWithLineBreak) = (style, ends)
        return Array(shown.utf8)
    }

    /// Tabs stay as they are.
    private static func visible(_ text: String) -> String {
        text.split(separator: "\t", omittingEmptySubsequences: false).map { $0.visible() }.joined(separator: "\t")
    }
}
