import Mustache
import WorkflowModel

/// The text of a configuration, line by line, with its keys, texts, values and comments told apart.
///
/// The pieces are for the eye only: a YAML text over several lines is not told apart.
struct SourceText: Sendable {
    /// Lines, and characters of a line, shown at most.
    static let mostLines = 1_000
    static let longestLine = 500

    struct Piece: Sendable, MustacheParent {
        /// `key`, `text`, `value` or `note`; nil for the rest.
        var kind: String?
        var text: String

        func child(named name: String) -> Any? {
            switch name {
            case "kind": kind
            case "text": text
            default: nil
            }
        }
    }

    struct Line: Sendable, MustacheParent {
        var number: Int
        var pieces: [Piece]

        func child(named name: String) -> Any? {
            switch name {
            case "number": number
            case "pieces": pieces
            default: nil
            }
        }
    }

    var lines: [Line]
    /// The lines that are left out, in words; nil when none is.
    var hidden: String?

    init(_ source: ConfigurationSource) {
        let all = source.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        // A line break at the end begins no line.
        let texts = all.last?.isEmpty == true ? all.dropLast() : all
        lines = texts.prefix(Self.mostLines).enumerated().map { index, text in
            Line(number: index + 1, pieces: Self.pieces(CutText.text(String(text), longest: Self.longestLine).visible()))
        }
        if texts.count > Self.mostLines {
            hidden = CountText.text(texts.count - Self.mostLines, "more line is", "more lines are") + " not shown."
        }
    }

    private static func pieces(_ line: String) -> [Piece] {
        var pieces: [Piece] = []
        func add(_ text: Substring, _ kind: String? = nil) {
            guard !text.isEmpty else { return }
            if let last = pieces.last, last.kind == kind {
                pieces[pieces.count - 1].text += text
            } else {
                pieces.append(Piece(kind: kind, text: String(text)))
            }
        }
        var rest = Substring(line)
        while let first = rest.first {
            if first == "#", pieces.last.map({ $0.text.last?.isWhitespace ?? true }) ?? true {
                add(rest, "note")
                return pieces
            }
            if first == "\"" || first == "'" {
                let text = quoted(rest)
                rest = rest.dropFirst(text.count)
                add(text, rest.first == ":" ? "key" : "text")
                continue
            }
            let word = rest.prefix { !isSeparator($0) }
            guard !word.isEmpty else {
                add(rest.prefix(1))
                rest = rest.dropFirst()
                continue
            }
            rest = rest.dropFirst(word.count)
            if word.last == ":", rest.first?.isWhitespace ?? true {
                add(word.dropLast(), "key")
                add(":")
            } else {
                add(word, isValue(word) ? "value" : nil)
            }
        }
        return pieces
    }

    private static func isSeparator(_ character: Character) -> Bool {
        character.isWhitespace || "{}[],".contains(character)
    }

    private static func isValue(_ word: Substring) -> Bool {
        ["true", "false", "null"].contains(word) || word.allSatisfy { $0.isASCII && ($0.isNumber || "-+.:eE_".contains($0)) }
    }

    /// A text in quotation marks, as far as it stands on this line.
    private static func quoted(_ text: Substring) -> Substring {
        guard let mark = text.first else { return text }
        var index = text.index(after: text.startIndex)
        while index < text.endIndex {
            if text[index] == "\\", mark == "\"" {
                index = text.index(after: index)
            } else if text[index] == mark {
                return text[...index]
            }
            if index < text.endIndex { index = text.index(after: index) }
        }
        return text
    }
}
