import SQLiteTestKit
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

@Suite("Statements about items")
struct ItemPlanTests {
    @Test("read a span of positions of one run, and sort nothing")
    func plans() async throws {
        try await withEmbeddedStore { store in
            for statement in [
                ItemStatement.one, ItemStatement.waiting, ItemStatement.open, ItemStatement.unsuccessful, ItemStatement.list,
                ItemStatement.firstFailure, ItemStatement.firstFailureOfCustomer, ItemStatement.outputBytes, ItemStatement.outputs,
                ItemStatement.count, ItemStatement.insert, ItemStatement.keep, ItemStatement.settle,
                ItemStatement.keptWarnings, ItemStatement.place,
                TaskItemStatement.items, TaskItemStatement.run,
            ] {
                let plan = try await store.plan(statement, lookingAtReferences: false)
                #expect(!plan.isEmpty && plan.allSatisfy { $0.hasPrefix("SEARCH") }, "\(statement): \(plan)")
                let isOfTasks = statement != TaskItemStatement.run
                #expect(
                    !isOfTasks || plan.allSatisfy { $0.contains("USING PRIMARY KEY (tenant=? AND run=? AND position") }, "\(plan)")
            }
        }
    }

    @Test("correct counts that are wrong, and the group goes on")
    func recount() async throws {
        try await withEmbeddedStore { store in
            let bench = StoreBench(store)
            var task = StoreBench.task("load")
            task.forEach = ForEach(.list(JSONText(validated: "[0,1,2]")), maxParallel: 1)
            let id = try await bench.start([task])
            let lease = try await bench.claimOne()
            try await bench.succeed(lease, at: StoreBench.after(1))
            #expect(try await store.checkOfAllTenants(repairing: false, at: StoreBench.after(1)).isEmpty)
            _ = try await store.write { database in
                try database.change("UPDATE tasks SET ready_at = NULL WHERE ready_at IS NOT NULL")
            }
            let found = try await store.checkOfAllTenants(repairing: false, at: StoreBench.after(2))
            #expect(found.contains { $0.message.contains("other counts than items") }, "\(found)")
            _ = try await store.checkOfAllTenants(repairing: true, at: StoreBench.after(3))
            #expect(try await store.checkOfAllTenants(repairing: false, at: StoreBench.after(4)).isEmpty)
            for second in [5.0, 6] {
                try await bench.succeed(bench.claimOne(at: StoreBench.after(second)), at: StoreBench.after(second))
            }
            #expect(try await bench.details(id).run.state == .succeeded)
        }
    }

    @Test("correct a count that would keep items from running")
    func recountOfActiveItems() async throws {
        try await withEmbeddedStore { store in
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
        try await withEmbeddedStore { store in
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
