import Foundation
import SQLiteStore

/// Runs `body` with the path of a directory of its own, which does not exist yet and is removed afterwards.
func withDirectory<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("weir-store-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}

/// Runs `body` with a store of its own.
func withStore<Value>(_ body: (SQLiteStore) async throws -> Value) async throws -> Value {
    try await withDirectory { directory in
        let store = try SQLiteStore.open(directory: directory)
        let value = try await body(store)
        try await store.close()
        return value
    }
}
