import Testing
import WorkflowModel

extension StoreContract {
    private static func leaving(_ texts: String...) throws -> TaskOutput {
        TaskOutput(values: JSONText(validated: #"{"rows":3}"#), warnings: try TaskWarnings(texts))
    }

    /// The warnings of tasks, and their number in the run.
    static let warnings: [Rule] = [
        Rule("A run has the number of warnings of its tasks as soon as they succeed, and a task their texts") { bench in
            let id = try await bench.start([StoreBench.task("a"), StoreBench.task("b"), StoreBench.task("c", needs: ["a", "b"])])
            let other = try await bench.start(configuration: "cg-other", at: StoreBench.after(1))
            func expect(_ warnings: Int, sourceLocation: SourceLocation = #_sourceLocation) async throws {
                #expect(try await bench.details(id).run.warnings == warnings, sourceLocation: sourceLocation)
                #expect(try await bench.walk(by: 5).map(\.warnings) == [0, warnings], sourceLocation: sourceLocation)
                let (with, without) = warnings > 0 ? ([id], [other]) : ([], [id, other])
                #expect(
                    try await bench.ids(.reading([.hasWarnings: "true"])) == with.map(\.rawValue), sourceLocation: sourceLocation)
                #expect(
                    try await bench.ids(.reading([.hasWarnings: "false"])) == without.map(\.rawValue).sorted(),
                    sourceLocation: sourceLocation)
            }
            try await expect(0)
            let claimed = try await bench.claim(2)
            let texts = ["3 rows have no price", "caf\u{E9} \"x\" \0 cafe\u{301}\nnext line"]
            for (lease, output) in zip(claimed.map(\.lease), [try leaving(texts[0], texts[1]), TaskOutput()]) {
                _ = try await bench.store.commit([.began, .succeeded(output)], under: lease, at: StoreBench.after(2))
            }
            try await expect(2)
            // A repeated report, whose first answer was lost.
            let again = try await bench.store.commit(
                .succeeded(leaving(texts[0])), under: claimed[0].lease, at: StoreBench.after(3))
            #expect(again == .accepted(.succeeded))
            try await expect(2)
            let left = try await bench.claim(at: StoreBench.after(4)).map(\.lease)
            let last = try #require(left.first { $0.run == id })
            _ = try await bench.store.commit(
                [.began, .succeeded(leaving("late"))], under: last, at: StoreBench.after(5))
            try await expect(3)
            let details = try await bench.details(id)
            #expect(details.run.state == .succeeded)
            #expect(
                details.tasks.map(\.warnings.texts).map { $0.map { Array($0.utf8) } }
                    == [texts, [], ["late"]].map { $0.map { Array($0.utf8) } })
            #expect(details.warnings.map(\.label) == ["Task a", "Task a", "Task c"])
            let values = try await bench.store.values(of: details.tasks[0].id, in: id, tenant: StoreBench.acme)
            #expect(values?.outputs == JSONText(validated: #"{"rows":3}"#))
            #expect(try await bench.store.run(id, of: StoreBench.globex) == nil)
            try await bench.expectNothingWrong(at: StoreBench.after(6))
        },
        Rule("A run keeps its warnings when another task fails, and a task that is stopped leaves none") { bench in
            let failed = try await bench.start([StoreBench.task("a"), StoreBench.task("b")])
            let claimed = try await bench.claim(2)
            let fault = RunError(attribution: .customer, type: "test/fault", message: "No such table")
            _ = try await bench.store.commit(
                [.began, .succeeded(leaving("x"))], under: claimed[0].lease, at: StoreBench.after(1))
            _ = try await bench.store.commit([.began, .failed(fault)], under: claimed[1].lease, at: StoreBench.after(2))
            let details = try await bench.details(failed)
            #expect(details.run.state == .failed && details.run.warnings == 1 && details.tasks[0].warnings.texts == ["x"])

            let stopped = try await bench.start(at: StoreBench.after(3))
            let lease = try await bench.claimOne(at: StoreBench.after(3))
            _ = try await bench.store.stopRun(stopped, of: StoreBench.acme, at: StoreBench.after(4))
            let receipt = try await bench.store.commit(.succeeded(leaving("y")), under: lease, at: StoreBench.after(5))
            #expect(receipt == .accepted(.canceled))
            #expect(try await bench.details(stopped).run.warnings == 0)
            #expect(try await bench.details(stopped).tasks[0].warnings.isEmpty)
            #expect(try await bench.ids(.reading([.hasWarnings: "true", .state: "failed"])) == [failed.rawValue])
            try await bench.expectNothingWrong(at: StoreBench.after(6))
        },
        Rule("A rerun has the warnings of the tasks that it keeps") { bench in
            let old = try await bench.failedRun(warnings: TaskWarnings(["kept", "too"]))
            #expect(try await bench.details(old).run.warnings == 2)
            let again = try await bench.doOver(old, at: StoreBench.after(10))
            let details = try await bench.details(again)
            #expect(details.run.state == .scheduled && details.run.warnings == 2)
            #expect(details.tasks.map(\.warnings.texts) == [["kept", "too"], [], [], []])
            let claimed = try await bench.claim(at: StoreBench.after(11))
            _ = try await bench.store.commit(
                [.began, .succeeded(leaving("new"))], under: try #require(claimed.first).lease, at: StoreBench.after(12))
            #expect(try await bench.details(again).run.warnings == 3)
            #expect(try await bench.ids(.reading([.hasWarnings: "true"])) == [old, again].map(\.rawValue).sorted())
            try await bench.expectNothingWrong(at: StoreBench.after(13))
        },
        Rule("A run that succeeds with warnings raises an alert for that, beside the one for its success") { bench in
            for (name, events) in [("warned", [AlertEvent.warning]), ("both", [.succeeded, .warning]), ("failed", [.failed])] {
                try await bench.store.createReceiver(StoreBench.receiver(name, on: Set(events)))
            }
            try await bench.end(.succeeded)
            #expect(try await bench.told() == ["succeeded both"])
            let warned = try await bench.end(.warning, at: StoreBench.after(1))
            #expect(try await bench.told() == ["succeeded both", "succeeded both", "warning both", "warning warned"])
            let alert = try #require(try await bench.alerts().first { $0.receiver == "warned" })
            #expect(alert.id == "\(warned)_warning_warned" && alert.subject == .run(warned))
            // A run that fails or is stopped raises its own alert only.
            let id = try await bench.start([StoreBench.task("a"), StoreBench.task("b")], at: StoreBench.after(2))
            let claimed = try await bench.claim(2, at: StoreBench.after(2))
            _ = try await bench.store.commit(
                [.began, .succeeded(leaving("x"))], under: claimed[0].lease, at: StoreBench.after(3))
            let fault = RunError(attribution: .customer, type: "test/fault", message: "No such table")
            _ = try await bench.store.commit([.began, .failed(fault)], under: claimed[1].lease, at: StoreBench.after(4))
            #expect(try await bench.details(id).run.warnings == 1)
            #expect(try await bench.told().filter { $0.hasPrefix("warning") }.count == 2)
            #expect(try await bench.told().last == "warning warned")
        },
        Rule("Imported history keeps its warnings, with texts or without") { bench in
            var run = bench.endedRun("old-1")
            run.warnings = 2
            let task = TaskInstance(
                id: TaskID(rawValue: "t-1"), run: run.id, tenant: StoreBench.acme, label: "A", state: .succeeded,
                stateChangedAt: StoreBench.start, createdAt: StoreBench.start, endedAt: StoreBench.after(1),
                executionType: "spark-sql", definitionID: "a", definitionType: "x", warnings: try TaskWarnings(["one", "two"]))
            var bare = bench.endedRun("old-2", at: 1)
            bare.warnings = 7
            _ = try await bench.store.importRuns(
                [ImportedRun(run: run, tasks: [task]), ImportedRun(run: bare)], into: StoreBench.acme)
            try await bench.importAll([bench.endedRun("old-3", at: 2)])
            #expect(try await bench.walk(by: 5).map(\.warnings) == [0, 7, 2])
            #expect(try await bench.details(run.id).tasks == [task])
            #expect(try await bench.ids(.reading([.hasWarnings: "true"])) == ["old-1", "old-2"])
            try await bench.expectNothingWrong()
        },
    ]
}
