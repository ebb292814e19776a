import Testing
import WorkflowModel
import WorkflowTestKit

@Suite struct TerminalParserTests {
    /// The parsed elements, with adjacent texts joined.
    static func elements(_ pieces: [[UInt8]], isLast: Bool = true) -> [TerminalParser.Element] {
        var found: [TerminalParser.Element] = []
        var parser = TerminalParser()
        func take(_ element: TerminalParser.Element) {
            if case .text(let text) = element, case .text(let before) = found.last {
                found[found.count - 1] = .text(before + text)
            } else {
                found.append(element)
            }
        }
        for piece in pieces { parser.read(piece, found: take) }
        if isLast { parser.finish(found: take) }
        return found
    }

    /// The text with `|` for a line break, `<` for a backspace and `{…}` for a rendition.
    static func shown(_ bytes: [UInt8]) -> String {
        elements([bytes]).map { element in
            switch element {
            case .text(let text): text
            case .lineBreak: "|"
            case .backspace: "<"
            case .rendition(let parameters):
                "{" + parameters.map { $0.map { $0.map(String.init) ?? "" }.joined(separator: ":") }.joined(separator: ";") + "}"
            }
        }.joined()
    }

    @Test(arguments: [
        ("plain ä €\t🙂", "plain ä €\t🙂"),
        ("a\nb\rc\r\nd", "a|b|c|d"), ("a\r\n\r\nb", "a||b"), ("a\n\nb", "a||b"), ("a\r\u{1B}[0m\nb", "a|{0}b"),
        ("a\u{8}b\u{0}c\u{7}d\u{7F}e\u{B}f", "a<bcdef"),
        // CSI: any parameters, intermediate bytes, final byte.
        ("\u{1B}[2Ja\u{1B}[1;1Hb\u{1B}[?25lc\u{1B}[5@d\u{1B}[2 qe\u{1B}[!pf\u{1B}[>4;2mg\u{1B}[?4mh\u{1B}[3~i", "abcdefghi"),
        ("\u{1B}[ma\u{1B}[1;31mb\u{1B}[;4:3mc\u{1B}[38:2::1:2:3m", "{}a{1;31}b{;4:3}c{38:2::1:2:3}"),
        // Two and three bytes.
        ("\u{1B}7a\u{1B}8b\u{1B}(Bc\u{1B})0d\u{1B}#8e\u{1B}cf\u{1B}%Gg\u{1B}=h\u{1B} Fi\u{1B}OAj", "abcdefghiAj"),
        // Strings with BEL or ST, as ESC \ and as C1.
        ("\u{1B}]0;title\u{7}a\u{1B}]8;;http://x/\u{1B}\\link\u{1B}]8;;\u{1B}\\b", "alinkb"),
        ("\u{1B}Pq#0\u{1B}\\a\u{1B}_Gx\u{7}b\u{1B}^pm\u{1B}\\c\u{1B}Xsos\u{1B}\\d\u{1B}kname\u{1B}\\e", "abcde"),
        ("\u{9B}31ma\u{9D}0;t\u{9C}b\u{90}q\u{9C}c\u{9F}x\u{7}d\u{84}e\u{85}f", "{31}abcdef"),
        // An unterminated string hides no later line, and an ESC in it begins the next sequence.
        ("\u{1B}]0;title\nnext", "|next"), ("\u{1B}Pabc\u{1B}[1mbold", "{1}bold"),
        // Aborted or invalid sequences.
        ("\u{1B}[12\u{18}a\u{1B}]x\u{1A}b\u{1B}\u{1B}[1mc\u{1B}[3\u{1B}[4md", "ab{1}c{4}d"), ("\u{1B}[3ä", "ä"),
        ("\u{1B}[\nx\u{1B}\ny", "|x|y"), ("\u{1B}[1\u{0}\u{7}mx", "{1}x"),
        // Cut off by the end.
        ("a\u{1B}", "a"), ("a\u{1B}[1;3", "a"), ("a\u{1B}]0;tit", "a"), ("a\u{1B}(", "a"),
    ])
    func sequencesAreTakenOutWhole(printed: String, shown: String) {
        #expect(Self.shown(Array(printed.utf8)) == shown)
    }

    @Test(arguments: [
        ("a\u{1B}]0;disk full\nnext", "a0;disk full|next"), ("a\u{1B}]0;disk full", "a0;disk full"),
        ("a\u{1B}]0;disk\u{1B}[1m full\u{1}", "a0;disk{1} full"), ("a\u{9D}0;ä\u{1}\tb", "a0;ä\tb"),
        ("a\u{1B}]0;t\u{7}b\u{1B}]0;t\u{1B}\\c\u{9D}0;t\u{9C}d\u{1B}]0;t\u{18}e", "abcde"),
        ("a\u{1B}]0;0123456789abcdef\nb", "a0;0123456789abcd|b"),
    ])
    func anUnterminatedStringCanBeKeptAsText(printed: String, shown: String) {
        for size in [1, 3, 100] {
            var parser = TerminalParser(unterminatedKept: 16)
            var text = ""
            func take(_ element: TerminalParser.Element) {
                switch element {
                case .text(let piece): text += piece
                case .lineBreak: text += "|"
                case .backspace: text += "<"
                case .rendition: text += "{1}"
                }
            }
            var rest = Array(printed.utf8)[...]
            while !rest.isEmpty {
                parser.read(rest.prefix(size), found: take)
                rest = rest.dropFirst(size)
            }
            parser.finish(found: take)
            #expect(text == shown)
        }
    }

    @Test func bytesThatAreNotUTF8AreShownAsSuch() {
        #expect(Self.shown([0x61, 0xFF, 0x62, 0x9B, 0x33, 0x6D]) == "a\u{FFFD}b\u{FFFD}3m")
        #expect(Self.shown([0x61, 0xE2, 0x82]) == "a\u{FFFD}")
        #expect(Self.shown([0x1B, 0x5B, 0xC2]) == "\u{FFFD}")
    }

    @Test func aSequenceHasALongestLength() {
        let limit = TerminalParser.longestSequence
        let digits = { (count: Int) in Array("\u{1B}[\(String(repeating: "1", count: count))mx".utf8) }
        #expect(Self.shown(digits(limit - 3)).hasSuffix("}x"))
        #expect(Self.shown(digits(limit - 2)) == "mx")
    }

    @Test func whatIsUnfinishedIsCounted() {
        let cases: [(String, Int, Bool)] = [
            ("a", 0, false), ("a\u{1B}", 1, false), ("a\u{1B}[1;2", 5, false), ("\u{1B}(", 2, false), ("\u{1B}]0;title", 0, true),
            ("\u{9B}1", 3, false),
        ]
        for (printed, unfinished, isInString) in cases {
            var parser = TerminalParser()
            parser.read(printed.utf8) { _ in }
            #expect(parser.unfinishedBytes == unfinished, "\(printed.debugDescription)")
            #expect(parser.isInString == isInString, "\(printed.debugDescription)")
        }
        var parser = TerminalParser()
        parser.read([0x61, 0xF0, 0x9F]) { _ in }
        #expect(parser.unfinishedBytes == 2)
    }

    /// Bytes and pieces with a meaning, in any order.
    private static let pool: [[UInt8]] =
        [
            "a", "ä", "€", "🙂", "\n", "\r", "\t", "\u{8}", "\u{1B}", "[", "]", "P", "m", "1;31m", "38:2::1:2:3m", "\u{1B}[",
            "\u{1B}]8;;x",
            "\u{1B}\\", "\u{7}", "\u{9B}", "\u{9C}", "\u{9D}", "\u{18}", "(B", "?25l", "\u{0}", "7",
        ].map { Array($0.utf8) } + [
            [0xC2], [0x80], [0xE2], [0x82], [0xF0], [0x9F], [0xFF], [0xC0], [0x9C], [0xED, 0xA0], [0xF4, 0x90],
        ]

    @Test(arguments: 0..<20) func anyBytesAreReadTheSameHoweverTheyAreCut(seed: UInt64) {
        let random = SeededRandom(seed: seed)
        for _ in 0..<50 {
            var bytes: [UInt8] = []
            for _ in 0..<random.number(in: 1...30) {
                bytes += random.chance(0.1) ? [UInt8(random.number(in: 0...255))] : random.element(of: Self.pool) ?? []
            }
            let whole = Self.elements([bytes])
            for element in whole {
                guard case .text(let text) = element else { continue }
                let isClean = text.unicodeScalars.allSatisfy { $0 == "\t" || $0.properties.generalCategory != .control }
                #expect(isClean, "\(bytes)")
            }
            for cut in 0...bytes.count {
                #expect(Self.elements([Array(bytes[..<cut]), Array(bytes[cut...])]) == whole, "\(bytes) cut at \(cut)")
            }
            #expect(Self.elements(bytes.map { [$0] }) == whole, "\(bytes)")
        }
    }
}
