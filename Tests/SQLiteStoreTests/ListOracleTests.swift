import SQLiteTestKit
import Testing
import WorkflowTestKit

@Suite struct ListOracleTests {
    @Test(
        "Every page is the one that a filter in memory finds, while runs are added, changed and deleted", .timeLimit(.minutes(20)))
    func pagesAreThoseOfMemory() async throws {
        try await withEmbeddedStore { store in
            var oracle = ListOracle(store, seed: 17)
            try await oracle.check()
            // Otherwise most questions had no answer to compare.
            #expect(oracle.pages > 3_000 && oracle.shortPages > 300 && oracle.shownRuns > 40_000)
        }
    }
}
