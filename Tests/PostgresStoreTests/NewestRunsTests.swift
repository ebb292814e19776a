import PostgresTestKit
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import PostgresStore

@Suite struct NewestRunsTests {
    /// Thirty runs, one every six days, newest first; one in three has failed.
    private func history() -> [WorkflowRun] {
        (0..<30).map { number in
            let time = StoreBench.after(Double(-number * 6 * 86_400))
            let state: RunState = number.isMultiple(of: 3) ? .failed : .succeeded
            return WorkflowRun(
                id: RunID(rawValue: "wf-\(100 - number)"), tenant: StoreBench.acme, name: "Daily", type: "test/run", state: state,
                createdAt: time, endedAt: time, principal: Principal(id: "p", name: "Importer"))
        }
    }

    private static let lists: [RunQuery] = [1, 4, 12, 29, 30, 31].flatMap { limit in
        [nil, .succeeded, .failed, .canceled].map { state in
            RunQuery(tenant: StoreBench.acme, filter: RunFilter(state: state), limit: limit, withTotal: true)
        }
    }

    @Test func firstPagesAreWholeHoweverOftenTheyAreAskedFor() async throws {
        try await TestDatabase.with { database in
            let store = try await database.openStore(settings: PostgresSettings(connections: 1, foldInterval: nil))
            var runs = history()
            _ = try await store.importRuns(runs.map { ImportedRun(run: $0) }, into: StoreBench.acme)

            func expectPages() async throws {
                // In turn, so that each list is read after others and after itself.
                for query in Self.lists + Self.lists {
                    let matching = runs.filter(query.filter.matches)
                    let page = try await store.runs(matching: query)
                    #expect(page.runs == Array(matching.prefix(query.limit)))
                    #expect(page.total == .exactly(matching.count))
                    #expect((page.next != nil) == (matching.count > query.limit))
                }
            }
            try await expectPages()
            let months = try await store.pool.run { $0.newestRuns.values.sorted() }
            // Full pages only: five of all runs are, four of the succeeded, three of the failed.
            #expect(months.count == 4 + 3 + 2)
            #expect(months.last == PartitionMonth(of: StoreBench.after(-6 * 86_400)))

            // The months of the newest runs are empty now.
            let cut = StoreBench.after(-70 * 86_400)
            try await database.sql("DELETE FROM runs WHERE created_at >= \(cut.milliseconds)")
            runs.removeAll { $0.createdAt >= cut }
            try await expectPages()
            try await store.close()
        }
    }
}
