import StoreCore
public import WorkflowModel

extension PostgresStore: RunFiling {
    /// One node files at a time: on all others, nothing is left.
    public func fileRunsAtRest() async throws -> Bool {
        guard try await read({ try $0.hasRunsToFile() }) else { return false }
        do {
            return try await write { try $0.fileRuns() }
        } catch let error as StoreError {
            // A node of an earlier version has made the partitions of a month, without those of marks.
            guard let failure = error.cause as? PostgresFailure, failure.isMissingPartition else { throw error }
            try await completePartitions()
            return true
        }
    }

    public func runsToFileOfAllTenants(countingTo limit: Int) async throws -> Int {
        try await read { try $0.runsToFile(countingTo: limit) }
    }
}
