import Dispatch
import GRDB
import SQLiteTestKit
import StoreCore
import Synchronization
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

@Suite struct WriteQueueTests {
    @Test(arguments: [(1, 1), (2, 1), (128, 1), (129, 2), (300, 3)])
    func writesThatWaitTogetherShareCommits(_ writes: Int, _ commits: Int) async throws {
        try await withEmbeddedStore { store in
            let counter = CommitCounter()
            store.pool.add(transactionObserver: counter, extent: .databaseLifetime)
            try await whileTheWriterIsBusy(store, writes: writes) { number in
                try await store.write { _ = try $0.change("INSERT INTO tenants (name) VALUES (?)", "t\(number)") }
            }
            #expect(counter.commits == commits)
            #expect(try await store.names().count == writes)
        }
    }

    @Test func anErrorUndoesItsOwnWriteOnly() async throws {
        try await withEmbeddedStore { store in
            let failed = Mutex(0)
            try await whileTheWriterIsBusy(store, writes: 30) { number in
                do {
                    try await store.write { database in
                        try database.change("INSERT INTO tenants (name) VALUES (?)", "t\(number)")
                        if number % 3 == 0 { throw StoreError(.duplicate, "third") }
                    }
                } catch let error as StoreError {
                    #expect(error.message == "third")
                    failed.withLock { $0 += 1 }
                }
            }
            #expect(failed.withLock { $0 } == 10)
            #expect(try await store.names().allSatisfy { Int($0.dropFirst()).map { $0 % 3 != 0 } == true })
            #expect(try await store.names().count == 20)
        }
    }

    /// Failed writes that had changed something make the batch run again; the others do not.
    @Test(arguments: [true, false])
    func aBatchRunsAgainOnlyWhenSomethingHasToBeUndone(_ changesFirst: Bool) async throws {
        try await withEmbeddedStore { store in
            let performed = Mutex(0)
            try await whileTheWriterIsBusy(store, writes: 10) { number in
                do {
                    try await store.write { database in
                        performed.withLock { $0 += 1 }
                        if changesFirst || number != 4 {
                            try database.change("INSERT INTO tenants (name) VALUES (?)", "t\(number)")
                        }
                        if number == 4 { throw StoreError(.duplicate, "fourth") }
                    }
                    #expect(number != 4)
                } catch let error as StoreError {
                    #expect(error.message == "fourth")
                }
            }
            // The writes up to the failed one, and then all of them again.
            #expect(performed.withLock { $0 } == (changesFirst ? 5 + 10 : 10))
            #expect(try await store.names() == [0, 1, 2, 3, 5, 6, 7, 8, 9].map { "t\($0)" })
        }
    }

    @Test(arguments: [true, false])
    func anUndoneWriteHasNoEventOfTheAuditLog(_ changesFirst: Bool) async throws {
        try await withEmbeddedStore { store in
            let bench = StoreBench(store)
            let event = AuditActor(StoreBench.someone, from: AuditOrigin(), time: TestClock(), random: bench.random)
                .event(.signedIn, AuditObject("before"), of: StoreBench.acme)
            try await store.append([event])
            try await whileTheWriterIsBusy(store, writes: 10) { number in
                let actor = AuditActor(StoreBench.someone, from: AuditOrigin(), time: TestClock(), random: bench.random)
                try? await AuditActor.$current.withValue(actor) {
                    try await store.write { database in
                        if changesFirst || number != 4 {
                            try database.change("INSERT INTO run_types (tenant, name) VALUES (1, ?)", "t\(number)")
                        }
                        try database.record(.signedIn, AuditObject("\(number)"), of: StoreBench.acme, numbered: 1)
                        if number == 4 { throw StoreError(.duplicate, "fourth") }
                    }
                }
            }
            let page = try await store.auditEvents(matching: AuditQuery(of: StoreBench.acme))
            #expect(Set(page.events.map(\.object.id)) == Set(["before"] + [0, 1, 2, 3, 5, 6, 7, 8, 9].map { "\($0)" }))
            #expect(page.events.count == 10)
            #expect(try await store.checkAuditOfAllTenants().isEmpty)
        }
    }

    @Test(arguments: [1, 20])
    func aCommitThatFailsFailsForAll(_ writes: Int) async throws {
        try await withEmbeddedStore { store in
            let failed = Mutex(0)
            try await whileTheWriterIsBusy(store, writes: writes) { number in
                do {
                    try await store.write { database in
                        try database.change("INSERT INTO tenants (name) VALUES (?)", "t\(number)")
                        guard number == writes - 1 else { return }
                        // Detected at the commit.
                        try database.change("PRAGMA defer_foreign_keys = ON")
                        try database.change("INSERT INTO run_types (tenant, name) VALUES (-1, 'of no tenant')")
                    }
                } catch is StoreError {
                    failed.withLock { $0 += 1 }
                }
            }
            #expect(failed.withLock { $0 } == writes)
            #expect(try await store.names().isEmpty)
            // The next write is not affected.
            try await store.write { _ = try $0.change("INSERT INTO tenants (name) VALUES ('next')") }
            #expect(try await store.names() == ["next"])
        }
    }

    @Test func aTransactionThatSQLiteEndedFailsForAll() async throws {
        try await withEmbeddedStore { store in
            let failed = Mutex(0)
            try await whileTheWriterIsBusy(store, writes: 5) { number in
                do {
                    try await store.write { database in
                        try database.change("INSERT INTO tenants (name) VALUES (?)", "t\(number)")
                        guard number == 4 else { return }
                        try database.database.control("ROLLBACK")
                        throw StoreError(.unavailable, "as when the disk is full")
                    }
                } catch is StoreError {
                    failed.withLock { $0 += 1 }
                }
            }
            #expect(failed.withLock { $0 } == 5)
            #expect(try await store.names().isEmpty)
        }
    }

    @Test func largeWritesRunAlone() async throws {
        try await withEmbeddedStore { store in
            let counter = CommitCounter()
            store.pool.add(transactionObserver: counter, extent: .databaseLifetime)
            try await whileTheWriterIsBusy(store, writes: 4) { number in
                try await store.write(.large) { database, _ in
                    _ = try database.change("INSERT INTO tenants (name) VALUES (?)", "t\(number)")
                }
            }
            #expect(counter.commits == 4)
        }
    }

    @Test func aWriteWhoseCallerWasCancelledHappensAllTheSame() async throws {
        try await withEmbeddedStore { store in
            let asker = Task { try await store.saveSettings(TenantSettings(tenant: StoreBench.acme, rateLimit: 5)) }
            asker.cancel()
            try await asker.value
            #expect(try await store.settings(of: StoreBench.acme).rateLimit == 5)
        }
    }

    @Test func closingWaitsForRunningWrites() async throws {
        try await withDirectory { directory in
            let store = try SQLiteStore.open(directory: directory)
            let busy = DispatchSemaphore(value: 0)
            store.pool.asyncWriteWithoutTransaction { _ in busy.wait() }
            let write = Task { try await store.saveSettings(TenantSettings(tenant: StoreBench.acme, rateLimit: 5)) }
            while store.queue.waitingCount < 1 { await Task.yield() }
            let closing = Task { try await store.close() }
            busy.signal()
            try await write.value
            try await closing.value
            let reopened = try SQLiteStore.open(directory: directory)
            #expect(try await reopened.settings(of: StoreBench.acme).rateLimit == 5)
            try await reopened.close()
        }
    }

    /// Blocks the writer until all writes wait.
    private func whileTheWriterIsBusy(
        _ store: SQLiteStore, writes: Int, _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        let busy = DispatchSemaphore(value: 0)
        store.pool.asyncWriteWithoutTransaction { _ in busy.wait() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<writes {
                group.addTask { try await body(number) }
                // One after the other, in a known order.
                while store.queue.waitingCount <= number { await Task.yield() }
            }
            busy.signal()
            try await group.waitForAll()
        }
    }
}

private final class CommitCounter: TransactionObserver, Sendable {
    private let count = Mutex(0)
    var commits: Int { count.withLock { $0 } }

    func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { false }
    func databaseDidChange(with event: DatabaseEvent) {}
    func databaseDidCommit(_ database: Database) { count.withLock { $0 += 1 } }
    func databaseDidRollback(_ database: Database) {}
}

extension SQLiteStore {
    fileprivate func names() async throws -> [String] {
        try await read { try $0.rows("SELECT name FROM tenants ORDER BY number") { try $0.next(String.self) } }
    }
}
