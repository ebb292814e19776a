import GRDB
import GRDBSQLite
import SQLiteTestKit
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

/// The cost of taking turns in steps of SQLite's virtual machine, which do not depend on the speed of the computer.
@Suite struct TurnTests {
    @Test func aClaimCostsTheSameHoweverMuchIsQueued() async throws {
        var costs: [Int] = []
        for queued in [100, 100_000] {
            try await withEmbeddedStore { store in
                try await store.queue(queued, tenants: 1)
                costs.append(try await store.steps(claiming: 16, expecting: 16))
            }
        }
        #expect(costs[1] < costs[0] * 5 / 4, "\(costs)")
    }

    @Test func amongAThousandTenantsAClaimLooksAtNoMoreThanItHandsOut() async throws {
        var costs: [Int] = []
        for tenants in [16, 1_000] {
            try await withEmbeddedStore { store in
                try await store.queue(5, tenants: tenants)
                costs.append(try await store.steps(claiming: 16, expecting: 16))
            }
        }
        #expect(costs[1] < costs[0] * 5 / 4, "\(costs)")
    }

    /// The worst case: all tenants before the one with work have none.
    @Test func tenantsWithoutWorkCostAFewStepsEach() async throws {
        try await withEmbeddedStore { store in
            try await store.queue(1, tenants: 1_000)
            try await store.serve(allBut: 1)
            let cost = try await store.steps(claiming: 16, expecting: 1)
            #expect(cost < 1_000 * 20, "\(cost)")
        }
    }
}

extension SQLiteStore {
    /// Inserts ready tasks, one run per tenant.
    fileprivate func queue(_ count: Int, tenants: Int) async throws {
        try await write { database in
            let numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <"
            try database.change("\(numbers) ?) INSERT INTO tenants (number, name) SELECT i, 't' || i FROM n", tenants)
            try database.change("INSERT INTO run_types (number, tenant, name) VALUES (1, 1, 'a.b')")
            try database.change("INSERT INTO principals (number, tenant, id, name) VALUES (1, 1, 'p', 'P')")
            try database.change(
                """
                INSERT INTO runs (number, tenant, id, type, state, created_at, name, principal)
                SELECT number, number, 'wf-' || number, 1, 0, 0, 'Run', 1 FROM tenants
                """)
            try database.change(
                """
                \(numbers) ?)
                INSERT INTO tasks (tenant, run, position, id, definition_id, definition_type, label, execution_type, created_at,
                    state, state_changed_at, ready_at, attempt, token)
                SELECT number, number, i, 'wft-' || number || '-' || i, 'd', 'a.b', 'D', 'command', 0, 0, 0, i, 0, 0
                FROM tenants CROSS JOIN n
                """, count)
        }
    }

    /// Removes the ready tasks of all tenants but the last few.
    fileprivate func serve(allBut rest: Int) async throws {
        _ = try await write { database in
            try database.change(
                "UPDATE tasks SET ready_at = NULL WHERE tenant <= (SELECT max(number) FROM tenants) - ?", rest)
        }
    }

    /// The cost of finding the tasks of a claim.
    fileprivate func steps(claiming limit: Int, expecting count: Int) async throws -> Int {
        try await read { database in
            let statements = try [TurnStatement.tenants, TurnStatement.queue].map {
                try database.database.cachedStatement(sql: $0)
            }
            for statement in statements { _ = sqlite3_stmt_status(statement.sqliteStatement, SQLITE_STMTSTATUS_VM_STEP, 1) }
            let ready = try database.readyTasks(at: .latest, limit: limit)
            #expect(ready.count == count && Set(ready).count == count)
            return statements.reduce(0) { sum, statement in
                sum + Int(sqlite3_stmt_status(statement.sqliteStatement, SQLITE_STMTSTATUS_VM_STEP, 0))
            }
        }
    }
}
