import StoreCore
public import WorkflowModel

extension SQLiteStore: RunFiling {
    public func fileEndedRuns() async throws -> Bool {
        guard try await read({ try $0.hasRunsToFile() }) else { return false }
        return try await write(.large) { database, _ in
            try database.fileRuns()
            return try database.hasRunsToFile()
        }
    }
}
