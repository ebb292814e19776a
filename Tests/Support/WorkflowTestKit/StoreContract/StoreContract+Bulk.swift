import Testing
import WorkflowModel

extension StoreContract {
    /// Bulk operations: their claims, steps and receipts.
    static let bulk: [Rule] = [
        Rule("A bulk operation is kept as it was requested, with everything that it selects") { bench in
            let filter = try RunFilter.reading([.state: "failed", .configuration: "cg-\"é\"", .createdFrom: "2023-11-14"])
            let change = LabelChange(set: RunLabels([label("team", "crm"), label("a/b", "")]), removed: ["old", "x/y"])
            let actions: [(BulkAction, BulkSelection)] = [
                (.stop(reason: "wrong \"month\", cafe\u{301}"), .filter(filter)),
                (.stop(reason: nil), .filter(RunFilter(states: []))),
                (.rerun(from: .failure, version: .launched), .runs([RunID(rawValue: "wf-1"), RunID(rawValue: "a\",\"b")])),
                (.rerun(from: nil, version: .current), .filter(RunFilter())), (.delete, .filter(RunFilter(state: .succeeded))),
                (.resolve(.skip, reason: "not \"needed\""), .filter(filter)), (.resolve(.retry, reason: nil), .filter(filter)),
                (.label(change), .runs([RunID(rawValue: "wf-1")])),
            ]
            var all: [BulkOperation] = []
            for (number, (action, selection)) in actions.enumerated() {
                let operation = bench.operation(action, selection, at: StoreBench.after(Double(number)))
                #expect(try await bench.store.createBulkOperation(operation))
                #expect(try await bench.store.bulkOperation(operation.id, of: StoreBench.acme) == operation)
                all.insert(operation, at: 0)
            }
            let first = try await bench.store.bulkOperations(matching: BulkQuery(of: StoreBench.acme, limit: 4))
            #expect(first.operations == Array(all.prefix(4)))
            let rest = try await bench.store.bulkOperations(matching: BulkQuery(of: StoreBench.acme, from: first.next, limit: 4))
            #expect(rest == BulkPage(Array(all.dropFirst(4).prefix(4))))
            for tenant in [StoreBench.globex, StoreBench.tenant("nobody")] {
                #expect(try await bench.store.bulkOperation(all[0].id, of: tenant) == nil)
                #expect(try await bench.store.bulkOperations(matching: BulkQuery(of: tenant, limit: 4)) == BulkPage())
                #expect(try await bench.abort(all[0].id, of: tenant) == nil)
                #expect(
                    try await bench.store.bulkReceipts(matching: BulkReceiptQuery(of: all[0].id, tenant: tenant, limit: 4)) == nil)
            }
            #expect(try await bench.store.bulkOperation(all[0].id, of: StoreBench.acme) == all[0])
        },
        Rule("A tenant has so many running bulk operations and no more") { bench in
            var ids: [BulkID] = []
            for _ in 0..<BulkLimits.running { ids.append(try await bench.request(.delete, RunFilter()).id) }
            #expect(try await !bench.store.createBulkOperation(bench.operation(.delete, .filter(RunFilter()))))
            #expect(
                try await bench.store.createBulkOperation(bench.operation(.delete, .filter(RunFilter()), of: StoreBench.globex)))
            _ = try await bench.abort(ids[3])
            #expect(try await bench.store.createBulkOperation(bench.operation(.delete, .filter(RunFilter()))))
        },
        Rule("One node at a time has a bulk operation, and a lease that expired changes nothing") { bench in
            let run = try await bench.start()
            let operation = try await bench.request(.stop(reason: nil), RunFilter())
            #expect(try await bench.claimBulk(at: StoreBench.after(-1)).isEmpty)
            let first = try #require(try await bench.claimBulk().first)
            #expect(first.operation == operation)
            #expect(first.place == nil)
            #expect(try await bench.claimBulk(at: StoreBench.after(9)).isEmpty)
            let second = try #require(try await bench.claimBulk(at: StoreBench.after(10)).first)
            #expect(second.lease.token > first.lease.token)
            let stop = BulkStep(1, .stop(RunStop(requestedAt: StoreBench.start, requestedBy: StoreBench.someone)), on: run)
            #expect(try await bench.store.carryOut(stop, under: first.lease, at: StoreBench.after(11)) == nil)
            try await bench.store.release(first.lease, .finished, at: StoreBench.after(11))
            #expect(try await bench.store.bulkOperation(operation.id, of: StoreBench.acme) == operation)
            #expect(try await bench.details(run).run.state == .scheduled)

            // A process that has died.
            try await bench.store.releaseBulkOperationsOfAllTenants(at: StoreBench.after(12))
            #expect(try await bench.store.carryOut(stop, under: second.lease, at: StoreBench.after(12)) == nil)
            let third = try #require(try await bench.claimBulk(at: StoreBench.after(12)).first)
            let receipt = try await bench.store.carryOut(stop, under: third.lease, at: StoreBench.after(12))
            #expect(receipt == BulkReceipt(number: 1, run: run, result: .done, writtenAt: StoreBench.after(12)))
            #expect(try await bench.details(run).run.state == .canceled)
            try await bench.store.release(third.lease, .finished, at: StoreBench.after(13))
            let ended = try #require(try await bench.store.bulkOperation(operation.id, of: StoreBench.acme))
            #expect(ended.state == .finished && ended.endedAt == StoreBench.after(13) && ended.counts == BulkCounts(done: 1))
            #expect(try await bench.claimBulk(at: StoreBench.after(100)).isEmpty)
        },
        Rule("A bulk operation goes on at its place and not before its time; a place is kept when a step names none") { bench in
            _ = try await bench.request(.delete, RunFilter())
            let claimed = try #require(try await bench.claimBulk().first)
            let place = RunCursor(key: .created, value: 5, id: RunID(rawValue: "wf-9"))
            try await bench.store.release(claimed.lease, .later(StoreBench.after(3), place: place), at: StoreBench.after(1))
            #expect(try await bench.claimBulk(at: StoreBench.after(2)).isEmpty)
            let second = try #require(try await bench.claimBulk(at: StoreBench.after(3)).first)
            #expect(second.place == place)
            try await bench.store.release(second.lease, .later(StoreBench.after(4), place: nil), at: StoreBench.after(3))
            let third = try #require(try await bench.claimBulk(at: StoreBench.after(4)).first)
            #expect(third.place == place)
            let next = RunCursor(key: .created, value: 4, id: RunID(rawValue: "wf-8"))
            let step = BulkStep(1, .delete, on: RunID(rawValue: "wf-8"), at: next)
            let receipt = try await bench.store.carryOut(step, under: third.lease, at: StoreBench.after(5))
            #expect(receipt?.result == .isDeleted)
            #expect(try await bench.claimBulk(at: StoreBench.after(60)).first?.place == next)
        },
        Rule("A step that is repeated changes nothing, and one that skips a receipt is refused") { bench in
            let old = try await bench.failedRun()
            _ = try await bench.request(.rerun(from: nil, version: .current), RunFilter())
            let lease = try #require(try await bench.claimBulk().first).lease
            let plan = try await bench.planToDoOver(old, at: StoreBench.after(10))
            let step = BulkStep(1, .rerun(plan), on: old)
            let first = try #require(try await bench.store.carryOut(step, under: lease, at: StoreBench.after(10)))
            #expect(first.result == BulkResult(.done, rerun: plan.id))
            // Its commit was not answered: the plan is another one now.
            let again = BulkStep(1, .rerun(try await bench.planToDoOver(old, at: StoreBench.after(11))), on: old)
            #expect(try await bench.store.carryOut(again, under: lease, at: StoreBench.after(11)) == first)
            #expect(try await bench.store.reruns(of: old, tenant: StoreBench.acme, limit: 10).map(\.id) == [plan.id])
            let skipping = BulkStep(3, .delete, on: old)
            #expect(try await bench.store.carryOut(skipping, under: lease, at: StoreBench.after(12)) == nil)
            #expect(try await bench.details(old).run.state == .failed)
        },
        Rule("An aborted bulk operation acts on no further run") { bench in
            let run = try await bench.start()
            let operation = try await bench.request(.stop(reason: nil), RunFilter())
            let lease = try #require(try await bench.claimBulk().first).lease
            let missing = BulkStep(1, .settle(.noSuchRun), on: RunID(rawValue: "wf-none"))
            #expect(try await bench.store.carryOut(missing, under: lease, at: StoreBench.after(1)) != nil)
            let aborted = try #require(try await bench.abort(operation.id, at: StoreBench.after(2)))
            #expect(aborted.state == .aborted && aborted.endedAt == StoreBench.after(2) && aborted.abortedBy == StoreBench.someone)
            #expect(aborted.counts == BulkCounts(refused: 1))
            let stop = RunStop(requestedAt: StoreBench.after(3), requestedBy: StoreBench.someone)
            #expect(try await bench.store.carryOut(BulkStep(2, .stop(stop), on: run), under: lease, at: StoreBench.after(3)) == nil)
            try await bench.store.release(lease, .finished, at: StoreBench.after(4))
            #expect(try await bench.abort(operation.id, at: StoreBench.after(5)) == aborted)
            #expect(try await bench.details(run).run.state == .scheduled)
            #expect(try await bench.claimBulk(at: StoreBench.after(100)).isEmpty)
        },
        Rule("The failed tasks of runs that go on are settled, each with one outcome") { bench in
            let ended = try await bench.failedRun()
            let open = try await bench.start(
                [StoreBench.task("a"), StoreBench.task("b")], configuration: "cg-open", at: StoreBench.after(5))
            let fault = RunError(attribution: .customer, type: "test/fault", message: "No such table")
            let lease = try #require(try await bench.claim(1, at: StoreBench.after(6)).first).lease
            _ = try await bench.store.commit([.began, .failed(fault)], under: lease, at: StoreBench.after(7))
            #expect(try await bench.details(open).run.state == .runningWithFailures)
            let steps = BulkSteps(bench, try await bench.request(.resolve(.skip, reason: nil), RunFilter()))
            func skip(_ time: Double) -> BulkAct {
                .resolve(
                    ResolutionOrder(
                        .skip, of: .allFailed, by: StoreBench.someone, at: StoreBench.after(time), reason: "not needed"))
            }
            try await steps.expect(skip(8), on: open, .done)
            let details = try await bench.details(open)
            #expect(details.run.state == .inProgress && details.tasks.map(\.skipReason) == [.resolved, nil])
            #expect(details.resolutions.map(\.reason) == ["not needed"])
            try await steps.expect(skip(9), on: open, .hasNoFailedTask)
            try await steps.expect(skip(9), on: ended, .endedMeanwhile)
            try await steps.expect(skip(9), on: RunID(rawValue: "wf-none"), .noSuchRun)
        },
        Rule("Every act has one outcome, also when another operation was there before") { bench in
            let ended = try await bench.failedRun()
            let held = try await bench.start(configuration: "cg-held", at: StoreBench.after(5))
            #expect(try await bench.claim(at: StoreBench.after(6)).map(\.lease.run) == [held])
            let missing = RunID(rawValue: "wf-none")
            let steps = BulkSteps(bench, try await bench.request(.delete, RunFilter()))
            let stop = BulkAct.stop(RunStop(requestedAt: StoreBench.after(8), requestedBy: StoreBench.someone, reason: "enough"))
            try await steps.expect(stop, on: ended, .hasEnded(.failed))
            try await steps.expect(stop, on: missing, .noSuchRun)
            try await steps.expect(.delete, on: held, .hasNotEnded)
            try await steps.expect(stop, on: held, .done)
            try await steps.expect(stop, on: held, .isStopping)
            #expect(try await bench.details(held).stop?.reason == "enough")
            let tagged = LabelChange(set: RunLabels([label("team", "crm")]))
            try await steps.expect(.label(tagged), on: held, .done)
            try await steps.expect(.label(tagged), on: held, BulkResult(LabelOutcome.unchanged(tagged.set)))
            try await steps.expect(.label(tagged), on: missing, .noSuchRun)
            let many = LabelChange(set: RunLabels((0..<RunLabels.most).map { label("k\($0)", "") }))
            try await steps.expect(.label(many), on: held, BulkResult(LabelOutcome.tooMany(RunLabels.most + 1)))
            let plan = try await bench.planToDoOver(ended, at: StoreBench.after(9))
            try await steps.expect(.rerun(plan), on: ended, BulkResult(.done, rerun: plan.id))
            let second = try await bench.planToDoOver(ended, at: StoreBench.after(9))
            try await steps.expect(.rerun(second), on: ended, .isRerun(by: plan.id))
            try await steps.expect(.delete, on: ended, .done)
            try await steps.expect(.delete, on: ended, .isDeleted)
            try await steps.expect(.rerun(second), on: ended, .noSuchRun)
            #expect(try await bench.details(plan.id).origin.rerunOf == ended)
            #expect(try await bench.store.run(second.id, of: StoreBench.acme) == nil)
            let counts = try #require(try await bench.store.bulkOperation(steps.operation.id, of: StoreBench.acme)).counts
            #expect(counts == BulkCounts(done: 4, unchanged: 5, refused: 5))
            try await bench.expectNothingWrong(at: StoreBench.after(20))
        },
        Rule("Receipts are read in their order, of all outcomes or one") { bench in
            let steps = BulkSteps(bench, try await bench.request(.delete, RunFilter()))
            let results = [BulkResult.done, .isDeleted, .hasNotEnded]
            for number in 0..<7 {
                try await steps.expect(.settle(results[number % 3]), on: RunID(rawValue: "wf-\(number)"), results[number % 3])
            }
            func walk(_ outcome: BulkOutcome?, by limit: Int) async throws -> [Int] {
                var query = BulkReceiptQuery(of: steps.operation.id, tenant: StoreBench.acme, outcome: outcome, limit: limit)
                var numbers: [Int] = []
                while true {
                    guard let page = try await bench.store.bulkReceipts(matching: query) else { return numbers }
                    numbers += page.receipts.map(\.number)
                    #expect(page.receipts.allSatisfy { outcome == nil || $0.result.outcome == outcome })
                    guard let next = page.next else { return numbers }
                    query.place = next
                }
            }
            for limit in [1, 2, 3, 7, 100] {
                #expect(try await walk(nil, by: limit) == [1, 2, 3, 4, 5, 6, 7])
                #expect(try await walk(.done, by: limit) == [1, 4, 7])
                #expect(try await walk(.refused, by: limit) == [3, 6])
            }
        },
        Rule("Ended bulk operations are deleted with their receipts when they are old") { bench in
            let steps = BulkSteps(bench, try await bench.request(.delete, RunFilter()))
            for number in 0..<3 { try await steps.expect(.delete, on: RunID(rawValue: "wf-\(number)"), .isDeleted) }
            let running = try await bench.request(.delete, RunFilter())
            _ = try await bench.abort(steps.operation.id, at: StoreBench.after(10))
            #expect(try await !bench.store.deleteBulkOperationsOfAllTenants(endedBefore: StoreBench.after(10)))
            while try await bench.store.deleteBulkOperationsOfAllTenants(endedBefore: StoreBench.after(11)) {}
            #expect(try await bench.store.bulkOperation(steps.operation.id, of: StoreBench.acme) == nil)
            #expect(
                try await bench.store.bulkOperations(matching: BulkQuery(of: StoreBench.acme, limit: 9)).operations == [running])
            try await bench.expectNothingWrong()
        },
    ]

    /// Deleting and labeling single runs.
    static let runChanges: [Rule] = [
        Rule("A deleted run is gone with everything that belongs to it, and what reran it stays") { bench in
            let old = try await bench.failedRun()
            let again = try await bench.doOver(old, at: StoreBench.after(10))
            let note = RunNote(by: StoreBench.someone, at: StoreBench.after(11), text: "x")
            _ = try await bench.store.addNote(note, to: old, of: StoreBench.acme)
            while try await bench.fileRuns() {}
            let carrying = try await bench.carryingRun()
            #expect(try await bench.store.deleteRun(carrying, of: StoreBench.acme) == .deleted)
            try await bench.expectNothingWrong(at: StoreBench.after(12))
            #expect(try await bench.store.deleteRun(old, of: StoreBench.globex) == nil)
            #expect(try await bench.store.deleteRun(again, of: StoreBench.acme) == .hasNotEnded)
            #expect(try await bench.store.deleteRun(old, of: StoreBench.acme) == .deleted)
            #expect(try await bench.store.deleteRun(old, of: StoreBench.acme) == nil)
            #expect(try await bench.store.run(old, of: StoreBench.acme) == nil)
            #expect(try await bench.store.attempts(of: old, tenant: StoreBench.acme).isEmpty)
            #expect(try await bench.store.notes(on: [old], of: StoreBench.acme).isEmpty)
            #expect(try await bench.details(again).origin.rerunOf == old)
            #expect(try await bench.details(again).tasks.map(\.keptFrom) == [old, old, nil, nil])
            #expect(try await bench.total() == 1)
            try await bench.expectNothingWrong(at: StoreBench.after(20))
        },
        Rule("An idempotency key does not start a second run when its run is deleted") { bench in
            let key = IdempotencyKey(owner: "wk_1", text: "once", fingerprint: [1])
            let plan = try await bench.plan()
            _ = try await bench.store.createRun(plan, once: key)
            try await bench.succeed(bench.claimOne(), at: StoreBench.after(1))
            #expect(try await bench.store.deleteRun(plan.id, of: StoreBench.acme) == .deleted)
            let again = try await bench.plan(at: StoreBench.after(2))
            await bench.expect(.runIsDeleted) { try await bench.store.createRun(again, once: key) }
            await bench.expect(.runIsDeleted) {
                try await bench.store.acceptedRun(once: key, of: StoreBench.acme, at: StoreBench.after(2))
            }
            let other = IdempotencyKey(owner: "wk_1", text: "once", fingerprint: [2])
            await bench.expect(.idempotencyMismatch) { try await bench.store.createRun(again, once: other) }
            #expect(try await bench.total() == 0)
            try await bench.expectNothingWrong(at: StoreBench.after(3))
            // The key has expired.
            let later = try await bench.plan(at: StoreBench.start + IdempotencyKey.validity)
            #expect(try await !bench.store.createRun(later, once: key).isReplay)
            try await bench.expectNothingWrong(at: StoreBench.start + IdempotencyKey.validity)
        },
        Rule("Runs that are deleted one by one leave lists, counts and marks exact, before they are filed and after") { bench in
            var runs = try await bench.importVaried(300, over: .weeks)
            for number in 0..<3 {
                // Some are filed then.
                if number > 0 { _ = try await bench.fileRuns() }
                let ended = runs.list(RunFilter(), RunSort(by: .created)).filter { $0.endedAt != nil }
                for run in ended.prefix(40) {
                    #expect(try await bench.store.deleteRun(run.id, of: StoreBench.acme) == .deleted)
                    runs.remove(run.id)
                }
                #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.start) == [])
            }
            while try await bench.fileRuns() {}
            #expect(try await bench.walk(by: 100).map(\.id) == runs.list(RunFilter(), RunSort(by: .created)).map(\.id))
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.start) == [])
        },
        Rule("Labels can be set and removed on runs in any state, and lists find them at once") { bench in
            let runs = try await bench.importVaried(120, over: .weeks)
            let going = try await bench.start(configuration: "cg-going")
            let ids = runs.list(RunFilter(), RunSort(by: .created)).prefix(40).map(\.id) + [going]
            let change = LabelChange(set: RunLabels([label("bulk", "yes")]))
            let filter = try RunFilter.reading([.label: "bulk:yes"])
            for number in 0..<3 {
                if number == 1 { _ = try await bench.fileRuns() }
                if number == 2 { while try await bench.fileRuns() {} }
                for id in ids {
                    guard case .changed(let labels)? = try await bench.store.changeLabels(of: id, tenant: StoreBench.acme, change)
                    else {
                        Issue.record("\(id) was not changed")
                        continue
                    }
                    #expect(labels["bulk"] == "yes")
                    #expect(try await bench.store.changeLabels(of: id, tenant: StoreBench.acme, change) == .unchanged(labels))
                    #expect(try await bench.details(id).origin.labels == labels)
                }
                #expect(try await bench.total(filter) == ids.count)
                #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.start) == [])
                while try await bench.fileRuns() {}
                #expect(try await bench.total(filter) == ids.count)
                for id in ids {
                    let removal = LabelChange(removed: ["bulk"])
                    guard case .changed? = try await bench.store.changeLabels(of: id, tenant: StoreBench.acme, removal) else {
                        Issue.record("\(id) was not changed")
                        continue
                    }
                }
                #expect(try await bench.total(filter) == 0)
                #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.start) == [])
            }
            #expect(try await bench.store.changeLabels(of: going, tenant: StoreBench.globex, change) == nil)
            #expect(try await bench.store.changeLabels(of: RunID(rawValue: "wf-none"), tenant: StoreBench.acme, change) == nil)
        },
    ]

    private static func label(_ key: String, _ value: String) -> RunLabel {
        guard let label = RunLabel(key: key, value: value) else { preconditionFailure("\(key) is not a label's key") }
        return label
    }
}

extension StoreBench {
    /// A run that has ended, with a decision and a subscription.
    fileprivate func carryingRun() async throws -> RunID {
        let id = try await start(configuration: "cg-carrying", at: Self.after(10.5))
        try await store.createReceiver(Self.receiver("ops", on: []))
        #expect(
            try await store.subscribe(RunSubscription(to: "ops", by: Self.someone, at: Self.after(10.5)), to: id, of: Self.acme)
                == .added(event: nil))
        let fault = RunError(attribution: .platform, type: "test/fault", message: "Gone")
        let lease = try #require(try await claim(at: Self.after(10.6)).first { $0.lease.run == id }).lease
        _ = try await store.commit([.began, .retrying(fault, at: Self.after(90))], under: lease, at: Self.after(10.7))
        let order = ResolutionOrder(.skip, of: .one(lease.task), by: Self.someone, at: Self.after(10.8))
        guard case .resolved(let details) = try await store.resolve(order, in: id, of: Self.acme) else {
            Issue.record("The decision was refused.")
            return id
        }
        #expect(details.run.state == .succeeded && details.resolutions.count == 1)
        return id
    }

    func operation(
        _ action: BulkAction, _ selection: BulkSelection, of tenant: Tenant = acme, at now: Timestamp = start
    ) -> BulkOperation {
        BulkOperation(
            id: BulkID(at: now, using: random), tenant: tenant, action: action, selection: selection, createdBefore: now,
            requestedBy: Self.someone, requestedAt: now, total: 3)
    }

    /// Creates an operation.
    func request(_ action: BulkAction, _ filter: RunFilter, at now: Timestamp = start) async throws -> BulkOperation {
        let operation = operation(action, .filter(filter), at: now)
        #expect(try await store.createBulkOperation(operation))
        return operation
    }

    fileprivate func abort(_ id: BulkID, of tenant: Tenant = acme, at now: Timestamp = start) async throws -> BulkOperation? {
        try await store.abortBulkOperation(id, of: tenant, by: Self.someone, at: now)
    }

    func claimBulk(at now: Timestamp = start) async throws -> [ClaimedBulkOperation] {
        try await store.claimBulkOperationsOfAllTenants(limit: 10, until: now + BulkLimits.lease, at: now)
    }
}

/// The steps of one operation.
private final class BulkSteps {
    let operation: BulkOperation
    private let bench: StoreBench
    private var number = 0

    init(_ bench: StoreBench, _ operation: BulkOperation) {
        self.bench = bench
        self.operation = operation
    }

    func expect(
        _ act: BulkAct, on run: RunID, _ result: BulkResult, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        number += 1
        let now = StoreBench.after(1_000 * Double(number))
        let claimed = try await bench.store.claimBulkOperationsOfAllTenants(limit: 10, until: now + BulkLimits.lease, at: now)
        let lease = try #require(claimed.first { $0.operation.id == operation.id }).lease
        let receipt = try await bench.store.carryOut(BulkStep(number, act, on: run), under: lease, at: now)
        let expected = BulkReceipt(number: number, run: run, result: result, writtenAt: now)
        #expect(receipt == expected, sourceLocation: sourceLocation)
    }
}
