import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

@Suite("Rerunning from a failure", .timeLimit(.minutes(10)))
struct RerunTests {
    private typealias Bench = EngineBench

    private static let layers = 5
    private static let width = 6

    /// Thirty tasks in five layers: each needs two tasks of the previous layer.
    private static let needs: [String: [String]] = Dictionary(
        uniqueKeysWithValues: (0..<layers).flatMap { layer in
            (0..<width).map { place in
                let before = layer == 0 ? [] : [place, (place + 1) % width].map { "t\(layer - 1)-\($0)" }
                return ("t\(layer)-\(place)", before)
            }
        })

    private static var tasks: [String] {
        needs.sorted { $0.key < $1.key }.map { Bench.task($0.key, "needs: [\($0.value.joined(separator: ", "))]") }
    }

    private static func left(by id: String) -> JSONText {
        JSONText(validated: "{\"by\":\"\(id)\"}")
    }

    /// All tasks succeed; `t2-3` only at its second attempt.
    private static func runner() -> ScriptedRunner {
        var script = needs.keys.reduce(into: [String: [ScriptedRunner.Step]]()) { script, id in
            let step = ScriptedRunner.Step(.outcome(.succeeded(TaskOutput(values: left(by: id)))))
            script[id] = [step, step]
        }
        script["t2-3"]?[0] = .fail(.customer)
        return ScriptedRunner(script)
    }

    private func doOver(_ id: RunID, on bench: Bench) async throws -> RunID {
        let old = try await bench.details(id)
        let launched = try #require(old.launchedVersion)
        let version = try #require(try await bench.store.configurationVersion(launched, of: Bench.acme))
        let configuration = try ConfigurationReader().read(version.source, file: "daily.yaml")
        let plan = try RunPlan(
            configuration, version: version, doingOver: Rerun(of: old, from: .failure, by: StoreBench.someone), at: bench.clock.now,
            random: bench.random)
        return try await bench.database.createRun(plan, once: nil).details.run.id
    }

    @Test func onlyUnsuccessfulTasksRunAgainAndReceiveTheKeptOutputs() async throws {
        try await Bench.with { bench in
            let runner = Self.runner()
            try await bench.running(runner) { _ async throws in
                let first = try await bench.start(Self.tasks)
                let failed = try await bench.end(of: first)
                #expect(failed.run.state == .failed)
                let rest: Set = ["t2-3", "t3-2", "t3-3", "t4-1", "t4-2", "t4-3"]
                #expect(Set(failed.tasks.filter { $0.state != .succeeded }.map(\.definitionID)) == rest)

                let before = runner.record.attempts.count
                #expect(before == 25)
                let second = try await doOver(first, on: bench)
                let done = try await bench.end(of: second)
                #expect(done.run.state == .succeeded && done.origin.rerunOf == first)
                let again = runner.record.attempts.dropFirst(before)
                #expect(Set(again.map(\.definition.id)) == rest && again.count == rest.count)
                for attempt in again {
                    let needs = Self.needs[attempt.definition.id] ?? []
                    let expected = Dictionary(uniqueKeysWithValues: needs.map { ($0, Self.left(by: $0)) })
                    #expect(attempt.run == second && attempt.inputs == expected)
                }
                #expect(Set(done.tasks.filter { $0.keptFrom == nil }.map(\.definitionID)) == rest)
                #expect(done.tasks.allSatisfy { $0.state == .succeeded && ($0.keptFrom == nil || $0.keptFrom == first) })
                // The old run is unchanged.
                #expect(try await bench.details(first) == failed)
            }
        }
    }
}
