import SQLiteTestKit
import Testing
import WorkflowModel

@Suite("Concurrent decisions about triggers with lost answers", .timeLimit(.minutes(10)))
struct TriggerSimulationTests {
    private func simulate(_ seed: UInt64) async throws -> TriggerSimulation {
        try await withEmbeddedStore { store in
            let simulation = TriggerSimulation(seed: seed, store: store)
            try await simulation.run()
            return simulation
        }
    }

    @Test("Every event has one outcome, and starts one run at most", arguments: 1...24 as ClosedRange<UInt64>)
    func everyEventIsAccountedFor(seed: UInt64) async throws {
        let simulation = try await simulate(seed)
        let tail = simulation.trace.suffix(60).joined(separator: "\n")
        #expect(simulation.complaints.isEmpty, "seed \(seed): \(simulation.complaints); its last steps:\n\(tail)")
    }

    @Test func theSeedsTogetherReachEverythingThatCanBecomeOfAnEvent() async throws {
        var outcomes: Set<FiringOutcome> = []
        var words: Set<String> = []
        var depth = 0
        for seed in 1...12 as ClosedRange<UInt64> {
            let simulation = try await simulate(seed)
            outcomes.formUnion(simulation.seen.values.map(\.outcome))
            depth = max(depth, simulation.seen.values.map(\.depth).max() ?? 0)
            for line in simulation.trace { words.formUnion(line.split(separator: " ").map(String.init)) }
        }
        #expect(outcomes.isSuperset(of: [.started, .refused, .paused, .failed]))
        #expect(words.isSuperset(of: ["crash", "late", "written", "delete", "pause", "resume", "end"]))
        #expect(depth > 1)
    }
}
