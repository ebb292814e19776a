import StoreCore
public import WorkflowModel

extension SQLiteStore: RunFiling {
    public func fileRunsAtRest() async throws -> Bool {
        guard try await read({ try $0.hasRunsToFile() }) else { return false }
        return try await write(.large) { database, _ in
            try database.fileRuns()
            return try database.hasRunsToFile()
        }
    }

    public func runsToFileOfAllTenants(countingTo limit: Int) async throws -> Int {
        try await read { try $0.runsToFile(countingTo: limit) }
    }
}
