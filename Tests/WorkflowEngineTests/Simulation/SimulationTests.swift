import SQLiteTestKit
import Testing
import WorkflowModel

@Suite("Workers and a store with failures between them", .timeLimit(.minutes(10)))
struct SimulationTests {
    private func simulate(_ seed: UInt64) async throws -> Simulation {
        try await withEmbeddedStore { store in
            let simulation = Simulation(seed: seed, store: store)
            try await simulation.run()
            return simulation
        }
    }

    @Test("Every accepted run ends, and no acknowledged state is lost", arguments: 1...24 as ClosedRange<UInt64>)
    func everyRunEnds(seed: UInt64) async throws {
        let simulation = try await simulate(seed)
        #expect(!simulation.runs.isEmpty)
        let complaints = simulation.observations.complaints
        let tail = simulation.trace.suffix(40).joined(separator: "\n")
        #expect(complaints.isEmpty, "seed \(seed) of the simulation; its last steps:\n\(tail)")
    }

    @Test func theSameSeedLeadsToTheSameSteps() async throws {
        let first = try await simulate(99).trace
        let second = try await simulate(99).trace
        #expect(first == second)
        #expect(first.count > Simulation.steps / 2)
    }

    @Test func theStepsOfTheSeedsTogetherReachEverythingThatCanGoWrong() async throws {
        let wanted: Set = [
            "claim", "began", "recording", "succeeded", "failed", "retrying", "stopped", "rescue", "renew", "stop", "crash",
            "restart", "hang", "kill", "repeat", "rerun", "kept", "stale", "unheard", "lost", "limits", "waiting", "alert", "sent",
            "resent",
            "sender",
            "unsaid", "closing", "stopped-items", "deadline",
            "resolve", "resolved", "refused", "carry", "bulk-request", "bulk-claim", "bulk-done",
            "resume", "bulk-unchanged", "bulk-refused", "bulk-stale", "bulk-crash", "bulk-abort", "bulk-turn",
            "call is stopped", "call is over", "call has failed",
        ]
        var seen: Set<String> = []
        for seed in 1...24 as ClosedRange<UInt64> where !wanted.isSubset(of: seen) {
            let simulation = try await simulate(seed)
            if simulation.limits.haveMadeSomebodyWait { seen.insert("waiting") }
            for line in simulation.trace {
                let words = line.split(separator: " ")
                seen.insert(String(words[1]))
                if line.hasSuffix("stale") { seen.insert("stale") }
                if line.hasSuffix("unheard") { seen.insert("unheard") }
                if line.hasSuffix("lost") { seen.insert("lost") }
                if line.hasSuffix(" kept"), !line.hasSuffix(" 0 kept") { seen.insert("kept") }
                if line.hasSuffix(": resolved") { seen.insert("resolved") }
                if line.hasSuffix(": refused") { seen.insert("refused") }
                if line.hasSuffix("without a report") { seen.insert("unsaid") }
                if words[1] == "call" { seen.insert("call " + words[3...].prefix(2).joined(separator: " ")) }
            }
        }
        #expect(wanted.subtracting(seen).isEmpty)
    }
}
