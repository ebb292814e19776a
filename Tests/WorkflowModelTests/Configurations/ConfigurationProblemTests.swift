import Foundation
import Testing
import WorkflowModel

/// A faulty text, the line of its problem, and words in the message.
struct Wrong: CustomTestStringConvertible, Sendable {
    var text: String
    var line: Int
    var words: [String]

    init(_ text: String, _ line: Int, _ words: String...) {
        self.text = text
        self.line = line
        self.words = words
    }

    var testDescription: String { text }

    func expect(in problems: [ConfigurationProblem], _ location: SourceLocation = #_sourceLocation) {
        #expect(problems.map(\.line) == [line], "\(problems)", sourceLocation: location)
        for word in words {
            #expect(problems.first?.message.contains(word) == true, "\(problems) should say \(word)", sourceLocation: location)
        }
    }
}

@Suite("Problems of configurations")
struct ConfigurationProblemTests {
    static let wrongTasks = [
        Wrong("command: python3 pull.py", 9, "no shell reads it", "write `command: [python3, pull.py]`"),
        Wrong("command: \"a | b 'c'\"", 9, #"write `command: [sh, -c, "a | b 'c'"]`"#),
        Wrong("command: run a:b x,y", 9, #"write `command: [run, "a:b", "x,y"]`"#),
        Wrong("command: []", 9, "not an empty list"),
        Wrong("command: \"\"", 9, "such as `[python3, pull.py]`, not an empty text"),
        Wrong("command: [a]\n        retry: \"\"", 10, "not an empty text"),
        Wrong("command: {a: b}", 9, "not a mapping"),
        Wrong("command:", 9, "`command` has no value"),
        Wrong("command: [\"\", a]", 9, "the first item of `command` is empty"),
        Wrong("command: [a, [b]]", 9, "not a list"),
        Wrong("command: [a, null]", 9, "has no value", "in quotes"),
        Wrong("command: [a, \"b\\0\"]", 9, "NUL"),
        Wrong(
            "comand: [a]\n        command: [a]", 9, "no member `comand`; did you mean `command`?", "`id`, `label`", "and `uses`"),
        Wrong("shell: a\n        command: [a]", 9, "no member `shell`. Accepted:"),
        Wrong("label: x", 7, "Task `pull`", "`command`, `http` or `workflow` is missing"),
        Wrong("command: [a]\n        http: {url: \"http://h\"}", 7, "a task has one of them"),
        Wrong("command: [a]\n        label: \"\"", 10, "1 to 1024 bytes"),
        Wrong(
            "command: [a]\n        label: \"a\\nb\"", 10, "without line breaks", "`a\\nb` contains the invisible character U+000A"),
        Wrong("command: [a]\n        label: \"\\u200b\"", 10, "`<U+200B>` contains the invisible character U+200B"),
        Wrong("command: [a]\n        label: \"a\\u202Eb\"", 10, "`a<U+202E>b` contains the invisible character U+202E"),
        Wrong("command: [a]\n        label: \"\\u3000\"", 10, "has no visible characters"),
        Wrong("command: [a]\n        label: \"\(String(repeating: "ä", count: 513))\"", 10, "has 1026 bytes"),
        Wrong("command: [a]\n        label: \"a\(String(repeating: "\u{301}", count: 600))\"", 10, "has 1201 bytes"),
        Wrong("command: [a]\n        needs: [pull-\u{212A}]", 10, "it needs `pull-\u{212A}`, but no task has that id"),
        Wrong("command: [a]\n        label: [a]", 10, "not a list"),
        Wrong("command: [a]\n        needs: pull", 10, "must be a list of task ids", "write `needs: [pull]`"),
        Wrong("command: [a]\n        needs: {a: b}", 10, "not a mapping"),
        Wrong("command: [a]\n        needs: [pull]", 10, "it needs itself"),
        Wrong("command: [a]\n        needs: [pul]", 10, "it needs `pul`, but no task has that id; did you mean `pull`?"),
        Wrong("command: [a]\n        timeout:", 10, "`timeout` has no value; give it one or leave it out"),
        Wrong("command: [a]\n        retry: 3", 10, "`retry` must be a mapping such as `{attempts: 3, first_delay: 5s}`, not `3`"),
        Wrong("command: [a]\n        retry: {attempts: 0}", 10, "from 1 to 100, not `0`"),
        Wrong("command: [a]\n        retry: {attempts: 101}", 10, "from 1 to 100"),
        Wrong("command: [a]\n        retry: {attempts: \"3\"}", 10, "without quotes"),
        Wrong("command: [a]\n        retry: {attempts: 1.5}", 10, "whole number"),
        Wrong("command: [a]\n        retry: {attempts: three}", 10, "whole number"),
        Wrong("command: [a]\n        retry: {factor: 0.5}", 10, "a number from 1 to 100"),
        Wrong("command: [a]\n        retry: {factor: .inf}", 10, "a number from 1 to 100"),
        Wrong("command: [a]\n        retry: {factor: 100.1}", 10, "a number from 1 to 100"),
        Wrong("command: [a]\n        retry: {first_delay: 10s, max_delay: 9s}", 10, "must not be shorter"),
        Wrong("command: [a]\n        retry: {first-delay: 10s}", 10, "did you mean `first_delay`?"),
        Wrong("command: [a]\n        retry: {on: platform}", 10, "a list of one or more of `customer` and `platform`"),
        Wrong("command: [a]\n        retry: {on: []}", 10, "not an empty list"),
        Wrong("command: [a]\n        retry: {on: [platfrom]}", 10, "did you mean `platform`?"),
        Wrong("command: [a]\n        retry: {on: [platform, platform]}", 10, "twice"),
        Wrong("command: [a]\n        blame: platform", 10, "must be a mapping such as `{65: customer, timeout: platform}`"),
        Wrong("command: [a]\n        blame: {0: customer}", 10, "an exit code from 1 to 255, or `timeout`"),
        Wrong("command: [a]\n        blame: {256: customer}", 10, "an exit code from 1 to 255"),
        Wrong("command: [a]\n        blame: {65: us}", 10, "`customer` or `platform`, not `us`"),
        Wrong("command: [a]\n        blame: {65: customer, 065: platform}", 10, "names 65 twice"),
        Wrong("http: {url: \"http://h\"}\n        blame: {65: customer}", 10, "a status from 100 to 599"),
        Wrong("http: {url: \"http://h\"}\n        grace: 1s", 10, "`grace` needs `command`"),
        Wrong("http: \"http://h\"", 9, "`http` must be a mapping such as"),
        Wrong("http: {method: GET}", 9, "`url` is missing"),
        Wrong("http: {url: \"http://h\", method: get}", 9, "in capitals, not `get`"),
        Wrong(
            "http: {url: \"http://h\", method: TRACE}", 9,
            "`GET`, `HEAD`, `POST`, `PUT`, `PATCH`, `DELETE` or `OPTIONS`, not `TRACE`"),
        Wrong("http: {url: \"ftp://h\"}", 9, "does not begin with `http://` or `https://`"),
        Wrong("http: {url: \"http:///path\"}", 9, "has no host"),
        Wrong("http: {url: \"http://:80\"}", 9, "has no host"),
        Wrong("http: {url: \"http://[::1\"}", 9, "has no host"),
        Wrong("http: {url: \"http://h:99999\"}", 9, "from 1 to 65535"),
        Wrong("http: {url: \"http://h:8o\"}", 9, "from 1 to 65535"),
        Wrong("http: {url: \"http://u:p@h\"}", 9, "`authorization` header"),
        Wrong("http: {url: \"http://h/a b\"}", 9, "must be written as `%`"),
        Wrong("http: {url: \"http://h/ä\"}", 9, "must be written as `%`"),
        Wrong("http: {url: \"http://h/\\r\\nX: y\"}", 9, "must be written as `%`"),
        Wrong("http: {url: \"http://h\", headers: [a]}", 9, "must be a mapping such as `{x-source: weir}`"),
        Wrong("http: {url: \"http://h\", headers: {\"a b\": c}}", 9, "`a b` is not a header name"),
        Wrong("http: {url: \"http://h\", headers: {a: \"b\\r\\nc: d\"}}", 9, "must be one line"),
        Wrong("http: {url: \"http://h\", headers: {a: [b]}}", 9, "not a list"),
        Wrong("http: {url: \"http://h\", headers: {a: b, A: c}}", 9, "already set in line 9"),
        Wrong("http: {url: \"http://h\", headers: {Content-Length: 3}}", 9, "set by the service itself"),
        Wrong("http: {url: \"http://h\", follow: 11}", 9, "from 0 to 10, not `11`"),
        Wrong("http: {url: \"http://h\", follow: true}", 9, "from 0 to 10"),
        Wrong("http: {url: \"http://h\", outputs: [a]}", 9, "must be a mapping such as"),
        Wrong("http: {url: \"http://h\", outputs: {}}", 9, "must be a mapping such as"),
        Wrong("http: {url: \"http://h\", outputs: {1a: b}}", 9, "not a name of an output"),
        Wrong("http: {url: \"http://h\", outputs: {warnings: b}}", 9, "not a name of an output"),
        Wrong("http: {url: \"http://h\", outputs: {a: b..c}}", 9, "must be names and places of list items"),
        Wrong("http: {url: \"http://h\", outputs: {a: [b]}}", 9, "a mapping of names to paths"),
        Wrong("http: {url: \"http://h\", expect: [99]}", 9, "from 100 to 599, not `99`"),
        Wrong("http: {url: \"http://h\", expect: []}", 9, "not an empty list"),
        Wrong("http: {url: \"http://h\", expect: 2xx}", 9, "from 100 to 599, not `2xx`"),
        Wrong("http: {url: \"http://h\", method: POST, body: {a: b}}", 9, "(`json` takes other values)"),
        Wrong("http: {url: \"http://h\", method: POST, body: a, json: b}", 9, "exclude each other"),
        Wrong("http: {url: \"http://h\", json: b}", 9, "a GET call cannot have `json`"),
        Wrong("command: [a]\n        uses: warehouse", 10, "`uses` must be a mapping such as `{warehouse: 1}`, not"),
        Wrong("command: [a]\n        uses: {warehouse: 0}", 10, "`uses` must be a whole number from 1 to 1000000"),
        Wrong("command: [a]\n        uses: {\"ware house\": 1}", 10, "`uses` names `ware house`; the name of a resource is"),
        Wrong(
            "command: [a]\n        uses: {\((1...21).map { "r\($0): 1" }.joined(separator: ", "))}", 10,
            "`uses` may name 20 resources at most, not 21"),
        Wrong("http: {url: \"http://h\", redirect: true}", 9, "Task `pull`, `http` has no member `redirect`"),
    ]

    @Test(arguments: wrongTasks)
    func ofATaskSayWhatIsAccepted(wrong: Wrong) {
        wrong.expect(in: Sample.problems(Sample.task(wrong.text)))
    }

    static let wrongConfigurations = [
        Wrong("", 1, "`id` is missing; it must be 1 to 128 letters"),
        Wrong("id:", 1, "`id` has no value"),
        Wrong("id: a b", 1, "not `a b`"),
        Wrong("id: ..", 1, "but not `.` or `..`"),
        Wrong("id: ä", 1, "letters, digits"),
        Wrong("id: ../x", 1, "not `../x`"),
        Wrong("id: [a]", 1, "not a list"),
        Wrong("id: \(String(repeating: "x", count: 129))", 1, "1 to 128", "…"),
        Wrong("id: a\nrun_mode: fast", 2, "`source`, `refresh` or `full`, not `fast`"),
        Wrong("id: a\nrun_mode: Full", 2, "did you mean `full`?"),
        Wrong("id: a\nwarn_after: 0s", 2, "longer than zero"),
        Wrong("id: a\nlabels: [a]", 2, "`labels` must be a mapping such as `{team: crm, tier: gold}`, not a list"),
        Wrong("id: a\nlabels: {a b: c}", 2, "`labels` has the key `a b`; accepted are 1 to 63 letters"),
        Wrong("id: a\nlabels: {\"\": c}", 2, "`labels` has the key ``; accepted are 1 to 63 letters"),
        Wrong("id: a\nlabels: {Example.com/team: c}", 2, "has the key `Example.com/team`", "DNS name"),
        Wrong("id: a\nlabels:\n  team: crm\n  tier: a b", 4, "the label `tier` has the value `a b`; accepted are at most 63"),
        Wrong("id: a\nlabels: {team: ä}", 2, "the label `team` has the value `ä`"),
        Wrong("id: a\nlabels: {team: [a]}", 2, "the label `team` must have a text as its value, not a list"),
        Wrong("id: a\nlabels: {team: }", 2, "the label `team` has no value; write `\"\"` for an empty one"),
        Wrong("id: a\nlabels: {team: \(String(repeating: "x", count: 64))}", 2, "the label `team` has the value"),
        Wrong(
            "id: a\nlabels: {\((1...21).map { "k\($0): v" }.joined(separator: ", "))}", 2,
            "`labels` may have 20 labels at most, not 21"),
        Wrong("id: a\nplan: daily", 2, "The configuration has no member `plan`"),
        Wrong("id: a\nrun mode: full", 2, "did you mean `run_mode`?"),
    ]

    /// A configuration with members of its own, from line 1 on.
    static func configuration(_ members: String) -> String {
        let rest = "name: N\ntype: t\nstages:\n  - {name: S, tasks: [{id: t, type: t, command: [a]}]}\n"
        return members + (members.isEmpty ? "" : "\n") + rest
    }

    @Test(arguments: wrongConfigurations)
    func ofAConfigurationSayWhatIsAccepted(wrong: Wrong) {
        wrong.expect(in: Sample.problems(Self.configuration(wrong.text)))
    }

    static let wrongStages = [
        Wrong("stages:", 4, "`stages` has no value"),
        Wrong("", 1, "`stages` is missing"),
        Wrong("stages: []", 4, "not an empty list"),
        Wrong("stages: {}", 4, "not a mapping"),
        Wrong("stages: [text]", 4, "Stage 1 must be a mapping such as `{name: Sources, tasks: […]}`, not `text`"),
        Wrong("stages: [{name: S}]", 4, "Stage 1: `tasks` is missing"),
        Wrong("stages: [{name: S, tasks: }]", 4, "Stage 1: `tasks` has no value"),
        Wrong("stages: [{name: S, tasks: x}]", 4, "`tasks` must be a list of tasks"),
        Wrong("stages: [{tasks: []}]", 4, "`name` is missing"),
        Wrong("stages: [{name: S, tasks: []}]", 1, "no stage has a task"),
        Wrong("stages: [{name: S, tasks: [x]}]", 4, "Task 1 of its stage must be a mapping such as"),
        Wrong("stages: [{name: S, run_modes: full, tasks: []}]", 4, "a list of one or more of `source`, `refresh` and `full`"),
        Wrong("stages: [{name: S, run_modes: [], tasks: []}]", 4, "not an empty list"),
        Wrong("stages:\n  - {name: S, tasks: []}\n  - {name: S, tasks: []}", 6, "The stage name `S` is already used in line 5"),
        Wrong(
            "stages: [{name: S, run_modes: [source], tasks: [{id: t, type: t, command: [a]}]}]", 1,
            "`run_mode` is `full` by default, in which no stage has a task; set it to `source`"),
        Wrong(
            "run_mode: refresh\nstages: [{name: S, run_modes: [source, full], tasks: [{id: t, type: t, command: [a]}]}]", 4,
            "`run_mode` is `refresh`, in which no stage has a task; set it to `source` or `full`"),
    ]

    /// A configuration with stages of its own, from line 4 on.
    static func stages(_ stages: String) -> String {
        "id: a\nname: N\ntype: t\n\(stages)\n"
    }

    @Test(arguments: wrongStages)
    func ofStagesSayWhatIsAccepted(wrong: Wrong) {
        wrong.expect(in: Sample.problems(Self.stages(wrong.text)))
    }

    @Test func everythingThatIsWrongIsSaidAtOnceInTheOrderOfTheLines() {
        let problems = Sample.problems(
            """
            id: daily
            titel: Daily
            type: [shop]
            stages:
              - name: One
                tasks:
                  - id: a
                    type: t
                    command: echo
                    timeout: 5
                  - id: a
                    type: t
                    needs: [b]
                    command: [echo]
              - name: One
                tasks: [{id: c, command: [x], retry: {attempts: 0, on: [me]}}]
            """)
        #expect(problems.map(\.line) == [1, 2, 3, 9, 10, 11, 13, 15, 16, 16, 16])
        #expect(problems.map(\.file) == Array(repeating: "daily.yaml", count: 11))
        #expect(
            problems.first?.description == "daily.yaml:1: The configuration: `name` is missing; it must be a text such as `Daily`.")
        #expect(ConfigurationProblems(problems: problems).description.split(separator: "\n").count == 11)
    }

    @Test(.timeLimit(.minutes(10)), arguments: [101, 500, 1_001, 20_000])
    func afterAHundredComplaintsTheRestIsOnlyCounted(count: Int) {
        let members = (0..<count).map { "x\($0): y" }.joined(separator: ", ")
        let problems = Sample.problems(Sample.task("command: [a]", "retry: {\(members)}"))
        #expect(problems.count == 101)
        #expect(problems.last?.message == "and \(count - 100) more problems. Fix the ones above first.")
    }

    @Test func theDirectoryOfItsCommandsIsAbsolute() {
        for (directory, isAccepted) in [("/srv", true), ("srv", false), ("", false), ("/a\0b", false)] {
            let source = ConfigurationSource(text: Sample.task("command: [a]"), format: .yaml, directory: directory)
            let configuration = try? ConfigurationReader().read(source, file: "x")
            #expect((configuration != nil) == isAccepted, "\(directory)")
        }
    }
}

@Suite("Invalid needs")
struct NeedsProblemTests {
    @Test func aCircleIsShownOnce() {
        let problems = Sample.problems(Sample.stages([["x", "a needs c", "b needs a", "c needs b", "d needs c"]]))
        #expect(problems.map(\.line) == [8])
        #expect(
            problems.first?.message == "These tasks need each other in a cycle: `a` → `c` → `b` → `a`. Remove one of the needs."
        )
    }

    @Test func circlesApartAreShownApart() {
        let problems = Sample.problems(Sample.stages([["a needs b", "b needs a", "c needs d", "d needs c"]]))
        #expect(problems.map(\.line) == [7, 9])
    }

    @Test func aLongCircleIsShownByItsEnds() {
        let tasks = (0..<500).map { "t\($0) needs t\(($0 + 1) % 500)" }
        let problems = Sample.problems(Sample.stages([tasks]))
        #expect(problems.count == 1)
        #expect(problems.first?.message.contains("`t0` → `t1` → `t2` → `t3` → `t4` → `t5` → … 490 more … → `t496`") == true)
    }

    @Test func aLaterStageCannotBeNeeded() {
        let problems = Sample.problems(Sample.stages([["a needs c"], ["b", "c"]]))
        #expect(problems.map(\.line) == [7])
        #expect(problems.first?.message.contains("`c`, which is in the later stage `Stage 2`") == true)
    }

    @Test func aNeedIsNamedOnce() {
        let problems = Sample.problems(Sample.stages([["a"], ["b needs a, a"]]))
        #expect(problems.map(\.message) == ["Task `b`: `needs` names `a` twice."])
    }

    @Test func idsOfTasksDifferInAllStages() {
        let problems = Sample.problems(Sample.stages([["a"], ["b", "a"]]))
        #expect(problems.map(\.line) == [11])
        #expect(problems.first?.message.contains("already used by the task in line 7") == true)
    }
}
