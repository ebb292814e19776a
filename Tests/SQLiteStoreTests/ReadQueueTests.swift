import Dispatch
import GRDB
import SQLiteTestKit
import StoreCore
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

@Suite struct ReadsThatWait {
    @Test func areAllAnswered() async throws {
        try await withEmbeddedStore { store in
            let sum = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<200 {
                    group.addTask { try await store.reads.read { try $0.row("SELECT ?", number) { try $0.next(Int.self) } ?? 0 } }
                }
                return try await group.reduce(0, +)
            }
            #expect(sum == 199 * 200 / 2)
        }
    }

    @Test func areNotHeldUpByALongOne() async throws {
        try await withEmbeddedStore { store in
            let (begun, end) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            async let long: Void = store.reads.read { _ in
                begun.signal()
                end.wait()
            }
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    begun.wait()
                    continuation.resume()
                }
            }
            for _ in 0..<10 { try await store.ping() }
            end.signal()
            try await long
        }
    }

    /// Two of the four readers search at most.
    @Test func areNotHeldUpBySearches() async throws {
        try await withEmbeddedStore { store in
            let (begun, end) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            let answered = Watched(0)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        try await store.reads.read(as: .search) { _ in
                            begun.signal()
                            end.wait()
                            answered.change { $0 += 1 }
                        }
                    }
                }
                await Self.wait(for: begun, times: OpenedDatabase.readers / 2)
                for _ in 0..<10 { try await store.ping() }
                #expect(answered.value == 0)
                for _ in 0..<6 { end.signal() }
                // The others begin when those have ended.
                await Self.wait(for: begun, times: 6 - OpenedDatabase.readers / 2)
                try await group.waitForAll()
            }
            #expect(answered.value == 6)
            try await store.reads.read(as: .search) { _ in }
        }
    }

    private static func wait(for semaphore: DispatchSemaphore, times: Int) async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                for _ in 0..<times { semaphore.wait() }
                continuation.resume()
            }
        }
    }

    @Test func seeWhatWasAcknowledgedBeforeThem() async throws {
        try await withEmbeddedStore { store in
            for limit in 1...50 {
                try await store.saveSettings(TenantSettings(tenant: StoreBench.acme, rateLimit: limit))
                #expect(try await store.settings(of: StoreBench.acme).rateLimit == limit)
            }
        }
    }

    @Test func seeOneStateEach() async throws {
        try await withEmbeddedStore { store in
            try await store.saveSettings(TenantSettings(tenant: StoreBench.acme, rateLimit: 1))
            let (read, written) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            let statement = "SELECT rate_limit FROM tenants"
            async let limits = store.reads.read { database in
                let first = try database.row(statement) { try $0.next(Int.self) }
                read.signal()
                written.wait()
                return [first, try database.row(statement) { try $0.next(Int.self) }]
            }
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    read.wait()
                    continuation.resume()
                }
            }
            try await store.saveSettings(TenantSettings(tenant: StoreBench.acme, rateLimit: 2))
            written.signal()
            #expect(try await limits == [1, 1])
        }
    }

    @Test func areRefusedOnceItIsClosed() async throws {
        try await withEmbeddedStore { store in
            try store.reads.close()
            await #expect(throws: StoreError.self) { try await store.reads.read { _ in } }
        }
    }

    @Test func failByThemselves() async throws {
        try await withEmbeddedStore { store in
            await #expect(throws: DatabaseError.self) {
                try await store.reads.read { try $0.database.execute(sql: "SELECT * FROM nothing") }
            }
            try await store.ping()
        }
    }
}
