import Testing
import WorkflowModel
import WorkflowTestKit

@testable import WorkflowPages

@Suite struct TextTests {
    @Test func everyHTMLCharacterIsEscapedWhateverIsCombinedWithIt() {
        #expect(HTMLText.escaped("<a href=\"x\" title='&'>") == "&lt;a href=&quot;x&quot; title=&#39;&amp;&#39;&gt;")
        // One character in Swift; a quotation mark and an accent in a browser.
        #expect(HTMLText.escaped("\"\u{301} onclick=x<\u{338}") == "&quot;\u{301} onclick=x&lt;\u{338}")
        #expect(HTMLText.escaped("plain ü") == "plain ü")
        #expect(HTMLText.escaped("a\u{202E}b\u{2066}c\u{2069}") == "a&lt;U+202E&gt;b&lt;U+2066&gt;c&lt;U+2069&gt;")
        #expect(HTMLText.escaped("–…\u{200F}\u{2029}שלום") == "–…\u{200F}\u{2029}שלום")
        #expect(HTMLText.escaped("a\u{0}b") == "a\u{FFFD}b")
    }

    @Test func templatesUseTheSameEscaping() throws {
        let pages = try Pages()
        let page = FaultPage(status: 404, title: "\"\u{301}><b>", message: "<script>", requestID: "'")
        let html = pages.document(page, for: nil)
        #expect(html.contains("<title>&quot;\u{301}&gt;&lt;b&gt; · Weir</title>"))
        #expect(!html.contains("<script>"))
    }

    @Test(arguments: [
        ("courier.group/run", "Courier group"), ("amperity.orchestration.orchestration/run", "Orchestration"),
        ("campaign.send", "Campaign send"), ("campaign.append-results", "Campaign results"), ("bridge.sync", "Bridge sync"),
        ("courier.pull", "Courier"), ("orchestration.group/run", "Orchestration group"), ("data-refresh/run", "Data refresh"),
        ("file_upload", "File upload"), ("record.deletion", "Record deletion"), ("campaign.fetch", "campaign.fetch"),
        ("something.else/run", "something.else/run"), ("", ""),
        ("predictive-job/run", "Predictive job"), ("ingest/run", "Ingest"), ("database.build/run", "Database"),
        ("c360-validation/run", "C360 validation"), ("amperity.ccpa.delete/run", "CCPA delete"),
        ("compact.campaign-recipients-table", "Compact campaign recipients table"),
        ("domain-table.schema-migration/run", "Domain table schema migration"),
        ("input-validation.report/update", "Input validation report update"),
        ("input-validation-report.update", "Input validation report update"), ("manual.campaign/run", "Manual campaign run"),
        ("manual-campaign-run", "Manual campaign run"), ("manual-index.run", "Manual index run"),
        ("system-migration-on-campaigns-recipients-table/run", "System migration on campaigns recipients table"),
        ("uid2.enrichment/run", "UID2 enrichment"),
        ("update-campaign-recipients-table/run", "Update campaign recipients table"),
    ])
    func typesHaveTheNamesThatPeopleKnow(_ type: String, _ label: String) {
        #expect(TypeLabel.text(type) == label)
    }

    @Test(arguments: [
        (0, "0 ms"), (850, "850 ms"), (1_000, "1.0 s"), (9_990, "9.9 s"), (59_999, "59 s"), (60_000, "1 m 00 s"),
        (3_599_000, "59 m 59 s"),
        (3_600_000, "1 h 00 m"), (90_000_000, "1 d 01 h"), (-5, "0 ms"),
    ])
    func runtimesHaveTwoUnits(_ milliseconds: Int, _ text: String) {
        #expect(RuntimeText.text(.milliseconds(milliseconds)) == text)
    }

    @Test func countsHaveCommas() {
        #expect([0, 999, 1_000, 1_234_567].map(CountText.text) == ["0", "999", "1,000", "1,234,567"])
        #expect(CountText.text(1, "run", "runs") == "1 run")
    }

    @Test func timesAreInUTC() {
        let text = TimeText(Timestamp(milliseconds: 1_700_000_000_000))
        #expect(text.utc == "14 Nov 2023, 22:13:20 UTC")
    }

    @Test func anErrorWithoutAttributionShowsNone() {
        let error = RunError(attribution: nil, type: "a.b/c", message: "No such table")
        #expect(ErrorLine(error).blame == nil)
        #expect(Problem(error, isOver: true).blame == nil)
        #expect(!Problem(error, isOver: true).advice.contains("at fault:"))
        #expect(ErrorLine(RunError(attribution: .platform, type: "a", message: "b")).blame?.label == "Platform")
    }

    @Test func jsonOnlyGetsWhitespace() {
        #expect(
            PrettyJSON.text(#"{"a":[1,{"b":"x,{\"y"}],"c":{},"d":1.10}"#)
                == "{\n  \"a\": [\n    1,\n    {\n      \"b\": \"x,{\\\"y\"\n    }\n  ],\n  \"c\": {},\n  \"d\": 1.10\n}")
    }
}

@Suite struct LogTextTests {
    private func html(_ text: String, isLast: Bool = true) -> String {
        LogText(Array(text.utf8), from: LogPlace(), isLast: isLast).html
    }

    @Test func coloursAreClassesAndTextIsInert() {
        #expect(html("a\u{1B}[1;31m<b>\u{1B}[0m c") == "a<span class=\"a1 a31\">&lt;b&gt;</span> c")
        #expect(html("\u{1B}[38;5;196mx\u{1B}[mz") == "<span class=\"a91\" data-fg=\"ff0000\">x</span>z")
        #expect(html("\u{1B}]0;title\u{7}\u{1B}[2Kx\u{8}\u{0}") == "x")
        #expect(html("1%\r2%\r\nend") == "2%\nend")
    }

    @Test(arguments: [
        ("\u{1B}[1mx\u{1B}(B\u{1B}[my", "<span class=\"a1\">x</span>y"), ("\u{1B}[4:3mx", "<span class=\"a4 u3\">x</span>"),
        ("\u{1B}[58;5;1mx", "x"), ("\u{1B}[38:2:1:250:250:250mx", "<span class=\"a97\" data-fg=\"fafafa\">x</span>"),
        ("\u{1B}[48;2;0;0;230mx", "<span class=\"a44\" data-bg=\"0000e6\">x</span>"), ("\u{1B}[7mx", "<span class=\"a7\">x</span>"),
        ("\u{1B}[7;31;44mx", "<span class=\"a34 a41\">x</span>"), ("\u{1B}7a\u{1B}[5@b\u{1B}8", "ab"),
    ])
    func stylesAreReadAsATerminalReadsThem(printed: String, shown: String) {
        #expect(html(printed) == shown)
    }

    @Test(arguments: [
        ("10%\r20%\r30%\n", "30%\n"), ("kept\n1\r2", "kept\n2"), ("50%\r", "50%"), ("50%\r\n", "50%\n"),
        ("a\r\r\nb", "a\nb"),
        ("\u{1B}[32m1%\r2%", "<span class=\"a32\">2%</span>"), ("1%\r\u{1B}[0m\n", "1%\n"),
        ("long text\r\u{1B}[2Kx", "x"),
    ])
    func aCarriageReturnOverwritesItsLine(printed: String, shown: String) {
        #expect(html(printed) == shown)
    }

    @Test func piecesJoinToTheSameWhereverTheyAreCut() {
        let bytes = Array(
            "ä\u{1B}[32;48:2::9:8:7;4:3mgrün\u{1B}[0m €\r\n5%\r\u{1B}[1m6%\r7%\n\r\u{1B}]8;;x\u{7}🙂\u{1B}(B \u{9B}1mend\u{1B}]0;"
                .utf8)
        let whole = LogText(bytes, from: LogPlace(), isLast: true)
        for cut in 0...bytes.count {
            let first = LogText(Array(bytes[..<cut]), from: LogPlace(), isLast: false)
            let place = LogPlace(text: first.place.text)
            #expect(place == first.place, "cut at \(cut)")
            let second = LogText(Array(bytes[first.place.offset...]), from: first.place, isLast: true)
            var kept = first.text
            if second.erasesLine { kept = kept.lastIndex(of: "\n").map { String(kept[...$0]) } ?? "" }
            #expect(kept + second.text == whole.text, "cut at \(cut)")
            #expect(second.place.offset == bytes.count)
            #expect(second.place.line == whole.place.line && second.place.beginsLine == whole.place.beginsLine, "cut at \(cut)")
        }
    }

    @Test func everyLineFeedIsALineOfTheTextWhateverIsPrinted() {
        let random = SeededRandom(seed: 5)
        let alphabet = Array("\n\r\u{1B}[]mX;0\u{7}\u{85}\u{9B}\u{9D}k\u{18}\u{B}\u{C}ab".utf8)
        for _ in 0..<3_000 {
            let bytes = (0..<random.number(in: 0...40)).map { _ in alphabet[random.number(in: 0...alphabet.count - 1)] }
            let text = LogText(bytes, from: LogPlace(), isLast: true)
            #expect(text.place.line - 1 == bytes.count { $0 == 10 }, "\(bytes)")
        }
    }

    @Test(arguments: ["", "x", "1", "-1.", "1..z.0", "1...x", "1...9223372036854775807", String(repeating: "1", count: 200)])
    func aPositionThatIsNoneIsRefused(text: String) {
        #expect(LogPlace(text: text) == nil)
    }
}
