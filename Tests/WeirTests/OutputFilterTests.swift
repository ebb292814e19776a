import Testing
import WorkflowTestKit

@testable import weir

@Suite struct OutputFilterTests {
    private func shown(_ pieces: [String], _ form: OutputForm) -> String {
        var filter = OutputFilter(form: form)
        let bytes = pieces.enumerated().flatMap { filter.filtered(Array($1.utf8), isLast: $0 == pieces.count - 1) }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: [
        ("\u{1B}[2J\u{1B}[Hcleared\u{1B}]0;title\u{7}\u{1B}[6n\u{1B}]52;c;eA==\u{7}\u{1B}c", "cleared", "cleared"),
        ("\u{1B}[1;31mred\u{1B}[0m plain", "\u{1B}[0;1;31mred\u{1B}[0m plain", "red plain"),
        ("\u{1B}[8;5mhidden\u{1B}[m", "hidden", "hidden"),
        ("\u{1B}[41mred\nred", "\u{1B}[0;41mred\u{1B}[0m\n\u{1B}[0;41mred\u{1B}[0m", "red\nred"),
        ("10%\r20%\r\nevil\u{8}\u{8}\u{8}\u{8}good\u{9B}2J\u{0}", "10%\n20%\nevilgood", "10%\n20%\nevilgood"),
        ("\u{1B}[38:2:1:1:2:3mx\u{1B}[4:3my", "\u{1B}[0;38;2;1;2;3mx\u{1B}[0;4;38;2;1;2;3my\u{1B}[0m", "xy"),
        ("a\u{202E}b\tc", "a<U+202E>b\tc", "a\u{202E}b\tc"),
    ])
    func aTerminalGetsColoursAndNothingElse(printed: String, styled: String, plain: String) {
        #expect(shown([printed], .styled) == styled)
        #expect(shown([printed], .plain) == plain)
        #expect(shown([printed], .raw) == printed)
    }

    @Test func coloursContinueInTheNextPieceAndAreResetAfterEach() {
        #expect(
            shown(["\u{1B}[3", "2mgreen", " too\u{1B}", "[0m end"], .styled)
                == "\u{1B}[0;32mgreen\u{1B}[0m\u{1B}[0;32m too\u{1B}[0m end")
        #expect(shown(["ä", "\u{1B}]0;a", "b\u{7}c"], .plain) == "äc")
    }

    @Test func theEndOfALineIsKnown() {
        var filter = OutputFilter(form: .styled)
        var ends: [Bool?] = []
        for piece in ["a\n\u{1B}[0m", "\u{1B}[1m", "b", "\r"] {
            _ = filter.filtered(Array(piece.utf8), isLast: false)
            ends.append(filter.endsWithLineBreak)
        }
        #expect(ends == [true, nil, false, true])
    }

    /// Only tabs, line feeds and complete colour sequences remain.
    @Test(arguments: 0..<10) func onlyColoursPassForAnyBytes(seed: UInt64) throws {
        let random = SeededRandom(seed: seed)
        let controls: [UInt8] = [0x1B, 0x5B, 0x5D, 0x6D, 0x07, 0x9B, 0xC2, 0x9D, 0x3B, 0x31, 0x0D, 0x08, 0x50, 0x5C]
        var filter = OutputFilter(form: .styled)
        for _ in 0..<200 {
            let bytes = (0..<random.number(in: 1...40)).map { _ in
                random.chance(0.7) ? random.element(of: controls) ?? 0 : UInt8(random.number(in: 0...255))
            }
            let shown = try #require(String(validating: filter.filtered(bytes, isLast: random.chance(0.1)), as: UTF8.self))
            let rest = shown.replacing(/\u{1B}\[0[0-9;]*m/, with: "")
            #expect(
                rest.unicodeScalars.allSatisfy { "\n\t".unicodeScalars.contains($0) || $0.properties.generalCategory != .control })
        }
    }
}
