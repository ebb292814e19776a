import PostgresTestKit
import StoreCore
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import PostgresStore

@Suite("The audit log in a database") struct AuditTests {
    private func event(_ number: Int, _ bench: StoreBench) -> AuditEvent {
        AuditActor(
            StoreBench.someone, from: AuditOrigin(), time: TestClock(now: StoreBench.after(Double(number))), random: bench.random
        ).event(.signedIn, AuditObject("object \(number)"), of: StoreBench.acme)
    }

    private func fill(_ store: PostgresStore, _ numbers: Range<Int>) async throws {
        let bench = StoreBench(store, seed: UInt64(numbers.lowerBound) + 1)
        for number in numbers { try await store.append([event(number, bench)]) }
    }

    private func places(_ store: PostgresStore) async throws -> [Int?] {
        try await store.read { try $0.rows("SELECT place FROM audit_events ORDER BY number") { try $0.next(Int?.self) } }
    }

    @Test("Events are sealed by a later step, behind those that are sealed already")
    func order() async throws {
        try await TestDatabase.withStore { store in
            try await fill(store, 0..<3)
            #expect(try await places(store) == [nil, nil, nil])
            try await store.pool.sealAuditEvents()
            #expect(try await places(store) == [1, 2, 3])
            try await fill(store, 3..<5)
            try await store.pool.sealAuditEvents()
            #expect(try await places(store) == [1, 2, 3, 4, 5])
            #expect(try await store.checkAuditOfAllTenants().isEmpty)
        }
    }

    @Test("Two nodes that seal at once make one chain")
    func atOnce() async throws {
        try await TestDatabase.withStore { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for part in 0..<8 {
                    group.addTask {
                        try await fill(store, part * 20..<part * 20 + 20)
                        try await store.pool.sealAuditEvents(waiting: part.isMultiple(of: 2))
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await store.checkAuditOfAllTenants().isEmpty)
            let places = try await places(store).compactMap(\.self)
            #expect(places.sorted() == Array(1...160))
        }
    }

    @Test(
        "An event that was changed, removed or added is found",
        arguments: [
            ("UPDATE audit_events SET object_id = 'other' WHERE place = 7", "2023-11-14T22:13:26.000Z"),
            ("UPDATE audit_events SET hash = '\\x00' WHERE place = 7", "2023-11-14T22:13:26.000Z"),
            ("DELETE FROM audit_events WHERE place = 7", "2023-11-14T22:13:27.000Z"),
            ("DELETE FROM audit_events WHERE place = 10", "its newest events are missing"),
        ])
    func damage(sql: String, says: String) async throws {
        try await TestDatabase.withStore { store in
            try await fill(store, 0..<10)
            #expect(try await store.checkAuditOfAllTenants().isEmpty)
            try await store.write { database in
                try database.control("ALTER TABLE audit_events DISABLE TRIGGER audit_events_stay; \(sql)")
                return
            }
            let findings = try await store.checkAuditOfAllTenants()
            #expect(findings.count == 1 && findings.first?.message.contains(says) == true, "\(findings)")
        }
    }

    @Test("No statement changes a sealed event")
    func appendOnly() async throws {
        try await TestDatabase.withStore { store in
            try await fill(store, 0..<2)
            try await store.pool.sealAuditEvents()
            await #expect(throws: StoreError.self) {
                try await store.write { try $0.change("UPDATE audit_events SET object_id = 'other'") }
            }
            #expect(try await store.checkAuditOfAllTenants().isEmpty)
        }
    }
}
