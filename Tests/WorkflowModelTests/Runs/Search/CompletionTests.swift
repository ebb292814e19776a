import Testing
import WorkflowModel

@Suite("Completion of searches")
struct CompletionTests {
    private static func values(_ key: SearchKey) -> [(text: String, summary: String?)] {
        switch key {
        case .workflow: [("cg-daily", "Daily"), ("cg-hourly", nil), ("og daily", nil)]
        case .type: [("a,b", nil), ("courier.group/run", nil)]
        default: []
        }
    }

    /// The text with each proposal in its place. `|` is the cursor.
    private static func proposals(_ text: String) -> [String] {
        let parts = text.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
        let whole = Array(parts.joined().utf16)
        let cursor = parts[0].utf16.count
        return RunSearch.completions(of: parts.joined(), cursor: cursor, values: values).map { completion in
            #expect(completion.range.upperBound == cursor)
            let changed =
                whole[..<completion.range.lowerBound] + Array(completion.insertion.utf16) + whole[completion.range.upperBound...]
            return String(decoding: changed, as: UTF16.self)
        }
    }

    @Test(arguments: [
        ("wor|", ["workflow:"]), ("-wor|", ["-workflow:"]), ("failed TY|", ["failed type:"]), ("bla|", ["attribution:"]),
        ("fai|", ["state:failed"]), ("\u{1F44D} wor| x", ["\u{1F44D} workflow: x"]), ("zzz|", []), ("ended_s|", ["ended-since:"]),
        ("st|", ["state:", "by:", "state:started", "state:stopping"]), ("-since|", []), ("unknown:x|", []), ("\"wor|", []),
    ])
    func proposeKeys(text: String, proposals: [String]) {
        #expect(Self.proposals(text) == proposals)
    }

    @Test(arguments: [
        ("state:fail|", ["state:failed", "state:running-with-failures"]), ("state:FAILE|", ["state:failed"]),
        ("-state:st|", ["-state:started", "-state:stopping"]),
        ("state:failed,can|", ["state:failed,canceled"]), ("state:progress|", ["state:in-progress"]),
        ("status:canceled,cance|", []), ("fault:|", ["fault:customer", "fault:platform"]),
        ("mode:f|", ["mode:full", "mode:refresh"]),
        ("sort:run|", ["sort:runtime", "sort:-runtime"]), ("order:|", ["order:desc", "order:asc"]),
        ("since:yes|", ["since:yesterday"]), ("since:last m|", ["since:last mode:"]),
        ("since:\"last m|", ["since:\"last monday\"", "since:\"last month\""]), ("on:\"last w|", ["on:\"last week\""]),
        ("took:>|", ["took:>10m"]), ("attempts:|", ["attempts:>1", "attempts:>2"]), ("text:wor|", []), ("by:x|", []),
        ("workflow:cg|", ["workflow:cg-daily", "workflow:cg-hourly"]),
        ("workflow:daily|", ["workflow:cg-daily", "workflow:\"og daily\""]),
        ("workflow:cg-daily,c|", ["workflow:cg-daily,cg-hourly"]),
        ("workflow:\"og|", ["workflow:\"og daily\""]), ("type:a|", ["type:\"a,b\""]),
        ("workflow:cg-d| x", ["workflow:cg-daily x"]),
    ])
    func proposeValues(text: String, proposals: [String]) {
        #expect(Self.proposals(text) == proposals)
    }

    @Test func anEmptyTermCanBeAnyKey() {
        for text in ["", "state:failed ", "type:\"a b\" "] {
            let completions = RunSearch.completions(of: text, cursor: text.utf16.count)
            #expect(completions.map(\.insertion) == SearchKey.allCases.map { "\($0.name):" })
            #expect(completions.allSatisfy { $0.range == text.utf16.count..<text.utf16.count && $0.summary?.isEmpty == false })
        }
        let excluded = RunSearch.completions(of: "-", cursor: 1)
        #expect(excluded.map(\.insertion) == SearchKey.allCases.filter(\.takesExclusion).map { "\($0.name):" })
        #expect(excluded.allSatisfy { $0.range == 1..<1 })
    }

    @Test func theKeyAtTheCursorIsKnown() {
        #expect(RunSearch.completedKey(of: "failed config_id:x", cursor: 18) == .workflow)
        #expect(RunSearch.completedKey(of: "failed config_id:x", cursor: 10) == nil)
        #expect(RunSearch.completedKey(of: "type:a ", cursor: 7) == nil)
        #expect(RunSearch.completedKey(of: "type:a,", cursor: 7) == .type)
        #expect(RunSearch.completedKey(of: "\u{1F44D} type:", cursor: 8) == .type)
    }

    @Test func valuesAreOnlyAskedForWhereTheyAreNotKnown() {
        for (text, key) in [("state:", nil), ("since:", nil), ("type:", .type), ("label:", .label), ("", nil)]
            as [(String, SearchKey?)]
        {
            var asked: [SearchKey] = []
            _ = RunSearch.completions(of: text, cursor: text.utf16.count) { key in
                asked.append(key)
                return []
            }
            #expect(asked == [key].compactMap { $0 })
        }
    }

    @Test func proposalsAreFew() {
        let completions = RunSearch.completions(of: "type:", cursor: 5) { _ in (0..<500).map { ("t\($0)", nil) } }
        #expect(completions.count == RunSearch.mostCompletions && completions.first?.insertion == "t0")
        #expect(RunSearch.completions(of: "type:", cursor: 900).isEmpty)
        #expect(RunSearch.completions(of: "", cursor: -3).count == SearchKey.allCases.count)
    }
}
