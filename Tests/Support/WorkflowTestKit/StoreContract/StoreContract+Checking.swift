import Testing
import WorkflowModel

extension StoreContract {
    static let checking: [Rule] = [
        Rule("A used store has no findings and nothing to repair") { bench in
            let history = RunHistory(200, over: .weeks, random: bench.random)
            _ = try await bench.store.importRuns(history.imported, into: history.tenant)
            let tasks = [StoreBench.task("a"), StoreBench.task("b", needs: ["a"]), StoreBench.task("c", needs: ["a", "b"])]
            let ids = try await [bench.start(tasks), bench.start(tasks, of: StoreBench.globex), bench.start(), bench.start(tasks)]
            func expectNothing(sourceLocation: SourceLocation = #_sourceLocation) async throws {
                for isRepairing in [false, true] {
                    let findings = try await bench.store.checkOfAllTenants(repairing: isRepairing, at: StoreBench.after(9))
                    #expect(findings == [], sourceLocation: sourceLocation)
                }
            }
            try await expectNothing()
            let leases = try await bench.claim().map(\.lease)
            let chunk = OutputChunk(offset: 0, bytes: Array("printed".utf8))
            for lease in leases { try await bench.store.appendOutput(chunk, under: lease, keepingLast: 3) }
            _ = try await bench.store.stopRun(ids[0], of: StoreBench.acme, at: StoreBench.after(1))
            try await expectNothing()
            let error = RunError(attribution: .platform, type: "test/failed", message: "No")
            for lease in leases {
                _ = try await bench.store.commit(.began, under: lease, at: StoreBench.after(2))
                let event: TaskEvent =
                    lease.run == ids[1]
                    ? .retrying(error, at: StoreBench.after(5), runID: nil)
                    : lease.run == ids[3] ? .failed(error, runID: nil) : .succeeded(TaskOutput())
                _ = try await bench.store.commit(event, under: lease, at: StoreBench.after(3))
                try await expectNothing()
            }
            #expect(try await bench.details(ids[0]).run.state == .canceled)
            #expect(try await bench.details(ids[2]).run.state == .succeeded)
            #expect(try await bench.details(ids[3]).run.state == .failed)
        }
    ]
}
