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
            let claimed = try await breaking([fault]) { try await bench.claim() }
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
        }
    }

    @Test(arguments: PostgresProxy.Fault.allCases)
    func administrationHappensOnce(_ fault: PostgresProxy.Fault) async throws {
        try await withBrokenCommits { bench, breaking in
            let store = bench.store
            let draft = bench.draft("cg-1", text: "one")
            let saved = try await breaking([fault]) { try await store.saveConfiguration(draft, at: StoreBench.start) }
            #expect(saved.change == .created && saved.version.number == 1)
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
