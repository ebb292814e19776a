import Testing
import WorkflowModel

extension StoreContract {
    private static let customerError = RunError(attribution: .customer, type: "test/bad", message: "Bad file")
    private static let platformError = RunError(attribution: .platform, type: "test/lost", message: "Gone")

    private static func group(
        _ id: String, over list: String, needs: [String] = [], parallel: Int? = nil, failsFast: Bool = false
    ) -> TaskDefinition {
        var task = StoreBench.task(id, needs: needs)
        let reference = (try? TextTemplate("${\(list)}"))?.only
        let items = reference.map(ForEach.Items.value) ?? .list(JSONText(validated: list))
        task.forEach = ForEach(items, maxParallel: parallel, failsFast: failsFast)
        return task
    }

    private static func output(_ text: String) -> JSONText { JSONText(validated: text) }

    private static func items(_ bench: StoreBench, _ run: RunID, in states: Set<TaskState> = Set(TaskState.allCases)) async throws
        -> [TaskInstance]
    {
        try await bench.store.items(matching: TaskItemQuery(of: run, tenant: StoreBench.acme, in: states, limit: 10_000))
    }

    private static func isConsistent(_ bench: StoreBench, at now: Timestamp) async throws {
        #expect(try await bench.store.checkOfAllTenants(repairing: false, at: now).isEmpty)
    }

    private static func states(_ bench: StoreBench, _ run: RunID) async throws -> [TaskState] {
        try await items(bench, run).map(\.state)
    }

    static let fanOut: [Rule] = fanOutWork + fanOutFailures

    private static let fanOutWork: [Rule] = [
        Rule("A task runs once for each item of an output, and dependents get the outputs in order") { bench in
            let id = try await bench.start([
                StoreBench.task("list"), group("load", over: "outputs.list.files", needs: ["list"]),
                StoreBench.task("sum", needs: ["load"]),
            ])
            #expect(try await items(bench, id).isEmpty)
            let files = #"{"files":["a.csv",{"name":"b","rows":[1,2]},3]}"#
            try await bench.succeed(bench.claimOne(), output: output(files), at: StoreBench.after(1))
            let found = try await items(bench, id)
            #expect(found.map(\.label) == ["Task load [0] a.csv", "Task load [1] b", "Task load [2] 3"])
            #expect(found.map(\.shortName) == ["load[0]", "load[1]", "load[2]"])
            #expect(found.map(\.item?.text) == [#""a.csv""#, #"{"name":"b","rows":[1,2]}"#, "3"])
            try await isConsistent(bench, at: StoreBench.after(1))
            let claimed = try await bench.claim(at: StoreBench.after(2))
            #expect(claimed.map(\.item?.index) == [0, 1, 2])
            #expect(claimed.map(\.item?.value.text) == [#""a.csv""#, #"{"name":"b","rows":[1,2]}"#, "3"])
            #expect(claimed.allSatisfy { $0.definitionID == "load" && $0.inputs["list"] == output(files) })
            #expect(try await bench.states(id) == [.succeeded, .running, .scheduled])
            for (place, task) in claimed.enumerated().reversed() {
                try await bench.succeed(
                    task.lease, output: place == 1 ? nil : output("{\"n\":\(place)}"), at: StoreBench.after(3 + Double(place)))
            }
            #expect(try await bench.states(id) == [.succeeded, .succeeded, .scheduled])
            let sum = try #require(try await bench.claim(at: StoreBench.after(7)).first)
            #expect(sum.inputs["load"] == output(#"{"items":[{"n":0},{},{"n":2}]}"#))
            try await bench.succeed(sum.lease, at: StoreBench.after(8))
            let details = try await bench.details(id)
            #expect(details.run.state == .succeeded)
            #expect(details.tasks[1].fan?.counts?.succeeded == 3 && details.tasks[1].fan?.counts?.active == 0)
            #expect(details.tasks.allSatisfy { $0.item == nil })
            let attempts = try await bench.store.attempts(of: id, tenant: StoreBench.acme)
            #expect(attempts.count == 5)
            #expect(
                try await bench.store.attempts(of: id, tenant: StoreBench.acme, at: .withoutItems).map(\.task)
                    == [details.tasks[0].id, details.tasks[2].id])
            #expect(
                try await bench.store.attempts(of: id, tenant: StoreBench.acme, at: .item(found[1].id)).map(\.task) == [found[1].id]
            )
            let values = try await bench.store.values(of: found[2].id, in: id, tenant: StoreBench.acme)
            #expect(values?.needs == ["list"] && values?.outputs == output(#"{"n":2}"#))
            try await isConsistent(bench, at: StoreBench.after(9))
        },
        Rule("An empty list succeeds at once, with an empty list of outputs") { bench in
            let id = try await bench.start([group("load", over: "[]"), StoreBench.task("sum", needs: ["load"])])
            #expect(try await bench.states(id) == [.succeeded, .scheduled])
            let sum = try #require(try await bench.claim(at: StoreBench.after(1)).first)
            #expect(sum.definitionID == "sum" && sum.inputs["load"] == output(#"{"items":[]}"#))
            try await bench.succeed(sum.lease, at: StoreBench.after(2))
            #expect(try await bench.details(id).run.state == .succeeded)
        },
        Rule("At most max_parallel items are released, in their order") { bench in
            let id = try await bench.start([group("load", over: "[0,1,2,3,4]", parallel: 2)])
            var now = 1.0
            var order: [Int] = []
            while true {
                let claimed = try await bench.claim(at: StoreBench.after(now))
                guard let first = claimed.first else { break }
                #expect(claimed.count <= 2)
                order += claimed.compactMap(\.item?.index)
                let reasons = try await bench.store.waitReasons(of: id, tenant: StoreBench.acme, at: StoreBench.after(now))
                #expect(reasons?.tasks.count == 1)
                if case .items(let counts, let parallel)? = reasons?.tasks.first?.reason {
                    #expect(counts.total == 5 && parallel == 2)
                } else {
                    Issue.record("\(String(describing: reasons))")
                }
                try await bench.succeed(first.lease, at: StoreBench.after(now))
                for task in claimed.dropFirst() {
                    _ = try await bench.store.commit(
                        .retrying(platformError, at: StoreBench.after(now + 2)), under: task.lease, at: StoreBench.after(now))
                }
                try await isConsistent(bench, at: StoreBench.after(now))
                now += 3
            }
            #expect(Set(order) == [0, 1, 2, 3, 4])
            #expect(order.first == 0)
            #expect(try await bench.details(id).run.state == .succeeded)
        },
        Rule("A list can be a parameter") { bench in
            let value = JSONValue.array([.string("eu"), .string("us")])
            let parameters = RunParameters([(name: "regions", value: value)])
            let plan = try await bench.plan([group("load", over: "parameters.regions")], parameters: parameters)
            _ = try await bench.store.createRun(plan, once: nil)
            #expect(try await items(bench, plan.id).map(\.label) == ["Task load [0] eu", "Task load [1] us"])
            let text = RunParameters([(name: "regions", value: .string("eu"))])
            let other = try await bench.plan([group("load", over: "parameters.regions")], parameters: text, at: StoreBench.after(1))
            _ = try await bench.store.createRun(other, once: nil)
            let details = try await bench.details(other.id)
            #expect(details.run.state == .failed && details.run.error?.attribution == .customer)
            #expect(
                details.tasks[0].error?.message == "`for_each` names `${parameters.regions}`, which must be a list, but is a text.")
        },
        Rule("Output, leases and lost workers of an item are its own") { bench in
            let id = try await bench.start([group("load", over: "[0,1]")])
            let claimed = try await bench.claim()
            let lease = try #require(claimed.last).lease
            let chunk = OutputChunk(offset: 0, bytes: Array("hello\n".utf8))
            try await bench.store.appendOutput(chunk, under: lease, keepingLast: 100)
            let slice = try await bench.store.output(TaskOutputQuery(of: lease.task, in: id, tenant: StoreBench.acme, limit: 100))
            #expect(slice?.bytes == chunk.bytes)
            let page = try await bench.store.output(RunOutputQuery(of: id, tenant: StoreBench.acme, limit: 100))
            #expect(page?.slices.map(\.task) == [lease.task])
            #expect(try await bench.store.renewLeases([lease], until: StoreBench.after(90)) == [lease: .held])
            let expired = try await bench.store.expiredLeasesOfAllTenants(at: StoreBench.after(70), limit: 10)
            #expect(expired.map(\.lease) == [claimed[0].lease])
            let lost = LostAttempt(
                claimed[0].lease, with: .retrying(platformError, at: StoreBench.after(71)), ifExpiredBy: StoreBench.after(70))
            #expect(try await bench.store.endLostAttempt(lost, at: StoreBench.after(70)) == .accepted(.inProgress))
            #expect(try await bench.claim(at: StoreBench.after(72)).map(\.lease.attempt) == [2])
            let other = try await bench.store.commit(.began, under: claimed[0].lease, at: StoreBench.after(73))
            #expect(other == .stale)
            try await isConsistent(bench, at: StoreBench.after(73))
        },
        Rule("A list of a thousand items is made, and more are refused") { bench in
            let thousand = "[" + (0..<1_000).map(String.init).joined(separator: ",") + "]"
            let id = try await bench.start([group("load", over: thousand, parallel: 3)])
            #expect(try await items(bench, id).count == 1_000)
            #expect(try await bench.claim().count == 3)
            let refused = try await bench.start([StoreBench.task("list"), group("load", over: "outputs.list.n", needs: ["list"])])
            let lease = try #require(try await bench.claim(at: StoreBench.after(1)).first { $0.definitionID == "list" }).lease
            try await bench.succeed(lease, output: output("{\"n\":\(thousand.dropLast()),1000]}"), at: StoreBench.after(2))
            let details = try await bench.details(refused)
            #expect(details.run.state == .failed && details.run.error?.attribution == .customer)
            #expect(
                details.tasks[1].error?.message
                    == "`for_each` names `${outputs.list.n}`, which has 1,001 items. Accepted: 1,000 at most.")
        },
    ]

    private static let fanOutFailures: [Rule] = [
        Rule("A failed item fails its task when the others have ended, and says which one") { bench in
            let id = try await bench.start([group("load", over: "[0,1,2]"), StoreBench.task("sum", needs: ["load"])])
            let claimed = try await bench.claim()
            _ = try await bench.store.commit([.began, .failed(platformError)], under: claimed[0].lease, at: StoreBench.after(1))
            #expect(try await bench.details(id).run.state == .runningWithFailures)
            #expect(try await bench.states(id) == [.running, .scheduled])
            _ = try await bench.store.commit([.began, .failed(customerError)], under: claimed[2].lease, at: StoreBench.after(2))
            try await bench.succeed(claimed[1].lease, at: StoreBench.after(3))
            let details = try await bench.details(id)
            #expect(details.tasks.map(\.state) == [.failed, .skipped])
            let message = "2 of 3 items failed; first: [2]: Bad file"
            #expect(details.tasks[0].error == RunError(attribution: .customer, type: "test/bad", message: message))
            #expect(details.run.state == .failed && details.run.error?.message == "Task load: \(message)")
            #expect(try await items(bench, id, in: [.failed]).map(\.shortName) == ["load[0]", "load[2]"])
            try await isConsistent(bench, at: StoreBench.after(4))
        },
        Rule("A list that is none takes no slot of the workflow before a task begins") { bench in
            let first = try await bench.start(concurrency: 1)
            let tasks = [
                group("load", over: "parameters.regions"), StoreBench.task("other"), StoreBench.task("sum", needs: ["load"]),
            ]
            let parameters = RunParameters([(name: "regions", value: .string("eu"))])
            let second = try await bench.plan(tasks, concurrency: 1, parameters: parameters, at: StoreBench.after(1))
            _ = try await bench.store.createRun(second, once: nil)
            var details = try await bench.details(second.id)
            #expect(details.run.state == .scheduled && details.run.error?.attribution == .customer)
            #expect(details.tasks.map(\.state) == [.failed, .scheduled, .skipped])
            let claimed = try await bench.claimAll(at: StoreBench.after(2))
            #expect(claimed.map(\.lease.run) == [first])
            let reasons = try await bench.store.waitReasons(of: second.id, tenant: StoreBench.acme, at: StoreBench.after(2))
            #expect(reasons?.tasks.map(\.id) == [details.tasks[1].id])
            try await bench.expectNothingWrong(at: StoreBench.after(2))
            try await bench.succeed(claimed[0].lease, at: StoreBench.after(3))
            let next = try await bench.claimAll(at: StoreBench.after(3))
            #expect(next.map(\.definitionID) == ["other"])
            #expect(try await bench.details(second.id).run.state == .runningWithFailures)
            // The run has its slot now.
            try await bench.start(concurrency: 1, at: StoreBench.after(4))
            #expect(try await bench.claimAll(at: StoreBench.after(4)).isEmpty)
            try await bench.succeed(next[0].lease, at: StoreBench.after(5))
            details = try await bench.details(second.id)
            #expect(details.run.state == .failed && details.run.error?.message.hasPrefix("Task load: ") == true)
            #expect(try await bench.claimAll(at: StoreBench.after(5)).map(\.definitionID) == ["only"])
            // Without another task, the run ends at once.
            let plan = try await bench.plan([tasks[0]], concurrency: 1, parameters: parameters, at: StoreBench.after(6))
            _ = try await bench.store.createRun(plan, once: nil)
            #expect(try await bench.details(plan.id).run.state == .failed)
            try await bench.expectNothingWrong(at: StoreBench.after(6))
        },
        Rule("With fail_fast, the first failed item ends the others") { bench in
            let id = try await bench.start([group("load", over: "[0,1,2,3,4]", parallel: 3, failsFast: true)])
            let claimed = try await bench.claim(2)
            _ = try await bench.store.commit([.began, .failed(customerError)], under: claimed[1].lease, at: StoreBench.after(1))
            #expect(try await states(bench, id) == [.stopping, .failed, .canceled, .canceled, .canceled])
            #expect(
                try await bench.store.renewLeases([claimed[0].lease], until: StoreBench.after(90)) == [
                    claimed[0].lease: .stopRequested
                ])
            #expect(try await bench.claim(at: StoreBench.after(2)).isEmpty)
            _ = try await bench.store.commit(.stopped, under: claimed[0].lease, at: StoreBench.after(2))
            #expect(try await items(bench, id, in: [.canceled]).map(\.error).allSatisfy { $0 == .endedByFailFast })
            let details = try await bench.details(id)
            #expect(details.run.state == .failed)
            #expect(details.tasks[0].error?.message == "1 of 5 items failed; first: [1]: Bad file")
            try await isConsistent(bench, at: StoreBench.after(3))
        },
        Rule("A stop ends waiting items at once, and the task with its last item") { bench in
            let id = try await bench.start([
                group("load", over: "[0,1,2]", parallel: 2), group("more", over: "[0]", needs: ["load"]),
            ])
            let claimed = try await bench.claim(1)
            _ = try await bench.store.commit(.began, under: claimed[0].lease, at: StoreBench.after(1))
            _ = try await bench.store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(2))
            #expect(try await bench.states(id) == [.stopping, .canceled])
            #expect(try await states(bench, id) == [.stopping, .canceled, .canceled])
            _ = try await bench.store.commit(.stopped, under: claimed[0].lease, at: StoreBench.after(3))
            let details = try await bench.details(id)
            #expect(details.run.state == .canceled && details.tasks.map(\.state) == [.canceled, .canceled])
            let idle = try await bench.start([group("load", over: "[0,1,2]")])
            _ = try await bench.store.stopRun(idle, of: StoreBench.acme, at: StoreBench.after(4))
            #expect(try await bench.details(idle).run.state == .canceled)
            #expect(try await bench.claim(at: StoreBench.after(5)).isEmpty)
            try await isConsistent(bench, at: StoreBench.after(5))
        },
        Rule("A value that is no list fails its task, and the customer is at fault") { bench in
            let id = try await bench.start([StoreBench.task("list"), group("load", over: "outputs.list.files", needs: ["list"])])
            try await bench.succeed(bench.claimOne(), output: output(#"{"files":"a.csv"}"#), at: StoreBench.after(1))
            let details = try await bench.details(id)
            #expect(details.run.state == .failed)
            #expect(details.tasks[1].error?.attribution == .customer)
            #expect(
                details.tasks[1].error?.message == "`for_each` names `${outputs.list.files}`, which must be a list, but is a text.")
            let large = try await bench.start([StoreBench.task("list"), group("load", over: "outputs.list.files", needs: ["list"])])
            let text = String(repeating: "x", count: 1 << 19)
            try await bench.succeed(
                bench.claimOne(at: StoreBench.after(2)), output: output("{\"files\":[1,\"\(text)\"]}"), at: StoreBench.after(3))
            #expect(
                try await bench.details(large).tasks[1].error?.message
                    == "Item 1 of the list has 524,290 bytes. Accepted: 65,536 at most.")
        },
        Rule("A rerun from failure runs the items that did not succeed, and keeps the others") { bench in
            let tasks = [
                StoreBench.task("list"), group("load", over: "outputs.list.files", needs: ["list"]),
                StoreBench.task("sum", needs: ["load"]),
            ]
            let old = try await bench.start(tasks)
            try await bench.succeed(bench.claimOne(), output: output(#"{"files":["a","b","c"]}"#), at: StoreBench.after(1))
            let claimed = try await bench.claim(at: StoreBench.after(2))
            try await bench.succeed(claimed[0].lease, output: output(#"{"n":0}"#), at: StoreBench.after(3))
            _ = try await bench.store.commit([.began, .failed(customerError)], under: claimed[1].lease, at: StoreBench.after(3))
            try await bench.succeed(claimed[2].lease, output: output(#"{"n":2}"#), at: StoreBench.after(3))
            let plan = try await bench.planToDoOver(old, tasks, at: StoreBench.after(4))
            _ = try await bench.store.createRun(plan, once: nil)
            #expect(try await states(bench, plan.id) == [.succeeded, .scheduled, .succeeded])
            #expect(try await items(bench, plan.id).map(\.keptFrom) == [old, nil, old])
            try await isConsistent(bench, at: StoreBench.after(4))
            let again = try await bench.claim(at: StoreBench.after(5))
            #expect(again.map(\.item?.index) == [1] && again.map(\.item?.value.text) == [#""b""#])
            try await bench.succeed(again[0].lease, output: output(#"{"n":1}"#), at: StoreBench.after(6))
            let sum = try #require(try await bench.claim(at: StoreBench.after(7)).first)
            #expect(sum.inputs["load"] == output(#"{"items":[{"n":0},{"n":1},{"n":2}]}"#))
        },
        Rule("After a stop, closing tasks run when the items that were under way have ended") { bench in
            for hasFirst in [true, false] {
                let first = hasFirst ? [StoreBench.task("first")] : []
                let id = try await bench.start(
                    first + [
                        group("each", over: "[0,1,2]", needs: first.map(\.id), parallel: 2),
                        StoreBench.task("close", .always, needs: ["each"]), StoreBench.task("tell", .failure, needs: ["each"]),
                    ], afterStop: .seconds(60))
                if hasFirst { try await bench.succeed(bench.claimOne(), at: StoreBench.after(1)) }
                let claimed = try await bench.claim(at: StoreBench.after(1))
                #expect(claimed.map(\.item?.index) == [0, 1])
                let asked = try await bench.store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(2))
                #expect(asked?.tasks.suffix(3).map(\.state) == [.stopping, .scheduled, .scheduled])
                #expect(asked?.closingUntil == StoreBench.after(62))
                _ = try await bench.store.commit(.stopped, under: claimed[0].lease, at: StoreBench.after(3))
                #expect(try await bench.claim(at: StoreBench.after(3)).isEmpty)
                _ = try await bench.store.commit(.stopped, under: claimed[1].lease, at: StoreBench.after(4))
                #expect(try await states(bench, id) == [.canceled, .canceled, .canceled])
                try await isConsistent(bench, at: StoreBench.after(4))
                let closing = try await bench.claim(at: StoreBench.after(5))
                #expect(closing.map(\.definitionID) == ["close", "tell"])
                #expect(closing.map(\.soFar) == [RunSoFar(.stopped), RunSoFar(.stopped)])
                for task in closing { try await bench.succeed(task.lease, at: StoreBench.after(6)) }
                #expect(try await bench.details(id).run.state == .canceled)
                #expect(try await bench.states(id).suffix(3) == [.canceled, .succeeded, .succeeded])
            }
        },
        Rule("A person retries, skips or settles items, and the task goes on with them") { bench in
            let id = try await bench.start([group("load", over: "[0,1,2]", parallel: 3), StoreBench.task("sum", needs: ["load"])])
            for task in try await bench.claim() {
                _ = try await bench.store.commit([.began, .failed(customerError)], under: task.lease, at: StoreBench.after(1))
            }
            // The run has ended: decisions need a rerun. So another task keeps it going.
            #expect(try await bench.details(id).run.state == .failed)
            let going = try await bench.start([
                group("load", over: "[0,1,2]"), StoreBench.task("other"), StoreBench.task("sum", needs: ["load"]),
            ])
            for task in try await bench.claim(at: StoreBench.after(2)) where task.item != nil {
                _ = try await bench.store.commit([.began, .failed(customerError)], under: task.lease, at: StoreBench.after(3))
            }
            #expect(try await bench.states(going) == [.failed, .started, .skipped])
            let failed = try await items(bench, going)
            for (place, resolution) in [Resolution.skip, .succeed].enumerated() {
                let order = ResolutionOrder(
                    resolution, of: .one(failed[place].id), outputs: output("{\"p\":\(place)}"), by: StoreBench.someone,
                    at: StoreBench.after(4))
                guard case .resolved = try await bench.store.resolve(order, in: going, of: StoreBench.acme) else {
                    Issue.record("not resolved")
                    return
                }
            }
            #expect(try await states(bench, going) == [.skipped, .succeeded, .failed])
            #expect(try await bench.states(going) == [.failed, .started, .skipped])
            let retry = ResolutionOrder(
                .retry, of: .one(try await bench.details(going).tasks[0].id), by: StoreBench.someone, at: StoreBench.after(5))
            _ = try await bench.store.resolve(retry, in: going, of: StoreBench.acme)
            #expect(try await bench.states(going) == [.inProgress, .started, .scheduled])
            try await isConsistent(bench, at: StoreBench.after(5))
            let again = try await bench.claim(at: StoreBench.after(6))
            #expect(again.map(\.item?.index) == [2] && again.map(\.lease.attempt) == [2])
            try await bench.succeed(again[0].lease, at: StoreBench.after(7))
            let sum = try #require(try await bench.claim(at: StoreBench.after(8)).first)
            #expect(sum.inputs["load"] == output(#"{"items":[{"p":0},{"p":1},{}]}"#))
            #expect(try await bench.details(going).run.state == .inProgress)
            try await isConsistent(bench, at: StoreBench.after(9))
        },
    ]
}
