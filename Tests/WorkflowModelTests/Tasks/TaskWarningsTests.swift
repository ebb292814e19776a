import Testing

@testable import WorkflowModel

@Suite("Warnings of a task")
struct TaskWarningsTests {
    private static func read(_ json: String) throws -> TaskWarnings {
        try TaskWarnings(try #require(JSONValue(json: json.utf8)))
    }

    @Test(arguments: [
        ("null", []), ("[]", []), (#"["3 rows have no price", "b"]"#, ["3 rows have no price", "b"]), (#"["a", "a"]"#, ["a", "a"]),
        (#"["\u001b[1mbold\u001b[0m\r\nmore"]"#, ["bold\nmore"]), (#"["café", "cafe\u0301"]"#, ["café", "cafe\u{301}"]),
    ])
    func areTextsInTheirOrder(json: String, texts: [String]) throws {
        let read = try Self.read(json).texts
        #expect(read.map { Array($0.utf8) } == texts.map { Array($0.utf8) })
    }

    @Test(arguments: [
        ("3", TaskWarningsError.noList), (#""one""#, .noList), ("{}", .noList), ("true", .noList),
        (#"["a", 3]"#, .noText(number: 2)), (#"["a", null]"#, .noText(number: 2)), (#"[["a"]]"#, .noText(number: 1)),
        (#"[""]"#, .empty(number: 1)), (#"["a", " \n "]"#, .empty(number: 2)), (#"["\u001b[1m"]"#, .empty(number: 1)),
    ])
    func areRefusedInAnotherForm(json: String, error: TaskWarningsError) {
        #expect(throws: error) { try Self.read(json) }
    }

    @Test func areSoManyAndNoMore() throws {
        let texts = Array(repeating: "x", count: TaskWarnings.most)
        #expect(try TaskWarnings(texts).count == 100)
        #expect(throws: TaskWarningsError.tooMany(101)) { try TaskWarnings(texts + ["x"]) }
        #expect(throws: TaskWarningsError.tooMany(101)) { try TaskWarnings(.array((texts + ["x"]).map(JSONValue.string))) }
    }

    @Test func areSoLongAndNoLonger() throws {
        let longest = String(repeating: "ä", count: TaskWarnings.longestText / 2)
        #expect(try TaskWarnings(["a", longest]).texts[1].utf8.count == 4_096)
        #expect(throws: TaskWarningsError.tooLong(number: 2, bytes: 4_097)) { try TaskWarnings(["a", longest + "x"]) }
    }

    @Test func comeBackFromTheTextThatAStoreKeeps() throws {
        let warnings = try TaskWarnings(["a \"b\" \\ \0", "cafe\u{301}", "line\nbreak"])
        let text = try #require(warnings.storedText)
        #expect(TaskWarnings(storedText: text) == warnings && !text.utf8.contains(0))
        #expect(TaskWarnings().storedText == nil)
        #expect(TaskWarnings(storedText: "{}") == nil && TaskWarnings(storedText: "[1]") == nil)
    }

    @Test(arguments: [
        TaskWarningsError.noList, .tooMany(101), .noText(number: 2), .empty(number: 2), .tooLong(number: 2, bytes: 5_000),
    ])
    func aRefusalEndsASentence(error: TaskWarningsError) {
        #expect(error.problem.hasPrefix("are ") || error.problem.hasPrefix("have "))
        #expect(!error.problem.hasSuffix("."))
    }
}
