import Foundation
public import SQLiteStore
public import WorkflowModel

extension SQLiteStore {
    /// Opens a store that measures the time of searches with the machine's clock.
    public static func open(directory path: String) throws(StoreError) -> SQLiteStore {
        try open(directory: path, time: SystemTime())
    }
}

/// Runs `body` with the path of a directory that does not exist yet, and removes it afterwards.
public func withDirectory<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let path = FileManager.default.temporaryDirectory.appending(path: "weir-store-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}

/// Runs `body` with an embedded store in its own directory.
public func withEmbeddedStore<Value>(
    time: any TimeSource = SystemTime(), _ body: (SQLiteStore) async throws -> Value
) async throws -> Value {
    try await withDirectory { directory in
        let store = try SQLiteStore.open(directory: directory, time: time)
        let value: Value
        do {
            value = try await body(store)
        } catch {
            try await store.close()
            throw error
        }
        try await store.close()
        return value
    }
}
