import Testing
import WorkflowModel

extension RunListStore {
    /// Complete counts, oldest first.
    func countedSteps(matching query: RunCountQuery) async throws -> [RunCount] {
        let counts = try await runCounts(matching: query)
        #expect(counts.isComplete)
        return counts.steps
    }
}
