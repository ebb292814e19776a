import PostgresTestKit
import StoreCore
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import PostgresStore

@Suite("Statements about items")
struct ItemPlanTests {
    @Test("walk the primary key of tasks, and sort nothing")
    func plans() async throws {
        try await TestDatabase.with { database in
            try await database.session { connection in
                try connection.control("SET enable_seqscan = off; SET enable_bitmapscan = off")
                let run: [any SQLValue] = [1, RunID(rawValue: "wf-1"), StoreBench.start]
                let span = run + [1_000_000, 1_010_000] as [any SQLValue]
                let settled: [any SQLValue] = [
                    1_000_001, TaskState.succeeded, JSONText(validated: "{}"), Resolution.succeed,
                ]
                let statements: [(String, [any SQLValue])] = [
                    (ItemStatement.some, run + [Column([1_000_001])]), (ItemStatement.waiting, span + [1]),
                    (ItemStatement.open, span),
                    (ItemStatement.unsuccessful, span), (ItemStatement.list, run + [1]), (ItemStatement.firstFailure, span),
                    (ItemStatement.firstFailureOfCustomer, span), (ItemStatement.outputBytes, span), (ItemStatement.outputs, span),
                    (ItemStatement.settle, run + settled),
                    (
                        ItemStatement.group,
                        [1, RunID(rawValue: "wf-1"), StoreBench.start, StoreBench.after(9), 1_000_000, TaskID(rawValue: "a")]
                    ),
                    (
                        ItemStatement.place,
                        [1, RunID(rawValue: "wf-1"), StoreBench.start, StoreBench.after(9), 1_000_000, TaskID(rawValue: "a")]
                    ),
                    (
                        TaskItemStatement.items,
                        [1, RunID(rawValue: "wf-1"), StoreBench.start, StoreBench.after(9), 1_000_000, 1_010_000, 256, 10]
                    ),
                ]
                for (sql, values) in statements {
                    let plan = try connection.rows("EXPLAIN " + sql, values: values) { try $0.next(String.self) }
                    #expect(plan.contains { $0.contains("_pkey") }, "\(sql): \(plan)")
                    #expect(!plan.contains { $0.contains("Sort") || $0.contains("Seq Scan") }, "\(sql): \(plan)")
                }
            }
        }
    }

    @Test("correct a count that would keep items from running")
    func recountOfActiveItems() async throws {
        try await TestDatabase.withStore { store in
            let bench = StoreBench(store)
            var task = StoreBench.task("load")
            task.forEach = ForEach(.list(JSONText(validated: "[0,1]")), maxParallel: 1)
            let id = try await bench.start([task])
            _ = try await store.write { database in
                try database.change("UPDATE tasks SET fan = replace(fan, '\"active\":1', '\"active\":2') WHERE fan IS NOT NULL")
            }
            try await bench.succeed(bench.claimOne(), at: StoreBench.after(1))
            #expect(try await bench.claim(at: StoreBench.after(2)).isEmpty)
            let found = try await store.checkOfAllTenants(repairing: false, at: StoreBench.after(2))
            #expect(found.map(\.message).contains("Tasks with `for_each` have other counts than items."), "\(found)")
            #expect(try await bench.claim(at: StoreBench.after(2)).isEmpty)
            let repaired = try await store.checkOfAllTenants(repairing: true, at: StoreBench.after(3))
            #expect(repaired.contains { $0.message.contains("other counts than items") && $0.remedy == .repaired }, "\(repaired)")
            #expect(try await store.checkOfAllTenants(repairing: false, at: StoreBench.after(4)) == [])
            try await bench.succeed(bench.claimOne(at: StoreBench.after(5)), at: StoreBench.after(5))
            #expect(try await bench.details(id).run.state == .succeeded)
        }
    }

    @Test("an event of an item loads that item, however many the run has", arguments: [1, 10])
    func loading(groups: Int) async throws {
        try await TestDatabase.withStore { store in
            let bench = StoreBench(store)
            let list = JSONText(validated: "[" + (0..<1_000).map(String.init).joined(separator: ",") + "]")
            let tasks = (0..<groups).map { number in
                var task = StoreBench.task("load-\(number)")
                task.forEach = ForEach(.list(list), maxParallel: 4)
                return task
            }
            let id = try await bench.start(tasks)
            let items = try await store.items(matching: TaskItemQuery(of: id, tenant: StoreBench.acme, limit: 20_000))
            #expect(items.count == groups * 1_000)
            let claimed = try await bench.claim(3)
            #expect(claimed.count == 3)
            for task in claimed {
                let loaded = try await store.write { database in
                    try database.loadRun(of: task.lease).map { ($0.progress.tasks.count, $0.progress.items.count) }
                }
                #expect(loaded?.0 == groups && loaded?.1 == 1)
                try await bench.succeed(task.lease, at: StoreBench.after(1))
            }
            #expect(try await bench.details(id).tasks.reduce(0) { $0 + ($1.fan?.counts?.succeeded ?? 0) } == 3)
            #expect(try await store.checkOfAllTenants(repairing: false, at: StoreBench.after(2)).isEmpty)
        }
    }
}
