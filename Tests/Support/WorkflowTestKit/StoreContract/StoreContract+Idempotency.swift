import Testing
import WorkflowModel

extension StoreContract {
    static let idempotency: [Rule] = [
        Rule("A repeated request with the same key returns the first run, as it was") { bench in
            let key = IdempotencyKey(owner: "key-1", text: "once", fingerprint: [1, 2, 3])
            let range = TimeWindow(from: StoreBench.start)
            let plan = try await bench.plan(warnAfter: .seconds(5), range: range)
            let first = try await bench.store.createRun(plan, once: key)
            // Later changes of the run do not show.
            try await bench.succeed(bench.claimOne())
            _ = try await bench.store.saveConfiguration(bench.draft("cg-daily", text: "newer"), at: StoreBench.after(1))
            let again = try await bench.store.createRun(try await bench.plan(at: StoreBench.after(2)), once: key)
            #expect(!first.isReplay)
            #expect(again.isReplay)
            #expect(again.details == first.details)
            #expect(try await bench.walk(by: 10).count == 1)
            #expect(try await bench.claim(at: StoreBench.after(2)).isEmpty)
        },
        Rule("The run of a key can be read without a plan, even after its configuration was deleted") { bench in
            let key = IdempotencyKey(owner: "key-1", text: "once", fingerprint: [1])
            #expect(try await bench.store.acceptedRun(once: key, of: StoreBench.acme, at: StoreBench.start) == nil)
            let first = try await bench.store.createRun(try await bench.plan(), once: key)
            _ = try await bench.store.deleteConfiguration("cg-daily", of: StoreBench.acme, at: StoreBench.after(1))
            let again = try await bench.store.acceptedRun(once: key, of: StoreBench.acme, at: StoreBench.after(2))
            #expect(again == first.details)
            #expect(try await bench.store.acceptedRun(once: key, of: StoreBench.globex, at: StoreBench.after(2)) == nil)
            let expired = StoreBench.start + IdempotencyKey.validity
            #expect(try await bench.store.acceptedRun(once: key, of: StoreBench.acme, at: expired) == nil)
            await bench.expect(.idempotencyMismatch) {
                try await bench.store.acceptedRun(
                    once: IdempotencyKey(owner: "key-1", text: "once", fingerprint: [2]), of: StoreBench.acme,
                    at: StoreBench.after(2))
            }
        },
        Rule("The same key for a different request is rejected") { bench in
            let first = try await bench.plan()
            _ = try await bench.store.createRun(first, once: IdempotencyKey(owner: "key-1", text: "once", fingerprint: [1]))
            let second = try await bench.plan()
            await bench.expect(.idempotencyMismatch) {
                try await bench.store.createRun(second, once: IdempotencyKey(owner: "key-1", text: "once", fingerprint: [2]))
            }
            #expect(try await bench.walk(by: 10).map(\.id) == [first.id])
        },
        Rule("A key belongs to its owner and its tenant") { bench in
            let text = "once"
            let plans = [
                try await bench.plan(), try await bench.plan(), try await bench.plan(of: StoreBench.globex),
            ]
            for (plan, owner) in zip(plans, ["key-1", "key-2", "key-1"]) {
                let key = IdempotencyKey(owner: owner, text: text, fingerprint: Array(owner.utf8))
                #expect(try await bench.store.createRun(plan, once: key).isReplay == false)
            }
            #expect(try await bench.walk(by: 10).count == 2)
            #expect(try await bench.walk(of: StoreBench.globex, by: 10).count == 1)
        },
        Rule("A key expires after a day") { bench in
            let key = IdempotencyKey(owner: "key-1", text: "once", fingerprint: [1])
            let first = try await bench.store.createRun(try await bench.plan(), once: key)
            let end = StoreBench.start + IdempotencyKey.validity
            let justBefore = Timestamp(milliseconds: end.milliseconds - 1)
            let replay = try await bench.store.createRun(try await bench.plan(at: justBefore), once: key)
            #expect(replay.isReplay)
            // For a different request as well.
            let other = IdempotencyKey(owner: "key-1", text: "once", fingerprint: [2])
            let second = try await bench.store.createRun(try await bench.plan(at: end), once: other)
            #expect(!second.isReplay)
            #expect(second.details.run.id != first.details.run.id)
            // The day counts from the new use.
            let third = try await bench.store.createRun(try await bench.plan(at: end + .seconds(1)), once: other)
            #expect(third.details == second.details)
        },
        Rule("Of concurrent starts with one key, one creates the run") { bench in
            let key = IdempotencyKey(owner: "key-1", text: "once", fingerprint: [1])
            var plans: [RunPlan] = []
            for _ in 0..<20 { plans.append(try await bench.plan()) }
            let answers = try await withThrowingTaskGroup(of: CreatedRun.self) { group in
                for plan in plans { group.addTask { try await bench.store.createRun(plan, once: key) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.filter { !$0.isReplay }.count == 1)
            #expect(Set(answers.map(\.details)).count == 1)
            #expect(try await bench.walk(by: 100).count == 1)
        },
    ]
}
