import PostgresClusterKit
import PostgresTestKit
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import PostgresStore

/// The connection breaks around the commit of every method that writes. Whether the commit happened or not, the method
/// returns as usual and has happened once.
@Suite struct LostAnswerTests {
    @Test(arguments: PostgresProxy.Fault.allCases)
    func startsHappenOnce(_ fault: PostgresProxy.Fault) async throws {
        try await withBrokenCommits { bench, breaking in
            let plan = try await bench.plan()
            let created = try await breaking([fault]) { try await bench.store.createRun(plan, once: nil) }
            #expect(!created.isReplay && created.details.run.id == plan.id)
            let key = IdempotencyKey(owner: "key-1", text: "once", fingerprint: [1])
            let second = try await bench.plan()
            let keyed = try await breaking([fault, fault]) { try await bench.store.createRun(second, once: key) }
            #expect(!keyed.isReplay && keyed.details.run.id == second.id)
            let again = try await bench.store.createRun(try await bench.plan(), once: key)
            #expect(again.isReplay && again.details == keyed.details)
            #expect(try await bench.walk(by: 10).count == 2)
            // A second run with that id is still refused.
            await bench.expect(.duplicate) { try await bench.store.createRun(plan, once: nil) }
        }
    }

    @Test(arguments: PostgresProxy.Fault.allCases)
    func aTaskIsClaimedAndEndsOnce(_ fault: PostgresProxy.Fault) async throws {
        try await withBrokenCommits { bench, breaking in
            let id = try await bench.start([StoreBench.task("a"), StoreBench.task("b", needs: ["a"])])
            var claimed = try await breaking([fault]) { try await bench.claim() }
            // A claim skips what is locked: until the server notices that the first connection is gone, its session has the task.
            for _ in 0..<10_000 where claimed.isEmpty { claimed = try await bench.claim() }
            #expect(claimed.map(\.lease.attempt) == [1])
            let lease = try #require(claimed.first).lease
            #expect(try await bench.claim(by: "worker-2").isEmpty)
            let chunk = OutputChunk(offset: 0, bytes: [1, 2, 3])
            try await breaking([fault]) { try await bench.store.appendOutput(chunk, under: lease, keepingLast: 100) }
            let renewed = try await breaking([fault]) { try await bench.store.renewLeases([lease], until: StoreBench.after(90)) }
            #expect(renewed == [lease: .held])
            let done = TaskEvent.succeeded(TaskOutput(values: JSONText(validated: "{}")))
            for (event, state) in [(TaskEvent.began, TaskState.running), (done, .succeeded)] {
                let receipt = try await breaking([fault]) {
                    try await bench.store.commit(event, under: lease, at: StoreBench.start)
                }
                #expect(receipt == .accepted(state))
            }
            let attempts = try await bench.store.attempts(of: id, tenant: StoreBench.acme)
            #expect(attempts.map(\.outcome) == [.succeeded])
            let output = try await bench.store.output(
                TaskOutputQuery(of: lease.task, in: id, tenant: StoreBench.acme, attempt: nil, from: 0, limit: 10))
            #expect(output?.bytes == [1, 2, 3])
            let next = try await bench.claimOne()
            let late = RunError.workerLost("gone")
            let receipt = try await breaking([fault]) {
                try await bench.store.endLostAttempt(
                    LostAttempt(next, with: .retrying(late, at: StoreBench.after(1)), ifExpiredBy: nil), at: StoreBench.after(1))
            }
            #expect(receipt == .accepted(.inProgress))
            let stopped = try await breaking([fault]) {
                try await bench.store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(2))
            }
            #expect(stopped?.run.state == .canceled)
            let held = try await bench.start([StoreBench.task("held")], at: StoreBench.after(3))
            let last = try await bench.claimOne(at: StoreBench.after(3))
            _ = try await bench.store.stopRun(held, of: StoreBench.acme, at: StoreBench.after(4))
            let ending = TaskEnding(terminatedAt: StoreBench.after(4), goneAt: StoreBench.after(5))
            try await breaking([fault]) { try await bench.store.record(ending, under: last) }
            #expect(try await bench.store.attempts(of: held, tenant: StoreBench.acme).map(\.ending) == [ending])
        }
    }

    @Test(arguments: PostgresProxy.Fault.allCases)
    func aTaskIsResolvedOnce(_ fault: PostgresProxy.Fault) async throws {
        try await withBrokenCommits { bench, breaking in
            let id = try await bench.start([StoreBench.task("a"), StoreBench.task("b"), StoreBench.task("c", needs: ["a"])])
            let lease = try #require(try await bench.claim().first).lease
            let error = RunError(attribution: .customer, type: "test/bad", message: "Bad")
            _ = try await bench.store.commit([.began, .failed(error)], under: lease, at: StoreBench.after(1))
            func order(_ resolution: Resolution, at second: Double) -> ResolutionOrder {
                ResolutionOrder(resolution, of: .one(lease.task), by: StoreBench.someone, at: StoreBench.after(second))
            }
            let retried = try await breaking([fault]) {
                try await bench.store.resolve(order(.retry, at: 2), in: id, of: StoreBench.acme)
            }
            let details = try await bench.details(id)
            #expect(retried == .resolved(details))
            #expect(details.resolutions.map(\.resolution) == [.retry] && details.tasks[0].state == .inProgress)
            let skipped = try await breaking([fault]) {
                try await bench.store.resolve(order(.skip, at: 3), in: id, of: StoreBench.acme)
            }
            #expect(skipped == .resolved(try await bench.details(id)))
            #expect(try await bench.details(id).resolutions.map(\.resolution) == [.retry, .skip])
            let late = try await bench.store.resolve(order(.skip, at: 4), in: id, of: StoreBench.acme)
            #expect(late == .refused(.doesNotApply(label: "Task a", state: .skipped)))
        }
    }

    @Test(arguments: PostgresProxy.Fault.allCases)
    func aTickIsDecidedAndBackfilledOnce(_ fault: PostgresProxy.Fault) async throws {
        try await withBrokenCommits { bench, breaking in
            let version = try await breaking([fault]) { try await bench.schedule() }
            let now = StoreBench.after(60)
            let plan = try bench.plan(for: now, of: version, at: now)
            let scheduleProgress = try await bench.scheduleProgress(at: now)
            let decision = bench.decision(
                scheduleProgress, until: now, wakeAt: StoreBench.after(120), [bench.tick(now, .started, run: plan.id)],
                starting: [plan])
            #expect(try await breaking([fault]) { try await bench.store.record(decision, at: now) })
            #expect(try await bench.store.record(decision, at: now) == false)
            let past = try bench.plan(for: StoreBench.start, of: version, by: nil, at: now)
            let receipt = try await breaking([fault]) {
                try await bench.store.backfill(past, tickOf: "default", at: now)
            }
            guard case .started(let details) = receipt else {
                Issue.record("\(receipt)")
                return
            }
            #expect(details.run.id == past.id)
            #expect(try await bench.total() == 2)
            let query = TickQuery(tenant: StoreBench.acme, configuration: "cg-daily")
            #expect(try await bench.store.ticks(matching: query).ticks.map(\.run) == [plan.id, past.id])
            let again = try bench.plan(for: StoreBench.start, of: version, by: nil, at: now)
            let replaced = try await breaking([fault]) {
                try await bench.store.backfill(again, tickOf: "default", replacing: past.id, at: now)
            }
            guard case .started(let second) = replaced else {
                Issue.record("\(replaced)")
                return
            }
            #expect(second.run.id == again.id)
            #expect(try await bench.total() == 3)
        }
    }

    @Test(arguments: PostgresProxy.Fault.allCases)
    func aTriggerStartsOneRun(_ fault: PostgresProxy.Fault) async throws {
        try await withBrokenCommits { bench, breaking in
            let version = try await breaking([fault]) {
                try await bench.saveTriggers(after: [AfterTrigger(after: "cg-sources", on: [.any])])
            }
            let run = try await bench.start(configuration: "cg-sources")
            _ = try await breaking([fault]) { try await bench.store.stopRun(run, of: StoreBench.acme, at: StoreBench.start) }
            let firing = try #require(try await bench.waitingFirings().first)
            #expect(try await bench.firings() == [firing])
            for decision in [bench.decision(about: firing, of: version), bench.decision(about: StoreBench.call(), of: version)] {
                let receipt = try await breaking([fault]) { try await bench.store.record(decision, at: StoreBench.start) }
                #expect(receipt == .recorded(decision.firing))
            }
            #expect(try await bench.total() == 3)
        }
    }

    @Test(arguments: PostgresProxy.Fault.allCases)
    func aReceiverIsSubscribedAndToldOnce(_ fault: PostgresProxy.Fault) async throws {
        try await withBrokenCommits { bench, breaking in
            let store = bench.store
            for name in ["ops", "chat"] {
                try await store.createReceiver(
                    AlertReceiver(
                        tenant: StoreBench.acme, name: name, kind: .webhook, url: "https://\(name).example/",
                        rule: AlertRule(events: []), secret: [1], createdAt: StoreBench.start))
            }
            let id = try await bench.start()
            for name in ["ops", "chat"] {
                let subscription = RunSubscription(to: name, by: StoreBench.someone, at: StoreBench.start)
                let outcome = try await breaking([fault]) { try await store.subscribe(subscription, to: id, of: StoreBench.acme) }
                #expect(outcome == .added(event: nil))
            }
            let removed = try await breaking([fault]) { try await store.unsubscribe("chat", from: id, of: StoreBench.acme) }
            #expect(removed == .removed)
            _ = try await breaking([fault]) { try await store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(1)) }
            let late = RunSubscription(to: "chat", by: StoreBench.someone, at: StoreBench.after(2))
            let outcome = try await breaking([fault]) { try await store.subscribe(late, to: id, of: StoreBench.acme) }
            #expect(outcome == .added(event: .stopped))
            let alerts = try await store.alerts(matching: AlertQuery(of: StoreBench.acme, limit: 9)).alerts
            #expect(alerts.map(\.receiver).sorted() == ["chat", "ops"])
        }
    }

    @Test(arguments: PostgresProxy.Fault.allCases)
    func administrationHappensOnce(_ fault: PostgresProxy.Fault) async throws {
        try await withBrokenCommits { bench, breaking in
            let store = bench.store
            let draft = bench.draft("cg-1", text: "one")
            let saved = try await breaking([fault]) { try await store.saveConfiguration(draft, at: StoreBench.start) }
            #expect(saved.change == .created && saved.version.number == 1)
            let pause = StoreBench.pause("tests", from: 0)
            let actor = AuditActor(StoreBench.someone, from: AuditOrigin(), time: TestClock(), random: bench.random)
            let (paused, isResumed) = try await actor.act {
                let paused = try await breaking([fault]) { try await store.pause("cg-1", of: StoreBench.acme, with: pause) }
                let isResumed = try await breaking([fault]) {
                    try await store.resume("cg-1", of: StoreBench.acme, at: StoreBench.after(1))
                }
                return (paused, isResumed)
            }
            #expect(paused == pause && isResumed)
            let audited = try await store.auditEvents(matching: AuditQuery(of: StoreBench.acme)).events.map(\.type)
            #expect(Set(audited) == ["weir.configuration/paused", "weir.configuration/resumed"] && audited.count == 2)
            #expect(
                try await breaking([fault]) {
                    try await store.deleteConfiguration("cg-1", of: StoreBench.acme, at: StoreBench.start)
                })
            let key = APIKey(
                id: "k", tenant: StoreBench.acme, name: "K", policy: .admin, createdAt: StoreBench.start, secretHash: [1])
            try await breaking([fault]) { try await store.createKey(key) }
            let rotated = try await breaking([fault]) {
                try await store.rotateKey("k", secretHash: [2], at: StoreBench.after(1))
            }
            #expect(rotated?.secretNumber == 2)
            #expect(try await breaking([fault]) { try await store.deleteKey("k", onlyPreviousSecret: true) })
            #expect(try await breaking([fault]) { try await store.deleteKey("k", onlyPreviousSecret: false) })
            let secret = try await breaking([fault]) { try await store.serviceSecret("s", orElse: [7]) }
            #expect(secret == [7])
            let history = RunHistory(20, random: bench.random)
            let outcome = try await breaking([fault]) { try await store.importRuns(history.imported, into: history.tenant) }
            #expect(outcome == ImportOutcome(added: 20, alreadyThere: 0))
            let stopped = try await bench.startStopped()
            let changed = try await breaking([fault]) {
                try await store.endClosingOfAllTenants(at: StoreBench.after(60), limit: 5)
            }
            #expect(changed == [stopped])
            #expect(try await bench.details(stopped).run.state == .canceled)
            try await bench.start(of: StoreBench.globex, warnAfter: .seconds(1))
            let overdue = try await breaking([fault]) { try await store.newlyOverdueRunsOfAllTenants(at: StoreBench.after(2)) }
            #expect(overdue.count == 1)
        }
    }

    @Test(arguments: PostgresProxy.Fault.allCases)
    func anAlertIsRaisedClaimedAndReportedOnce(_ fault: PostgresProxy.Fault) async throws {
        try await withBrokenCommits { bench, breaking in
            let store = bench.store
            let receiver = AlertReceiver(
                tenant: StoreBench.acme, name: "ops", kind: .webhook, url: "https://ops.example/",
                rule: AlertRule(events: [.stopped]), secret: [1], createdAt: StoreBench.start)
            try await breaking([fault]) { try await store.createReceiver(receiver) }
            let rotated = try await breaking([fault]) {
                try await store.changeReceiver(ReceiverUpdate("ops", of: StoreBench.acme, .rotated([2])), at: StoreBench.after(1))
            }
            #expect(rotated?.secret == [2] && rotated?.previousSecret == [1])
            let id = try await bench.start()
            _ = try await breaking([fault]) { try await store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(1)) }
            let claimed = try await breaking([fault]) {
                try await store.claimAlertsOfAllTenants(limit: 5, until: StoreBench.after(60), at: StoreBench.after(1))
            }
            #expect(claimed.map(\.alert.attempts) == [1])
            let first = try #require(claimed.first)
            try await breaking([fault]) { try await store.report(.failed("No."), of: first, at: StoreBench.after(2)) }
            let alert = try #require(try await store.alert(first.alert.id, of: StoreBench.acme))
            #expect(alert.state == .pending && alert.attempts == 1 && alert.nextAttemptAt == StoreBench.after(7))
            let again = try await breaking([fault]) {
                try await store.resendAlert(alert.id, of: StoreBench.acme, at: StoreBench.after(3))
            }
            #expect(again?.nextAttemptAt == StoreBench.after(3))
            #expect(
                try await breaking([fault]) { try await store.deleteReceiver("ops", of: StoreBench.acme, at: StoreBench.after(4)) })
            #expect(try await store.alerts(matching: AlertQuery(of: StoreBench.acme, limit: 9)).alerts.map(\.state) == [.givenUp])
        }
    }

    @Test(arguments: PostgresProxy.Fault.allCases)
    func aBulkOperationActsOnEachRunOnce(_ fault: PostgresProxy.Fault) async throws {
        try await withBrokenCommits { bench, breaking in
            let (store, acme) = (bench.store, StoreBench.acme)
            let ids = [try await bench.start(), try await bench.start(configuration: "cg-other")]
            let operation = BulkOperation(
                id: BulkID(at: StoreBench.start, using: bench.random), tenant: acme, action: .delete, selection: .runs(ids),
                createdBefore: StoreBench.after(1), requestedBy: StoreBench.someone, requestedAt: StoreBench.start, total: 2)
            #expect(try await breaking([fault]) { try await store.createBulkOperation(operation) })
            let claimed = try await breaking([fault]) {
                try await store.claimBulkOperationsOfAllTenants(limit: 5, until: StoreBench.after(60), at: StoreBench.start)
            }
            let lease = try #require(claimed.first).lease
            let stop = RunStop(requestedAt: StoreBench.after(1), requestedBy: StoreBench.someone)
            for (place, act) in [BulkAct.stop(stop), .label(LabelChange(set: RunLabels([try #require(RunLabel("a:b"))])))]
                .enumerated()
            {
                let receipt = try await breaking([fault]) {
                    try await store.carryOut(BulkStep(place + 1, act, on: ids[0]), under: lease, at: StoreBench.after(2))
                }
                #expect(receipt?.result == .done)
            }
            let deleted = try await breaking([fault]) {
                try await store.carryOut(BulkStep(3, .delete, on: ids[0]), under: lease, at: StoreBench.after(3))
            }
            #expect(deleted?.result == .done)
            let removal = LabelChange(set: RunLabels([try #require(RunLabel("c:d"))]))
            let labels = try await breaking([fault]) { try await store.changeLabels(of: ids[1], tenant: acme, removal) }
            #expect(labels == .changed(removal.set))
            _ = try await store.stopRun(ids[1], of: acme, at: StoreBench.after(4))
            #expect(try await breaking([fault]) { try await store.deleteRun(ids[1], of: acme) } == .deleted)
            try await breaking([fault]) { try await store.release(lease, .finished, at: StoreBench.after(5)) }
            let ended = try #require(try await store.bulkOperation(operation.id, of: acme))
            #expect(ended.state == .finished && ended.counts == BulkCounts(done: 3))
        }
    }

    /// Passes a bench, and a way to run a method whose next commits are broken in turn.
    private func withBrokenCommits(
        _ body: (StoreBench, _ breaking: Breaking) async throws -> Void
    ) async throws {
        try await TestDatabase.with { database in
            let proxy = try PostgresProxy(to: database.cluster.port)
            defer { proxy.close() }
            let url = database.cluster.url(database.name, port: proxy.port, options: "?sslmode=disable")
            let store = try await database.openStore(at: try DatabaseAddress(url))
            try await body(StoreBench(store), Breaking(proxy: proxy))
            try await store.close()
        }
    }
}

private struct Breaking {
    let proxy: PostgresProxy

    func callAsFunction<Value>(_ faults: [PostgresProxy.Fault], _ verb: () async throws -> Value) async throws -> Value {
        let before = proxy.broken
        proxy.breakNextCommits(faults)
        let value = try await verb()
        #expect(proxy.broken == before + faults.count)
        return value
    }
}
