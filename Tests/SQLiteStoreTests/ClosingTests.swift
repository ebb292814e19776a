import SQLiteTestKit
import StoreCore
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

@Suite("Deadlines of closing tasks") struct ClosingTests {
    @Test(arguments: ["DELETE FROM closing_deadlines", "INSERT INTO closing_deadlines SELECT number, 5 FROM runs WHERE state = 6"])
    func damageIsFoundAndRepaired(sql: String) async throws {
        try await withEmbeddedStore { store in
            let bench = StoreBench(store)
            try await bench.start()
            try await bench.succeed(bench.claimOne())
            let id = try await bench.startStopped()
            #expect(try await store.checkOfAllTenants(repairing: false, at: StoreBench.start) == [])
            _ = try await store.write { try $0.change(sql) }
            #expect(try await store.checkOfAllTenants(repairing: true, at: StoreBench.start).map(\.remedy) == [.repaired])
            #expect(try await store.checkOfAllTenants(repairing: false, at: StoreBench.start) == [])
            #expect(try await store.endClosingOfAllTenants(at: StoreBench.after(59.999), limit: 10) == [])
            #expect(try await store.endClosingOfAllTenants(at: StoreBench.after(60), limit: 10) == [id])
        }
    }

    @Test func aDeadlineOfARunThatIsNotStoppingIsRemovedWhenItIsDue() async throws {
        try await withEmbeddedStore { store in
            let bench = StoreBench(store)
            let id = try await bench.start()
            _ = try await store.write { try $0.change("INSERT INTO closing_deadlines SELECT number, 5 FROM runs") }
            #expect(try await store.endClosingOfAllTenants(at: StoreBench.start, limit: 10) == [])
            #expect(try await bench.states(id) == [.scheduled])
            #expect(try await store.read { try $0.row("SELECT count(*) FROM closing_deadlines") { try $0.next(Int.self) } } == 0)
        }
    }

    @Test func aPollReadsTheFirstEntriesOfAnIndex() async throws {
        try await withEmbeddedStore { store in
            let plan = try await store.plan(ClosingStatement.due)
            #expect(
                plan == [
                    "SEARCH d USING COVERING INDEX closing_deadlines_due (due_at<?)",
                    "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)",
                ])
        }
    }
}
