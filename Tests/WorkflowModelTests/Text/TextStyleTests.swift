import Testing
import WorkflowModel

@Suite struct TextStyleTests {
    private static func style(_ printed: String) -> TextStyle {
        var style = TextStyle()
        var parser = TerminalParser()
        parser.read(printed.utf8) { element in
            if case .rendition(let parameters) = element { style.apply(parameters) }
        }
        return style
    }

    /// The expected text is the canonical form, as stored with logs.
    @Test(arguments: [
        ("\u{1B}[1;31m", "1-31"), ("\u{1B}[31;1;4;3;2;7;9m", "1-2-3-4-7-9-31"), ("\u{1B}[92;105m", "92-105"),
        ("\u{1B}[1m\u{1B}[m", ""), ("\u{1B}[1;31m\u{1B}[;4m", "4"), ("\u{1B}[1m\u{1B}[0;32m", "32"),
        // Underlines of several kinds.
        ("\u{1B}[4:3m", "4:3"), ("\u{1B}[4:1m", "4"), ("\u{1B}[4m\u{1B}[4:0m", ""), ("\u{1B}[21m", "4:2"),
        ("\u{1B}[4:3m\u{1B}[24m", ""),
        // The colour of an underline affects nothing else.
        ("\u{1B}[58;5;1m", ""), ("\u{1B}[58:5:1m", ""), ("\u{1B}[58;2;1;3;4;31m", "31"), ("\u{1B}[59m", ""),
        // Colours out of many.
        ("\u{1B}[38;5;196m", "38:5:196"), ("\u{1B}[38:5:9m", "91"), ("\u{1B}[48;5;3;1m", "1-43"),
        ("\u{1B}[38:2:1:10:20:30m", "38:2::10:20:30"), ("\u{1B}[38:2::10:20:30m", "38:2::10:20:30"),
        ("\u{1B}[38:2:10:20:30m", "38:2::10:20:30"), ("\u{1B}[38;2;10;20;30;4m", "4-38:2::10:20:30"),
        ("\u{1B}[48;2;;20;m", "48:2::0:20:0"),
        // Not colours.
        ("\u{1B}[38;5;256m", ""), ("\u{1B}[38;5m", ""), ("\u{1B}[38;2;1;2m", ""), ("\u{1B}[38m", ""), ("\u{1B}[38;9;1m", "1"),
        ("\u{1B}[1:2m", ""), ("\u{1B}[38:2m", ""), ("\u{1B}[8;5m", ""), ("\u{1B}[99999999999999999999m", ""), ("\u{1B}[>1m", ""),
    ])
    func isWhatTheSequencesSay(printed: String, text: String) {
        let style = Self.style(printed)
        #expect(style.text == text)
        #expect(TextStyle(text: style.text) == style)
        #expect(style.isPlain == text.isEmpty)
        if style.underline ?? .single == .single { #expect(Self.style("\u{1B}[1;2;3;4;7m" + style.sequence) == style) }
    }

    @Test func isWrittenInAWayThatMostTerminalsRead() {
        #expect(Self.style("\u{1B}[4:3;38:2:1:10:20:30m").sequence == "\u{1B}[0;4;38;2;10;20;30m")
        #expect(TextStyle().sequence == "\u{1B}[0m")
    }

    @Test func coloursHaveAClosestOfTheBasicOnes() {
        typealias Color = TextStyle.Color
        let cases: [(Color, Int)] = [
            (.palette(3), 3), (.palette(12), 12), (.palette(196), 9), (.palette(46), 10), (.palette(16), 0), (.palette(231), 15),
            (.palette(244), 8), (.rgb(250, 10, 5), 9), (.rgb(200, 10, 0), 1), (.rgb(0, 0, 0), 0),
        ]
        for (color, closest) in cases { #expect(color.closestBasic == closest, "\(color)") }
    }

    @Test(arguments: [
        ("plain\n\ttext", "plain\n\ttext"), ("\u{1B}[31mred\u{1B}[0m", "red"), ("1%\r2%\r\nend", "1%\n2%\nend"),
        ("N\u{8}NO\u{8}O", "NO"), ("\u{8}a\u{0}b\u{1B}]0;t\u{7}c", "abc"), ("a\u{1B}[3", "a"),
        ("a\u{1B}]0;disk full\nb", "a0;disk full\nb"),
    ])
    func textsLoseWhatOnlyATerminalUnderstands(text: String, plain: String) {
        #expect(TerminalText.plain(text) == plain)
    }
}
