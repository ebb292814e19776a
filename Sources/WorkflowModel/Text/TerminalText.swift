/// Texts that can contain terminal sequences.
public enum TerminalText {
    /// The text without terminal sequences and control characters. Line breaks and tabs stay, and a carriage return becomes a line
    /// break. A backspace removes the character before it, which the next character would have overwritten.
    public static func plain(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.isControl && $0 != "\n" && $0 != "\t" }) else { return text }
        var lines = ""
        var line = ""
        var parser = TerminalParser(unterminatedKept: text.utf8.count)
        func take(_ element: TerminalParser.Element) {
            switch element {
            case .text(let text): line += text
            case .backspace: _ = line.popLast()
            case .rendition: break
            case .lineBreak:
                lines += line + "\n"
                line = ""
            }
        }
        parser.read(text.utf8, found: take)
        parser.finish(found: take)
        return lines + line
    }
}
