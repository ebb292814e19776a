import GRDB
import SQLiteTestKit
import StoreCore
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

@Suite("The audit log in a file") struct AuditTests {
    /// Ten events of each of two tenants.
    private func fill(_ store: SQLiteStore) async throws {
        let bench = StoreBench(store)
        for number in 0..<10 {
            for tenant in [StoreBench.acme, StoreBench.globex] {
                let actor = AuditActor(
                    StoreBench.someone, from: AuditOrigin(address: "192.0.2.\(number)"),
                    time: TestClock(now: StoreBench.after(Double(number))), random: bench.random)
                try await store.append([actor.event(.signedIn, AuditObject("object \(number)"), of: tenant)])
            }
        }
    }

    /// Changes of the file without the store, and a part of the finding of each.
    static let damages = [
        ("UPDATE audit_events SET object_id = 'other' WHERE number = 7", "weir.session/started, 2023-11-14T22:13:23.000Z"),
        ("UPDATE audit_events SET happened_at = happened_at + 1 WHERE number = 7", "2023-11-14T22:13:23.001Z"),
        ("UPDATE audit_events SET object_name = '' WHERE number = 7", "2023-11-14T22:13:23.000Z"),
        ("UPDATE audit_events SET tenant = 3 - tenant WHERE number = 7", "does not fit"),
        ("UPDATE audit_events SET hash = zeroblob(32) WHERE number = 7", "2023-11-14T22:13:23.000Z"),
        ("DELETE FROM audit_events WHERE number = 7", "2023-11-14T22:13:24.000Z"),
        ("DELETE FROM audit_events WHERE number <= 7", "does not fit"),
        ("DELETE FROM audit_events WHERE number = 19", "its newest events are missing"),
        ("DELETE FROM audit_events", "its newest events are missing"), ("DELETE FROM audit_chains", "newest events"),
        (
            "INSERT INTO audit_events SELECT 100, tenant, 'ae-new', happened_at, type, principal_id, principal_name, principal_email, "
                + "object_id, object_name, origin_ip, user_agent, session_id, hash FROM audit_events WHERE number = 7",
            "ae-new"
        ),
    ]

    @Test("An event that was changed, removed or added is found", arguments: damages)
    func damage(sql: String, says: String) async throws {
        try await withEmbeddedStore { store in
            try await fill(store)
            #expect(try await store.checkAuditOfAllTenants().isEmpty)
            try await store.write { connection in
                try connection.database.execute(sql: "DROP TRIGGER audit_events_stay; \(sql)")
            }
            let findings = try await store.checkAuditOfAllTenants()
            let first = try #require(findings.first)
            #expect(first.message.contains(says), "\(first.message)")
            #expect(findings.allSatisfy { $0.subject == .audit && $0.remedy == .lasting })
        }
    }

    @Test("No statement changes an event")
    func appendOnly() async throws {
        try await withEmbeddedStore { store in
            try await fill(store)
            await #expect(throws: StoreError.self) {
                try await store.write { try $0.change("UPDATE audit_events SET object_id = 'other' WHERE number = 7") }
            }
            #expect(try await store.checkAuditOfAllTenants().isEmpty)
        }
    }

    @Test("A page walks the index of times from its place")
    func plans() async throws {
        try await withEmbeddedStore { store in
            let page = try await store.plan(AuditStatement.page)
            #expect(page.count == 1 && page[0].hasPrefix("SEARCH e USING INDEX audit_events_time (tenant=? AND "), "\(page)")
            #expect(page[0].contains("(happened_at,id)<(?,?)"), "\(page)")
            let count = try await store.plan(AuditStatement.count)
            #expect(
                count == [
                    "SEARCH audit_events USING COVERING INDEX audit_events_time (tenant=? AND happened_at>? AND happened_at<?)"
                ])
        }
    }

    @Test("A write that is undone with its batch leaves no event, and the chain fits")
    func undone() async throws {
        try await withEmbeddedStore { store in
            let bench = StoreBench(store)
            let actor = AuditActor(
                StoreBench.someone, from: AuditOrigin(), time: TestClock(now: StoreBench.start), random: bench.random)
            let views = (0..<20).map { number in
                SavedView(name: "View \(number)", search: "", savedBy: StoreBench.someone, savedAt: StoreBench.start)
            }
            await actor.act {
                await withTaskGroup(of: Void.self) { group in
                    for (number, view) in views.enumerated() {
                        group.addTask {
                            if number.isMultiple(of: 2) { _ = try? await store.save(view, of: StoreBench.acme) }
                            // Fails after it has changed something.
                            try? await store.write { connection in
                                try connection.append(
                                    actor.event(.viewSaved, AuditObject("undone"), of: StoreBench.acme),
                                    tenant: try connection.findOrCreate(StoreBench.acme))
                                throw StoreError.closed()
                            }
                        }
                    }
                }
            }
            let events = try await store.auditEvents(matching: AuditQuery(of: StoreBench.acme)).events
            #expect(events.count == 10 && !events.contains { $0.object.id == "undone" })
            #expect(try await store.checkAuditOfAllTenants().isEmpty)
        }
    }
}
