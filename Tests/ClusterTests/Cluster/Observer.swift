import ProgramTestKit
import Testing
import WorkflowAPI
import WorkflowClient
import WorkflowModel

/// Compares the runs of the nodes with the acknowledged starts and with the lines that the tasks wrote.
struct Observer {
    let nodes: NodesUnderTest

    /// Waits until all runs have ended.
    func drained() async throws {
        let last = Progress()
        while true {
            let before = last.count
            do {
                try await Patience.wait(until: "another run ends (\(before ?? -1) are under way)") {
                    let now = try await inProgress()
                    defer { last.count = now }
                    return now == 0 || before.map { now < $0 } ?? true
                }
            } catch let error as Patience.Exhausted {
                throw Missing(description: "\(error)\n\(nodes.log.suffix(20_000))")
            }
            if last.count == 0 { return }
        }
    }

    private final class Progress {
        var count: Int?
    }

    private func inProgress() async throws -> Int {
        var count = 0
        for state in WorkflowState.allCases where RunState(state).map({ !$0.hasEnded }) ?? false {
            let page = try await nodes.client(0).runs(RunFilter(state: state), limit: 1, withTotal: true)
            count += page.total?.exact ?? 0
        }
        return count
    }

    /// All runs of the tenant, from the list.
    func runs() async throws -> [RunID: WorkflowRun] {
        var found: [RunID: WorkflowRun] = [:]
        var token: String?
        var page = 0
        repeat {
            // Each page comes from another node, because page tokens are valid on all nodes.
            let answer = try await nodes.client(page).runs(limit: 1_000, nextToken: token)
            for run in answer.runs { found[run.id] = run }
            token = answer.nextToken
            page += 1
        } while token != nil
        return found
    }

    /// Expects that no acknowledged run is lost, no task ran twice, no unknown run exists, and no work is left.
    func checkInvariants(_ tally: Traffic.Tally, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        try await drained()
        let runs = try await runs()
        let acknowledged = Set(tally.acknowledged.map(\.run))
        let missing = acknowledged.subtracting(runs.keys)
        #expect(missing.isEmpty, "acknowledged and lost", sourceLocation: sourceLocation)
        #expect(acknowledged.count == tally.acknowledged.count, "two starts got one run", sourceLocation: sourceLocation)
        // A given-up start may have succeeded; every other one succeeded once.
        #expect(runs.count <= acknowledged.count + tally.lost.count, "more runs than starts", sourceLocation: sourceLocation)
        let ledger = nodes.ledger
        let secret = ledger.runs.subtracting(runs.keys.map(\.rawValue))
        #expect(secret.isEmpty, "executed without a run", sourceLocation: sourceLocation)
        let contradictions = try await contradictions(of: Array(runs.keys), to: ledger)
        #expect(contradictions == [], sourceLocation: sourceLocation)
        try await Patience.wait(until: "no process of a task is left") {
            TaskProcesses.running(for: nodes.tenant).isEmpty
        }
        if !contradictions.isEmpty || !missing.isEmpty { print(nodes.log.suffix(50_000)) }
    }

    private func contradictions(of runs: [RunID], to ledger: TaskLedger) async throws -> [String] {
        let lanes = 8
        return try await withThrowingTaskGroup(of: [String].self) { group in
            for lane in 0..<lanes {
                group.addTask {
                    var found: [String] = []
                    for index in stride(from: lane, to: runs.count, by: lanes) {
                        let client = try nodes.client(index)
                        let details = try await client.run(runs[index])
                        found += ledger.contradictions(to: details, try await client.attempts(of: runs[index]))
                    }
                    return found
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }
}
