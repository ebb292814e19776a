import Testing
import WorkflowModel

extension StoreContract {
    private static let error = RunError(attribution: .customer, type: "test/bad", message: "Bad")

    private static func task(
        _ id: String, _ when: TaskCondition = .success, needs: [String] = [], if condition: String? = nil
    ) throws -> TaskDefinition {
        var task = StoreBench.task(id, when, needs: needs)
        task.gate = try condition.map { text in try ConditionExpression(text) }
        return task
    }

    private static func output(_ text: String) -> JSONText { JSONText(validated: text) }

    static let conditions: [Rule] = [
        Rule("A task whose condition is false is skipped with that reason, and its dependents go on") { bench in
            let id = try await bench.start([
                task("a"), task("b", needs: ["a"], if: "${outputs.a.rows} > 0"), task("c", needs: ["b"]),
                task("d", needs: ["a"], if: "${outputs.a.rows} == 0"),
            ])
            #expect(try await bench.states(id) == [.scheduled, .scheduled, .scheduled, .scheduled])
            try await bench.succeed(bench.claimOne(), output: output(#"{"rows":0}"#), at: StoreBench.after(1))
            #expect(try await bench.states(id) == [.succeeded, .skipped, .scheduled, .scheduled])
            let details = try await bench.details(id)
            #expect(details.tasks.map(\.skipReason) == [nil, .condition, nil, nil])
            #expect(details.tasks[1].endedAt == StoreBench.after(1))
            let values = try await bench.store.values(of: details.tasks[2].id, in: id, tenant: StoreBench.acme)
            #expect(values?.inputs == ["b": output("{}")])
            let query = TaskResultQuery(of: [details.run], tenant: StoreBench.acme, first: 10, limit: 10)
            #expect(try await bench.store.taskResults(matching: query)[id]?.map(\.skipReason) == [nil, .condition, nil, nil])
            let claimed = try await bench.claim(at: StoreBench.after(2))
            #expect(claimed.map(\.definitionID) == ["c", "d"])
            #expect(claimed.allSatisfy { $0.runCreatedAt == StoreBench.start })
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.after(2)).isEmpty)
            for task in claimed { try await bench.succeed(task.lease, at: StoreBench.after(3)) }
            #expect(try await bench.details(id).run.state == .succeeded)
        },
        Rule("Tasks without needs are decided when the run is created") { bench in
            let parameters = RunParameters([(name: "region", value: JSONValue.string("eu")), (name: "rows", value: .integer(2))])
            let tasks = try [
                task("a", if: "${parameters.region} == 'eu' and ${parameters.rows} in [1, 2]"),
                task("b", if: "${parameters.region} != 'eu'"),
                task("c", needs: ["b"]), task("d", if: "${run.run_mode} == 'full'"),
            ]
            let plan = try await bench.plan(tasks, parameters: parameters)
            _ = try await bench.store.createRun(plan, once: nil)
            #expect(try await bench.states(plan.id) == [.scheduled, .skipped, .scheduled, .scheduled])
            #expect(try await bench.details(plan.id).tasks.map(\.skipReason) == [nil, .condition, nil, nil])
            #expect(try await bench.claim().map(\.definitionID) == ["a", "c", "d"])
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.after(1)).isEmpty)
        },
        Rule("A run whose tasks are all skipped for their conditions succeeds when it is created") { bench in
            let id = try await bench.start([
                task("a", if: "1 == 2"), task("b", needs: ["a"], if: "${outputs.a} != ${outputs.a}"),
                task("c", needs: ["b"], if: "false"),
            ])
            let details = try await bench.details(id)
            #expect(details.run.state == .succeeded)
            #expect(details.run.endedAt == StoreBench.start)
            #expect(details.tasks.map(\.skipReason) == [.condition, .condition, .condition])
            #expect(try await bench.claim().isEmpty)
        },
        Rule("Conditions read outputs of tasks that are needed through others, from earlier transactions") { bench in
            let id = try await bench.start([
                task("a"), task("b", needs: ["a"]),
                task(
                    "c", needs: ["b"],
                    if: "${outputs.a.files[1].name} == 'x' and ${outputs.b.n} == 1 and ${outputs.b} != ${outputs.a}"),
                task("d", needs: ["b"], if: "${outputs.a.gone} == 1"),
            ])
            let large = String(repeating: "x", count: 100_000)
            try await bench.succeed(bench.claimOne(), output: output(#"{"files":[{},{"name":"x"}],"large":"\#(large)"}"#))
            try await bench.succeed(bench.claimOne(at: StoreBench.after(1)), output: output(#"{"n":1}"#), at: StoreBench.after(2))
            #expect(try await bench.states(id) == [.succeeded, .succeeded, .scheduled, .scheduled])
            // Without a result, the worker is told about the task, and says so.
            let claimed = try await bench.claim(at: StoreBench.after(3))
            #expect(claimed.map(\.definitionID) == ["c", "d"])
            let lease = try #require(claimed.first).lease
            let outputs = try await bench.store.outputs(ofTasks: ["a", "c", "none"], for: lease)
            #expect(outputs.keys.sorted() == ["a"])
            #expect(outputs["a"]?.text.utf8.count ?? 0 > 100_000)
            let foreign = Lease(tenant: StoreBench.globex, run: id, task: lease.task, attempt: 1, token: 1)
            #expect(try await bench.store.outputs(ofTasks: ["a"], for: foreign).isEmpty)
        },
        Rule("A failed need skips a task before its condition is asked, and settling it asks") { bench in
            let id = try await bench.start([
                task("a"), task("x"), task("b", needs: ["a"], if: "${outputs.a.rows} > 0"), task("c", needs: ["b"]),
            ])
            let claimed = try await bench.claim()
            _ = try await bench.store.commit(.failed(error), under: claimed[0].lease, at: StoreBench.after(1))
            #expect(try await bench.details(id).tasks.map(\.skipReason) == [nil, nil, .failedNeed, .failedNeed])
            let order = ResolutionOrder(
                .succeed, of: .one(claimed[0].lease.task), outputs: output(#"{"rows":0}"#), by: StoreBench.someone,
                at: StoreBench.after(2))
            guard case .resolved(let details) = try await bench.store.resolve(order, in: id, of: StoreBench.acme) else {
                Issue.record("not resolved")
                return
            }
            #expect(details.tasks.map(\.skipReason) == [nil, nil, .condition, nil])
            #expect(try await bench.claim(at: StoreBench.after(3)).map(\.definitionID) == ["c"])
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.after(4)).isEmpty)
        },
        Rule("Closing tasks ask their conditions when what they need has ended, also after a stop") { bench in
            let tasks = try [
                task("a"), task("close", .always, needs: ["a"], if: "${outputs.a.rows} == null or true"),
                task("tell", .failure, needs: ["a"], if: "false"), task("last", .always, needs: ["close"], if: "true"),
            ]
            let id = try await bench.start(tasks, afterStop: .seconds(60))
            let lease = try await bench.claimOne()
            _ = try await bench.store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(1))
            _ = try await bench.store.commit(.stopped, under: lease, at: StoreBench.after(2))
            #expect(try await bench.details(id).tasks.map(\.skipReason) == [nil, nil, .condition, nil])
            // The output of a stopped task is not there, so that the condition has no result, and the worker says so.
            let close = try #require(try await bench.claim(at: StoreBench.after(3)).first)
            #expect(close.definitionID == "close")
            _ = try await bench.store.commit(.failed(error), under: close.lease, at: StoreBench.after(4))
            try await bench.succeed(bench.claimOne(at: StoreBench.after(5)), at: StoreBench.after(6))
            #expect(try await bench.details(id).run.state == .canceled)
        },
        Rule("A rerun from the failure keeps conditions that were false, and asks the others again") { bench in
            let tasks = try [
                task("a"), task("b", needs: ["a"], if: "${outputs.a.rows} > 5"), task("c", needs: ["b"]),
                task("d", needs: ["c"], if: "${outputs.a.rows} == 5"), task("e", needs: ["d"], if: "${outputs.a.rows} == 6"),
            ]
            let id = try await bench.start(tasks)
            try await bench.succeed(bench.claimOne(), output: output(#"{"rows":5}"#))
            try await bench.succeed(bench.claimOne())
            let lease = try await bench.claimOne()
            _ = try await bench.store.commit(.failed(error), under: lease, at: StoreBench.after(1))
            #expect(try await bench.states(id) == [.succeeded, .skipped, .succeeded, .failed, .skipped])
            let configuration = WorkflowConfiguration(
                id: "cg-daily", name: "Daily", type: "test.daily/run", stages: [Stage(name: "Everything", tasks: tasks)])
            let draft = bench.draft("cg-daily", text: "again", at: StoreBench.after(2))
            let version = try await bench.store.saveConfiguration(draft, at: StoreBench.after(2)).version
            let rerun = Rerun(of: try await bench.details(id), from: .failure, by: StoreBench.someone)
            let plan = try RunPlan(
                configuration, version: version, doingOver: rerun,
                at: StoreBench.after(3), random: bench.random)
            _ = try await bench.store.createRun(plan, once: nil)
            #expect(try await bench.states(plan.id) == [.succeeded, .skipped, .succeeded, .scheduled, .scheduled])
            let details = try await bench.details(plan.id)
            #expect(details.tasks.map(\.skipReason) == [nil, .condition, nil, nil, nil])
            #expect(details.tasks.map(\.keptFrom) == [id, id, id, nil, nil])
            try await bench.succeed(bench.claimOne(at: StoreBench.after(4)), at: StoreBench.after(5))
            #expect(try await bench.details(plan.id).tasks.map(\.skipReason) == [nil, .condition, nil, nil, .condition])
            #expect(try await bench.details(plan.id).run.state == .succeeded)
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.after(6)).isEmpty)
        },
    ]
}
