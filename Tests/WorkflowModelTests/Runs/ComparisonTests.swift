import Testing
import WorkflowModel

@Suite("Comparing texts line by line")
struct LineDiffTests {
    /// ` a`, `-b`, `+c`: the lines in the usual notation of differences.
    private static func marked(_ diff: LineDiff) -> [[String]] {
        diff.parts.map { part in
            part.map { line in
                switch line.kind {
                case .same: " " + line.text
                case .removed: "-" + line.text
                case .added: "+" + line.text
                }
            }
        }
    }

    private static func text(_ lines: some Sequence<Int>) -> String {
        lines.map { "line \($0)\n" }.joined()
    }

    @Test(
        arguments: [
            ("", "", []), ("a\n", "a", []), ("a\nb\n", "a\nb\n", []),
            ("a", "b", [["-a", "+b"]]), ("", "a\nb", [["+a", "+b"]]), ("a", "", [["-a"]]),
            ("a\nb\nc", "a\nc", [[" a", "-b", " c"]]), ("a\nc", "a\nb\nc", [[" a", "+b", " c"]]),
            ("a\nb\nc", "x\nb\ny", [["-a", "+x", " b", "-c", "+y"]]),
            ("a\na\na", "a\na", [[" a", " a", "-a"]]),
            ("a\n\n", "a\n\n\n", [[" a", " ", "+"]]),
        ] as [(String, String, [[String]])])
    func linesAreKeptAddedOrRemoved(old: String, new: String, expected: [[String]]) {
        let diff = LineDiff(from: old, to: new)
        #expect(Self.marked(diff) == expected)
        #expect(diff.isEmpty == expected.isEmpty && diff.hidden == 0)
        #expect(diff.added == expected.joined().count { $0.hasPrefix("+") })
        #expect(diff.removed == expected.joined().count { $0.hasPrefix("-") })
    }

    @Test func differencesFarApartArePartsOfTheirOwnWithWhatIsAroundThem() {
        let old = Self.text(1...30)
        let new = old.replacing("line 5\n", with: "five\n").replacing("line 12\n", with: "").replacing("line 25\n", with: "a\nb\n")
        let parts = LineDiff(from: old, to: new).parts
        #expect(parts.count == 2)
        #expect(parts[0].first?.text == "line 2" && parts[0].last?.text == "line 15")
        #expect(parts[0].first { $0.kind == .removed }?.oldNumber == 5)
        #expect(parts[1].map(\.newNumber) == [21, 22, 23, nil, 24, 25, 26, 27, 28])
        #expect(parts[1].map(\.oldNumber) == [22, 23, 24, 25, nil, nil, 26, 27, 28])
    }

    @Test func whatIsTooMuchIsReplacedAsAWholeAndCutOff() {
        let diff = LineDiff(from: Self.text(0...LineDiff.mostCompared), to: Self.text(5_000...5_000 + LineDiff.mostCompared))
        #expect(diff.added == LineDiff.mostCompared + 1 && diff.removed == LineDiff.mostCompared + 1)
        #expect(diff.parts.joined().count == LineDiff.mostShown)
        #expect(diff.hidden == 2 * (LineDiff.mostCompared + 1) - LineDiff.mostShown)
        // One line below the limit: every second line is the same.
        let even = (0..<LineDiff.mostCompared).map { $0 % 2 == 0 ? "same \($0)" : "old \($0)" }.joined(separator: "\n")
        let changed = LineDiff(from: even, to: even.replacing("old", with: "new"))
        #expect(changed.added == LineDiff.mostCompared / 2 && changed.removed == LineDiff.mostCompared / 2)
    }

    /// Applying a difference to the old text must result in the new one.
    @Test func aDifferenceLeadsFromOneTextToTheOther() {
        var state: UInt64 = 7
        func next(_ bound: UInt64) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % bound)
        }
        for _ in 0..<200 {
            let old = (0..<next(12)).map { _ in "l\(next(4))" }
            let new = (0..<next(12)).map { _ in "l\(next(4))" }
            let lines = LineDiff(from: old.joined(separator: "\n") + "\n", to: new.joined(separator: "\n") + "\n").parts.joined()
            for line in lines {
                if let number = line.oldNumber { #expect(line.text == (old.isEmpty ? "" : old[number - 1])) }
                if let number = line.newNumber { #expect(line.text == (new.isEmpty ? "" : new[number - 1])) }
            }
            let removed = Set(lines.filter { $0.kind == .removed }.compactMap(\.oldNumber))
            let added = Set(lines.filter { $0.kind == .added }.compactMap(\.newNumber))
            let keptOfOld = old.indices.filter { !removed.contains($0 + 1) }.map { old[$0] }
            let keptOfNew = new.indices.filter { !added.contains($0 + 1) }.map { new[$0] }
            #expect(keptOfOld == keptOfNew)
        }
    }
}

@Suite("Comparing runs")
struct RunComparisonTests {
    private static let now = Timestamp(milliseconds: 1_718_755_200_000)

    private static func run(
        _ id: String, _ tasks: KeyValuePairs<String, TaskState>, seconds: Int = 5, outputs: [String: String] = [:]
    ) throws -> ComparedRun {
        let tenant = try #require(Tenant("acme"))
        let run = WorkflowRun(
            id: RunID(rawValue: id), tenant: tenant, name: "Daily", type: "shop", state: .failed, createdAt: now, endedAt: now,
            principal: Principal(id: "p", name: "P"))
        let instances = tasks.map { task in
            TaskInstance(
                id: TaskID(rawValue: "\(id)-\(task.key)"), run: run.id, tenant: tenant, label: task.key.uppercased(),
                state: task.value, stateChangedAt: now, createdAt: now, endedAt: now + .seconds(seconds), executionType: "command",
                definitionID: task.key, definitionType: "t")
        }
        let attempts = instances.filter { $0.state != .skipped }.map {
            TaskAttemptRecord(task: $0.id, number: 1, startedAt: now, endedAt: $0.endedAt, outcome: $0.state)
        }
        let left = outputs.sorted { $0.key < $1.key }.map { id, text in
            let isLong = text.utf8.count > OutputDifference.longestCompared
            return TaskOutputs(definitionID: id, text: isLong ? nil : JSONText(validated: text), length: text.utf8.count)
        }
        return ComparedRun(details: WorkflowRunDetails(run: run, tasks: instances), attempts: attempts, outputs: left)
    }

    @Test func tasksStandSideBySideByTheirDefinitions() throws {
        let this = try Self.run("this", ["a": .succeeded, "new": .skipped, "b": .failed], seconds: 8)
        let good = try Self.run("good", ["a": .succeeded, "b": .succeeded, "gone": .succeeded])
        let tasks = RunComparison(this, against: good).tasks
        #expect(tasks.map(\.definitionID) == ["a", "new", "b", "gone"])
        #expect(tasks.map(\.this?.state) == [.succeeded, .skipped, .failed, nil])
        #expect(tasks.map(\.other?.state) == [.succeeded, nil, .succeeded, .succeeded])
        #expect(tasks.map(\.this?.took) == [.seconds(8), nil, .seconds(8), nil])
        #expect(tasks[0].other?.took == .seconds(5) && tasks[0].label == "A")
    }

    @Test func outputsDifferMemberByMember() throws {
        let long = #"{"x":""# + String(repeating: "x", count: OutputDifference.longestCompared) + #""}"#
        let this = try Self.run(
            "this", ["a": .succeeded, "b": .failed, "c": .succeeded, "d": .succeeded, "e": .succeeded],
            outputs: ["a": #"{"rows":3,"same":[1, 2],"new":null}"#, "b": #"{"x":1}"#, "d": #"{"y":1}"#, "e": long])
        let good = try Self.run(
            "good", ["a": .succeeded, "b": .succeeded, "c": .succeeded, "d": .succeeded, "e": .succeeded],
            outputs: ["a": #"{"same":[1,2],"rows":120,"old":"x"}"#, "b": #"{"x":2}"#, "e": #"{}"#])
        let comparison = RunComparison(this, against: good)
        #expect(
            comparison.outputs.map { [$0.definitionID, $0.member, $0.this, $0.other] } == [
                ["a", "new", "null", nil], ["a", "old", nil, #""x""#], ["a", "rows", "3", "120"], ["d", "y", "1", nil],
                ["e", nil, "\(long.utf8.count) bytes", "2 bytes"],
            ])
        #expect(comparison.hiddenOutputs == 0)
    }

    @Test func ofManyDifferencesTheFirstAreTold() throws {
        let members = (0...OutputDifference.most).map { "\"m\($0)\":1" }.joined(separator: ",")
        let this = try Self.run("this", ["a": .succeeded], outputs: ["a": "{\(members)}"])
        let good = try Self.run("good", ["a": .succeeded])
        let comparison = RunComparison(this, against: good)
        #expect(comparison.outputs.count == OutputDifference.most && comparison.hiddenOutputs == 1)
    }
}
