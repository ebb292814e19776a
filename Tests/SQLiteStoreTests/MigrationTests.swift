import GRDB
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
            try Migration.apply(Array(steps.prefix(1)), to: database)
            try Migration.apply(steps, to: database)
            try Migration.apply(steps, to: database)
            #expect(try Int.fetchAll(database, sql: "SELECT x FROM a ORDER BY rowid") == [1, 2, 3])
            #expect(try Int.fetchOne(database, sql: "PRAGMA user_version") == 3)
        }
    }

    @Test func aStepThatFailsLeavesTheSchemaOfTheOneBefore() throws {
        try DatabaseQueue().writeWithoutTransaction { database in
            let broken = Migration(number: 2, sql: "INSERT INTO a VALUES (2); INSERT INTO nowhere VALUES (1)")
            #expect(throws: DatabaseError.self) { try Migration.apply([steps[0], broken], to: database) }
            #expect(try Int.fetchAll(database, sql: "SELECT x FROM a") == [1])
            #expect(try Int.fetchOne(database, sql: "PRAGMA user_version") == 1)
            try Migration.apply(steps, to: database)
            #expect(try Int.fetchAll(database, sql: "SELECT x FROM a ORDER BY rowid") == [1, 2, 3])
        }
    }

    @Test func theStepsAreNumberedWithoutGaps() {
        #expect(Migration.all.map(\.number) == Array(1...Migration.all.count))
    }

    /// Written into databases for ever, so that a change of a number would turn one state into another.
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
