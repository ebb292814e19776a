import PostgresTestKit
import StoreCore
import Testing
import WorkflowModel

@testable import PostgresStore

@Suite struct MigrationTests {
    private let steps = [
        Migration(number: 1, sql: "CREATE TABLE a (x int); INSERT INTO a VALUES (1)"),
        Migration(number: 2, sql: "INSERT INTO a VALUES (2)"),
        Migration(number: 3, sql: "INSERT INTO a VALUES (3)"),
    ]

    @Test func everyStepIsAppliedOnceAndInOrder() async throws {
        try await TestDatabase.withEmpty { database in
            try await database.session { connection in
                try Migration.apply(Array(steps.prefix(1)), to: connection)
                try Migration.apply(steps, to: connection)
                try Migration.apply(steps, to: connection)
                #expect(try connection.rows("SELECT x FROM a ORDER BY x") { try $0.next(Int.self) } == [1, 2, 3])
            }
        }
    }

    @Test func aStepThatFailsLeavesTheSchemaOfTheOneBefore() async throws {
        try await TestDatabase.withEmpty { database in
            try await database.session { connection in
                let broken = Migration(number: 2, sql: "INSERT INTO a VALUES (2); INSERT INTO nowhere VALUES (1)")
                #expect(throws: PostgresFailure.self) { try Migration.apply([steps[0], broken], to: connection) }
                #expect(try connection.rows("SELECT x FROM a") { try $0.next(Int.self) } == [1])
                try Migration.apply(steps, to: connection)
                #expect(try connection.rows("SELECT x FROM a ORDER BY x") { try $0.next(Int.self) } == [1, 2, 3])
            }
        }
    }

    @Test func theStepsAreNumberedWithoutGaps() {
        #expect(Migration.all.map(\.number) == Array(1...Migration.all.count))
    }

    @Test(arguments: ["runs", "tasks"])
    func statesThatNoRunOrTaskHasAreRefusedByTheDatabaseItself(_ table: String) async throws {
        try await TestDatabase.withStore { store in
            try await store.pool.run { connection in
                let check = try connection.rows(
                    "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = $1::text::regclass AND contype = 'c'",
                    table
                ) { try $0.next(String.self) }
                #expect(check.contains { $0.contains("state >= 0") && $0.contains(table == "runs" ? "state <= 7" : "state <= 9") })
            }
        }
    }
}

extension TestDatabase {
    /// Runs `body` with its own session.
    func session<Value: Sendable>(
        _ settings: PostgresSettings = PostgresSettings(), _ body: @escaping @Sendable (PostgresConnection) throws -> Value
    ) async throws -> Value {
        let session = Session(address: try address(), settings: settings)
        return try await SessionThread.run { try body(try session.open()) }
    }
}
