import GRDB
import StoreCore
import Testing
import WorkflowModel

@testable import SQLiteStore

@Suite struct MigrationTests {
    private let steps = [
        Migration(number: 1, sql: "CREATE TABLE a (x); INSERT INTO a VALUES (1)"),
        Migration(number: 2, sql: "INSERT INTO a VALUES (2)"),
        Migration(number: 3, sql: "INSERT INTO a VALUES (3)"),
    ]

    @Test func everyStepIsAppliedOnceAndInOrder() throws {
        try DatabaseQueue().writeWithoutTransaction { database in
            try Migration.apply(Array(steps.prefix(1)), to: DatabaseConnection(database))
            try Migration.apply(steps, to: DatabaseConnection(database))
            try Migration.apply(steps, to: DatabaseConnection(database))
            #expect(try Int.fetchAll(database, sql: "SELECT x FROM a ORDER BY rowid") == [1, 2, 3])
            #expect(try Int.fetchOne(database, sql: "PRAGMA user_version") == 3)
        }
    }

    @Test func aStepThatFailsLeavesTheSchemaOfTheOneBefore() throws {
        try DatabaseQueue().writeWithoutTransaction { database in
            let broken = Migration(number: 2, sql: "INSERT INTO a VALUES (2); INSERT INTO nowhere VALUES (1)")
            #expect(throws: DatabaseError.self) { try Migration.apply([steps[0], broken], to: DatabaseConnection(database)) }
            #expect(try Int.fetchAll(database, sql: "SELECT x FROM a") == [1])
            #expect(try Int.fetchOne(database, sql: "PRAGMA user_version") == 1)
            try Migration.apply(steps, to: DatabaseConnection(database))
            #expect(try Int.fetchAll(database, sql: "SELECT x FROM a ORDER BY rowid") == [1, 2, 3])
        }
    }

    @Test func aTableIsDeclaredInOtherWordsWhileItsRowsStay() throws {
        try DatabaseQueue().writeWithoutTransaction { database in
            let declared = Migration(
                number: 1, sql: "CREATE TABLE a (x CHECK (x IN (1, 2, 3))); CREATE TABLE b (y); INSERT INTO a VALUES (1)")
            let reworded = Migration(
                number: 2, rewordings: [Rewording(table: "a", old: "x IN (1, 2, 3)", new: "x BETWEEN 1 AND 4")])
            try Migration.apply([declared], to: DatabaseConnection(database))
            #expect(throws: DatabaseError.self) { try DatabaseConnection(database).change("INSERT INTO a VALUES (4)") }
            try Migration.apply([declared, reworded], to: DatabaseConnection(database))
            try DatabaseConnection(database).change("INSERT INTO a VALUES (4)")
            #expect(throws: DatabaseError.self) { try DatabaseConnection(database).change("INSERT INTO a VALUES (5)") }
            #expect(try Int.fetchAll(database, sql: "SELECT x FROM a ORDER BY x") == [1, 4])
            #expect(throws: DatabaseError.self, "The schema can be written to by hand afterwards.") {
                try database.execute(sql: "UPDATE sqlite_schema SET sql = NULL")
            }
        }
    }

    @Test func aTableThatIsDeclaredOtherwiseIsLeftAlone() throws {
        try DatabaseQueue().writeWithoutTransaction { database in
            let reworded = Migration(number: 2, rewordings: [Rewording(table: "a", old: "y", new: "z")])
            try Migration.apply([steps[0]], to: DatabaseConnection(database))
            #expect(throws: StoreError.self) { try Migration.apply([steps[0], reworded], to: DatabaseConnection(database)) }
            #expect(try Int.fetchOne(database, sql: "PRAGMA user_version") == 1)
            #expect(try String.fetchAll(database, sql: "SELECT sql FROM sqlite_schema") == ["CREATE TABLE a (x)"])
        }
    }

    @Test func theStepsAreNumberedWithoutGaps() {
        #expect(Migration.all.map(\.number) == Array(1...Migration.all.count))
    }

    /// Stored in databases, so that a changed number would turn one state into another.
    @Test func statesKeepTheirNumbers() {
        let runs: [RunState] = [
            .scheduled, .started, .inProgress, .runningWithFailures, .stopping, .canceled, .succeeded, .failed,
        ]
        let tasks: [TaskState] = [
            .scheduled, .started, .inProgress, .running, .finalizing, .stopping, .canceled, .succeeded, .failed, .skipped,
        ]
        #expect(runs.map(\.code) == Array(0..<8))
        #expect(tasks.map(\.code) == Array(0..<10))
        #expect(Set(runs) == Set(RunState.allCases))
        #expect(Set(tasks) == Set(TaskState.allCases))
    }
}
