import Testing
import WorkflowModel

@testable import WorkflowPages

@Suite struct TextTests {
    @Test func everyMarkOfHTMLIsEscapedWhateverIsJoinedToIt() {
        #expect(HTMLText.escaped("<a href=\"x\" title='&'>") == "&lt;a href=&quot;x&quot; title=&#39;&amp;&#39;&gt;")
        // One character to Swift, a quotation mark and an accent to a browser.
        #expect(HTMLText.escaped("\"\u{301} onclick=x<\u{338}") == "&quot;\u{301} onclick=x&lt;\u{338}")
        #expect(HTMLText.escaped("plain ü") == "plain ü")
    }

    @Test func templatesEscapeThatWayToo() throws {
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
        #expect(TimeText(Timestamp(milliseconds: 1_700_000_000_000), isDay: true).utc == "14 Nov 2023")
    }

    @Test func jsonIsMovedApartAndNothingElse() {
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
        #expect(html("\u{1B}[38;5;196mx\u{1B}[mz") == "xz")
        #expect(html("\u{1B}]0;title\u{7}\u{1B}[2Kx\u{8}\u{0}") == "x")
        #expect(html("1%\r2%\r\nend") == "1%\n2%\nend")
    }

    @Test func piecesJoinToTheSameWhereverTheyAreCut() {
        let bytes = Array("ä\u{1B}[32mgrün\u{1B}[0m €\r\n\u{1B}]8;;x\u{7}🙂 end".utf8)
        let whole = LogText(bytes, from: LogPlace(), isLast: true)
        for cut in 0...bytes.count {
            let first = LogText(Array(bytes[..<cut]), from: LogPlace(), isLast: false)
            let place = LogPlace(text: first.place.text)
            #expect(place == first.place)
            let second = LogText(Array(bytes[first.place.offset...]), from: first.place, isLast: true)
            #expect(first.text + second.text == whole.text, "cut at \(cut)")
            #expect(second.place.offset == bytes.count)
        }
    }

    @Test func linesAreFoundWhateverTheirCase() {
        let found = LogSearch("ERROR", in: Array("fine\nan error <x> error\nfine".utf8))
        #expect(found.count == 1)
        #expect(found.html == "<span class=\"number\">2</span> an <mark>error</mark> &lt;x&gt; <mark>error</mark>\n")
    }
}
