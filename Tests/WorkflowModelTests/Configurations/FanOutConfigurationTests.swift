import Foundation
import Testing

@testable import WorkflowModel

@Suite("Tasks that run once for each of several items")
struct FanOutConfigurationTests {
    @Test("are read with a list, an output, or a parameter")
    func isRead() throws {
        let task = try SubstitutionTests.task(
            #"for_each: [1, a, {b: "x", c: 1.50}], max_parallel: 8, fail_fast: true, command: [a, "${item.b}"]"#)
        #expect(
            task.forEach
                == ForEach(.list(JSONText(validated: #"[1,"a",{"b":"x","c":1.50}]"#)), maxParallel: 8, failsFast: true))
        #expect(task.forEach?.count == 3)
        let output = try SubstitutionTests.task(#"for_each: "${outputs.load.files}", command: [a, "${item}", "${item[0].x}"]"#)
        #expect(output.forEach?.references.map(\.description) == ["outputs.load.files"])
        #expect(output.forEach?.maxParallel == nil && output.forEach?.failsFast == false)
        _ = try SubstitutionTests.task(#"for_each: "${parameters.more}", command: [a], env: {ITEM: "${item}", N: "${item.index}"}"#)
        _ = try SubstitutionTests.task(#"for_each: [], http: {method: POST, url: "http://h/${item}", json: {a: "${item}"}}"#)
    }

    @Test(
        "are refused with what is accepted",
        arguments: [
            (#"for_each: abc, command: [a]"#, "`for_each` must be a list, or one expression such as"),
            (#"for_each: {a: 1}, command: [a]"#, "not a mapping"),
            (#"for_each: "x ${outputs.load.files}", command: [a]"#, "`for_each` must be a list, or one expression"),
            (#"for_each: "${run.id}", command: [a]"#, "`${run.id}` is no list"),
            (#"for_each: "${parameters.region}", command: [a]"#, "which is a text, not a list"),
            (#"for_each: "${outputs.load}", command: [a]"#, "which is a JSON object, not a list"),
            (#"for_each: "${outputs.other.files}", command: [a]"#, "does not need `other`"),
            (#"for_each: ["${parameters.day}"], command: [a]"#, "items without expressions"),
            (#"for_each: [1], max_parallel: 0, command: [a]"#, "`max_parallel` must be a whole number from 1 to 1000"),
            (#"max_parallel: 2, command: [a]"#, "`max_parallel` needs `for_each`"),
            (#"fail_fast: true, command: [a]"#, "`fail_fast` needs `for_each`"),
            (#"command: [a, "${item}"]"#, "only a task with `for_each` has items"),
            (#"for_each: [1], if: "${item} == 1", command: [a]"#, "only a task with `for_each` has items"),
            (#"for_each: "${item.more}", command: [a]"#, "`${item.more}` is no list"),
        ])
    func isRefused(members: String, expected: String) {
        let problems = Sample.problems(SubstitutionTests.text(members))
        #expect(problems.count == 1, "\(problems)")
        #expect(problems.first.map { $0.line == 11 && $0.message.contains(expected) } ?? false, "\(problems)")
    }

    @Test("have at most a thousand items of 64 KiB", arguments: [(1_000, 0), (1_001, 1)])
    func count(items: Int, expected: Int) {
        let list = "[" + (0..<items).map(String.init).joined(separator: ",") + "]"
        let problems = Sample.problems(SubstitutionTests.text("for_each: \(list), command: [a]"))
        #expect(problems.count == expected)
        if expected > 0 { #expect(problems[0].message.contains("may have 1,000 items at most, not 1,001")) }
        let size = FanOutLimits.itemBytes - 2 + (expected == 0 ? 0 : 1)
        let large = Sample.problems(SubstitutionTests.text("for_each: [\"\(String(repeating: "x", count: size))\"], command: [a]"))
        #expect(large.count == expected)
        if expected > 0 { #expect(large[0].message.contains("item 0 of `for_each` has 65,537 bytes. Accepted: 65,536 at most")) }
    }

    @Test("name the outputs of such a task by their list")
    func outputs() {
        func problems(_ expression: String) -> [String] {
            Sample.problems(
                """
                id: daily
                name: Daily
                type: t
                stages:
                  - name: One
                    tasks:
                      - {id: load, type: t, for_each: [1, 2], command: [a]}
                      - {id: sum, type: t, needs: [load], command: [a, "\(expression)"]}

                """
            ).map(\.message)
        }
        for accepted in ["${outputs.load}", "${outputs.load.items}", "${outputs.load.items[1].rows}"] {
            #expect(problems(accepted) == [])
        }
        #expect(problems("${outputs.load.rows}").first?.contains("are the list `outputs.load.items`") ?? false)
        #expect(problems("${outputs.load.items.rows}").first?.contains("such as `outputs.load.items[0]`") ?? false)
    }

    @Test("give each attempt its item")
    func values() throws {
        let item = TaskItem(index: 3, value: JSONText(validated: #"{"path":"a b","n":[1]}"#))
        func text(_ expression: String, of item: TaskItem) throws -> String? {
            let task = try SubstitutionTests.task("for_each: [1], command: [a, \"\(expression)\"]")
            let run = RunContext(
                id: RunID(rawValue: "wf-1"), tenant: "acme", configuration: "daily", name: "Daily",
                createdAt: Timestamp(milliseconds: 0), mode: .full)
            let values = AttemptValues(of: run, parameters: RunParameters(), outputs: [:], item: item, naming: task.references)
            guard case .command(let words) = try task.substituted(from: values).action else { return nil }
            return words.last
        }
        #expect(try text("${item.path}", of: item) == "a b")
        #expect(try text("${item.n[0]}/${item.index}", of: item) == "1/3")
        #expect(try text("${item}", of: item) == item.value.text)
        #expect(try text("${item.index}", of: TaskItem(index: 3, value: JSONText(validated: #"{"index":"own"}"#))) == "own")
        #expect(throws: SubstitutionFault.self) { try text("${item.gone}", of: item) }
        #expect(throws: SubstitutionFault.self) {
            try text("${item.path}", of: TaskItem(index: 0, value: JSONText(validated: "1")))
        }
    }

    @Test("keep their counts as a small text")
    func storedText() throws {
        var counts = ItemCounts(total: 1_000, active: 8, succeeded: 980, failed: 3, canceled: 1, skipped: 2)
        counts.next = 994
        counts.latest = Timestamp(milliseconds: 5)
        counts.began = Timestamp(milliseconds: 4)
        let source = try #require(Reference("outputs['pull.orders'].files[0]"))
        let fan = FanOut(source: source, maxParallel: 8, failsFast: true, counts: counts)
        #expect(try FanOut(storedText: fan.storedText) == fan)
        #expect(fan.storedText.utf8.count < 250)
        #expect(counts.words == "980 of 1,000 succeeded, 3 failed, 1 stopped, 2 skipped, 8 under way")
        #expect(counts.waiting == 6)
        let bare = FanOut(source: nil, maxParallel: nil, failsFast: false)
        #expect(bare.storedText == "{}")
        #expect(try FanOut(storedText: "{}") == bare)
        #expect(throws: StoreError.self) { try FanOut(storedText: "[]") }
    }

    @Test("have items with ids and positions that follow from theirs")
    func places() throws {
        let group = TaskID(rawValue: "wft-20240619-14574-6kyYdY")
        #expect(group.item(17).rawValue == "wft-20240619-14574-6kyYdY.17")
        let found = try #require(group.item(17).asItem)
        #expect(found.group == group && found.index == 17)
        for text in ["wft-1", "a.", "a.01", "a.x", "a.10000", "a.-1"] { #expect(TaskID(rawValue: text).asItem == nil, "\(text)") }
        let last = ItemPlace.position(ofItem: ItemPlace.stride - 1, inGroup: ConfigurationLimits.tasks - 1)
        #expect(ItemPlace.group(of: last) == ConfigurationLimits.tasks - 1 && ItemPlace.index(of: last) == ItemPlace.stride - 1)
        #expect(last < Int(Int32.max) && ItemPlace.group(of: ConfigurationLimits.tasks) == nil)
        #expect(FanOutLimits.items <= ItemPlace.stride && ConfigurationLimits.tasks <= ItemPlace.first)
    }

    @Test("have labels that tell items apart")
    func labels() {
        func label(_ text: String) -> String { ItemList.label(of: JSONValue(json: text.utf8) ?? .null, 2, group: "Load") }
        #expect(label(#""a\nb""#) == "Load [2] a b")
        #expect(label(#"{"id":7,"name":"x"}"#) == "Load [2] x")
        #expect(label("[1]") == "Load [2]")
        #expect(label("null") == "Load [2]")
        #expect(label("\"\(String(repeating: "x", count: 61))\"").count == "Load [2] ".count + 60)
    }
}

@Suite("The examples of fan-out")
struct FanOutExamplesTests {
    static let directory = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../examples/fan-out").standardizedFileURL

    @Test("are accepted, and the scripts that they name are there", arguments: ["mapping.yaml", "matrix.yaml"])
    func isAccepted(file: String) throws {
        let text = try String(contentsOf: Self.directory.appending(path: file), encoding: .utf8)
        let configuration = try ConfigurationReader().read(ConfigurationSource(text: text, format: .yaml), file: file)
        #expect(configuration.tasks.contains { $0.forEach != nil })
        for task in configuration.tasks {
            guard case .command(let words) = task.action else { continue }
            #expect(FileManager.default.fileExists(atPath: Self.directory.appending(path: words[1]).path), "\(words)")
        }
    }
}
