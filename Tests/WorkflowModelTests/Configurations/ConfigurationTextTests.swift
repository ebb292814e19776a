import Foundation
import Testing
import WorkflowModel
import WorkflowTestKit

@Suite("Invalid configuration texts")
struct ConfigurationTextTests {
    private static let bomb =
        "a: &a [x, x, x, x, x, x, x, x, x]\n"
        + zip("bcdefghij", "abcdefghi").map { "\($0): &\($0) [*\($1), *\($1), *\($1), *\($1), *\($1), *\($1), *\($1), *\($1)]\n" }
        .joined()

    @Test(arguments: [
        Wrong("id: a\n\tname: b", 2, "indented with a tab"),
        Wrong("id: a\nname: [b", 3, "not valid YAML"),
        Wrong("id: a\nid: b", 2, "`id` is already set in line 1"),
        Wrong("a:\n  id: x\n  sub:\n    id: y\n  # id: no\n  'id': z", 6, "`id` is already set in line 2"),
        Wrong("{id: a, id: b}", 1, "`id` occurs more than once"),
        Wrong("id: a\nname: b\nid : c", 3, "`id` is already set in line 1"),
        Wrong("name: a\nid: a\n\"id\"\t: b", 3, "`id` is already set in line 2"),
        Wrong("x:\n  - y: 1\n  - id: a\n    z: {id: 3}\n    # id: no\n    id : b\n  - id: c", 6, "`id` is already set in line 3"),
        Wrong("x: {id: a,\n  z: {id: 2}, 'q': \"id: 3, \",\n  id : c}", 3, "`id` is already set in line 1"),
        Wrong("a: |\n  id: 1\n  id: 2\nid: 3\nb: 4\nid: 5", 6, "`id` is already set in line 4"),
        Wrong("id: a\n---\nid: b", 2, "A second document begins here"),
        Wrong("id: a\n...\n---\nid: b", 3, "A second document begins here"),
        Wrong("- a", 1, "The configuration must be a mapping such as `{id: daily, name: Daily", "not a list"),
        Wrong("text", 1, "not `text`"),
        Wrong("~", 1, "not nothing"),
        Wrong("id: \"a", 1, "not valid YAML"),
        Wrong("id: 'a\u{7}'", 1, "U+0007"),
        Wrong("id: a\n\u{0}", 2, "U+0000"),
    ])
    func areRefusedWithTheLine(wrong: Wrong) {
        let problems = Sample.problems(wrong.text)
        #expect(problems.first?.line == wrong.line, "\(problems)")
        for word in wrong.words { #expect(problems.contains { $0.message.contains(word) }, "\(problems) should say \(word)") }
    }

    @Test(arguments: ["", "\n \n", "# nothing but a comment\n"])
    func thatAreEmptyAreRefused(text: String) {
        #expect(
            Sample.problems(text).map(\.message) == ["The text is empty; a configuration has `id`, `name`, `type` and `stages`."])
    }

    @Test(arguments: [
        Wrong("command: [a]\n        label: !!binary aGVsbG8=", 10, "The tag `!!binary` is not accepted"),
        Wrong("command: !shell [a]", 9, "The tag `!shell` is not accepted"),
        Wrong("command: [a]\n        label: &x y", 10, "Anchors (`&name`) and aliases (`*name`) are not accepted"),
        Wrong("command: [*x]", 9, "`*x` begins with `*`"),
        Wrong("command: [*.csv]", 9, "put text that begins with `*` in quotes"),
        Wrong("command: [a]\n        ? [b]\n        : c", 10, "A member name must be a text, not a list"),
    ])
    func thatUseMoreOfYAMLThanIsAcceptedAreRefused(wrong: Wrong) {
        wrong.expect(in: Sample.problems(Sample.task(wrong.text)))
    }

    /// Expanded, the bomb has a thousand million items; as a member's name it would have to be hashed.
    @Test(.timeLimit(.minutes(10)), arguments: ["", "? *j\n: x\n", "? [*j, *j]\n: x\n"])
    func aliasesThatBlowUpAreRefusedWithoutBeingExpanded(end: String) {
        let problems = Sample.problems(Self.bomb + end)
        #expect(problems.first?.line == 1)
        #expect(problems.contains { $0.message.contains("Anchors (`&name`)") })
        #expect(problems.contains { $0.message.contains("`*a` begins with `*`") })
    }

    @Test(.timeLimit(.minutes(10)), arguments: ["[", "{a: ", "- ", "? "], [65, 999, 2_000, 100_000])
    func nestingBeyondTheLimitIsRefused(opening: String, levels: Int) {
        let text = String(repeating: opening, count: min(levels, 260_000 / opening.utf8.count))
        #expect(!Sample.problems(text).isEmpty)
        #expect(!Sample.problems(text, as: .json).isEmpty)
    }

    @Test func nestingIsAcceptedUpToTheLimit() {
        // The json of the request is six levels deep.
        for (levels, isAccepted) in [(58, true), (59, false)] {
            let json = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
            let problems = Sample.problems(Sample.task("http: {url: \"http://h\", method: POST, json: \(json)}"))
            #expect(problems.isEmpty == isAccepted, "\(levels): \(problems)")
        }
    }

    @Test(arguments: [
        Wrong("", 1, "it is empty"),
        Wrong("{\"id\": \"a\",}", 1, "expected the name of a member"),
        Wrong("{\n\"id\" \"a\"}", 2, "expected `:`"),
        Wrong("{\n\"id\": \"a\"\n", 3, "expected `,` or `}`"),
        Wrong("{\"a\": [1 2]}", 1, "expected `,` or `]`"),
        Wrong("{\"a\": 01}", 1, "not `01`"),
        Wrong("{\"a\": NaN}", 1, "not `NaN`"),
        Wrong("{\"a\": +1}", 1, "not `+1`"),
        Wrong("{'a': 1}", 1, "in double quotes"),
        Wrong("{} {}", 1, "unexpected text after its end"),
        Wrong("{\"a\": \"b\nc\"}", 1, "control character"),
        Wrong("{\"a\": \"\\x\"}", 1, "`\\x` is not an escape"),
        Wrong("{\"a\": \"\\ud800\"}", 1, "half a character"),
        Wrong("{\"a\": \"\\ud800\\u0041\"}", 1, "half a character"),
        Wrong("{\"a\": \"\\u00g0\"}", 1, "four hexadecimal digits"),
        Wrong("{\"a\": \"b", 1, "has no end"),
        Wrong("// no\n{}", 1, "expected a value"),
    ])
    func jsonIsReadStrictly(wrong: Wrong) {
        wrong.expect(in: Sample.problems(wrong.text, as: .json))
    }

    @Test func everyNameThatYAMLHasTwiceIsFoundInItsLine() {
        let problems = Sample.problems("b: 1\na: 1\nb: 2\na: 2\nb : 3").map { "\($0.line ?? 0) \($0.message)" }
        let end = ". Remove one of the two."
        #expect(
            problems == [
                "3 `b` is already set in line 1\(end)", "4 `a` is already set in line 2\(end)",
                "5 `b` is already set in line 1\(end)",
            ])
    }

    @Test func namesThatJSONHasTwiceAreFoundWithTheOtherComplaints() {
        let problems = Sample.problems("{\n\"id\": \"a\",\n\"id\": \"b\", \"nam\": 1}", as: .json)
        #expect(problems.contains { $0.line == 3 && $0.message.contains("`id` is already set in line 2") })
        #expect(problems.contains { $0.message.contains("did you mean `name`?") })
    }

    @Test func namesOfMembersAreToldApartByTheirBytes() throws {
        let members =
            "{\"caf\u{E9}\": \"*\", \"cafe\u{301}\": 12345678901234567890, \"K\": 10.10, \"\u{212A}\": \"\u{E000}\u{F0000}日\"}"
        let yaml = Sample.task("http: {url: \"http://h\", method: POST, json: \(members)}")
        let json = """
            {"id": "daily", "name": "Daily", "type": "shop.daily", "stages": [{"name": "Only", "tasks": [
            {"id": "pull", "type": "shop.pull", "http": {"url": "http://h", "method": "POST", "json": \(members)}}]}]}
            """
        for (text, format) in [(yaml, ConfigurationSource.Format.yaml), (json, .json)] {
            guard case .http(let call)? = try Sample.read(text, as: format).tasks.first?.action, case .json(let body) = call.body
            else {
                Issue.record("no body")
                return
            }
            #expect(Array(body.text.utf8) == Array(members.replacing(": ", with: ":").replacing(", ", with: ",").utf8))
        }
    }

    @Test(arguments: [ConfigurationSource.Format.yaml, .json])
    func aMemberThatIsThereTwiceIsRefusedInABodyToo(format: ConfigurationSource.Format) {
        let http = #""http": {"url": "http://h", "method": "POST", "json": {"é": 1, "é": 2}}"#
        let text =
            #"{"id": "daily", "name": "D", "type": "t", "stages": [{"name": "S", "tasks": [{"id": "p", "type": "t", \#(http)}]}]}"#
        let problems = Sample.problems(text, as: format)
        let reason = format == .yaml ? "`é` occurs more than once" : "`é` is already set in line 1"
        #expect(problems.count == 1 && problems.first?.message.contains(reason) == true, "\(problems)")
    }

    @Test func aTextThatWasAcceptedStaysReadable() throws {
        let name = "\u{200B}" + String(repeating: "क्षि", count: 256)
        let source = ConfigurationSource(text: Sample.task("command: [a]", "label: \"\(name)\""), format: .yaml)
        #expect(throws: ConfigurationProblems.self) { try ConfigurationReader().read(source, file: "x") }
        #expect(try ConfigurationReader.ofAcceptedText.read(source, file: "x").tasks.first?.label == name)
    }

    @Test func bytesThatAreNoUTF8AreRefusedWithTheirLine() {
        let bytes = Array("id: a\nname: ".utf8) + [0xFF, 0xFE] + Array("\ntype: t\n".utf8)
        let problems = #expect(throws: ConfigurationProblems.self) {
            try ConfigurationSource(utf8: bytes, format: .yaml, file: "daily.yaml")
        }
        #expect(problems?.problems.map(\.line) == [2])
        #expect(problems?.problems.first?.message.contains("not valid UTF-8") == true)
    }

    @Test func bytesThatAreUTF8AreTheText() throws {
        let source = try ConfigurationSource(utf8: Array("id: ä".utf8), format: .yaml, directory: "/srv", file: "daily.yaml")
        #expect(source == ConfigurationSource(text: "id: ä", format: .yaml, directory: "/srv"))
    }

    @Test func theLimitsOfSizeHoldAtTheirEdges() {
        let limit = ConfigurationLimits.textBytes
        let base = Sample.task("command: [a]")
        let full = base + String(repeating: "#", count: limit - base.utf8.count)
        #expect(Sample.problems(full) == [])
        #expect(
            Sample.problems(full + "#").map(\.message) == [
                "The text of a configuration may have at most 256 KiB; this one has 262145 bytes."
            ])
        #expect(throws: ConfigurationProblems.self) {
            try ConfigurationSource(utf8: Array((full + "#").utf8), format: .yaml, file: "x")
        }
        let items = { (count: Int) in "command: [\(Array(repeating: "a", count: count).joined(separator: ", "))]" }
        #expect(Sample.problems(Sample.task(items(1_000))) == [])
        #expect(Sample.problems(Sample.task(items(1_001))).map(\.line) == [9])
        let size = { (bytes: Int) in "command: [\"\(String(repeating: "a", count: bytes - 1))\"]" }
        #expect(Sample.problems(Sample.task(size(131_072))) == [])
        #expect(Sample.problems(Sample.task(size(131_073))).map(\.line) == [9])
        let stages = { (count: Int) in Sample.stages((0..<count).map { ["t\($0)"] }) }
        #expect(Sample.problems(stages(100)) == [])
        #expect(Sample.problems(stages(101)).map(\.line) == [5])
        let tasks = { (count: Int) in Sample.stages([(0..<count).map { "t\($0)" }]) }
        #expect(Sample.problems(tasks(1_000)) == [])
        #expect(Sample.problems(tasks(1_001)).map(\.line) == [5])
        let headers = { (count: Int) in
            "http: {url: \"http://h\", headers: {\((0..<count).map { "h\($0): v" }.joined(separator: ", "))}}"
        }
        #expect(Sample.problems(Sample.task(headers(100))) == [])
        #expect(Sample.problems(Sample.task(headers(101))).map(\.line) == [9])
        let address = { (bytes: Int) in "http: {url: \"http://h/\(String(repeating: "a", count: bytes - 9))\"}" }
        #expect(Sample.problems(Sample.task(address(8_192))) == [])
        #expect(Sample.problems(Sample.task(address(8_193))).map(\.line) == [9])
    }

    /// A randomly damaged text must result in a configuration or in problems, never in a crash.
    @Test(.timeLimit(.minutes(10)), arguments: 0..<40)
    func damagedTextsAreReadOrComplainedOf(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let pieces = [
            "\n", " ", "  ", "\t", ":", ": ", "- ", "[", "]", "{", "}", ",", "\"", "'", "&a ", "*a", "!!x ", "|", ">", "#", "?",
            "%", "@", "é", "\u{E000}", "null", "id",
        ]
        for format in ConfigurationSource.Format.allCases {
            for _ in 0..<10 {
                var scalars = Array(Sample.complete.unicodeScalars)
                for _ in 0..<Int.random(in: 1...6, using: &random) {
                    let place = Int.random(in: 0..<scalars.count, using: &random)
                    if Bool.random(using: &random) {
                        scalars.insert(
                            contentsOf: pieces.randomElement(using: &random)?.unicodeScalars.map(\.self) ?? [], at: place)
                    } else {
                        scalars.removeSubrange(place..<min(scalars.count, place + Int.random(in: 1...20, using: &random)))
                    }
                }
                let text = String(String.UnicodeScalarView(scalars))
                let problems = Sample.problems(text, as: format)
                let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).count
                #expect(problems.allSatisfy { (1...lines + 1).contains($0.line ?? 1) && !$0.message.isEmpty }, "\(problems)")
            }
        }
    }
}
