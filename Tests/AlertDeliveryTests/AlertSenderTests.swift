import Logging
import SQLiteTestKit
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import AlertDelivery

/// Responds as the test says, by host.
final class ScriptedTransport: AlertTransport {
    struct Call: Sendable {
        var url: String
        var headers: [String: String]
        var body: [UInt8]
    }

    let calls = Watched<[Call]>([])
    private let answer: @Sendable (String) async -> AlertOutcome

    init(_ answer: @escaping @Sendable (_ url: String) async -> AlertOutcome) {
        self.answer = answer
    }

    func post(_ body: [UInt8], headers: [(name: String, value: String)], to url: String) async -> AlertOutcome {
        let headers = Dictionary(headers.map { ($0.name, $0.value) }) { $1 }
        calls.change { $0.append(Call(url: url, headers: headers, body: body)) }
        return await answer(url)
    }

    func count(to name: String) -> Int { calls.value.count { $0.url.contains("//\(name).") } }
}

/// Counts claims in progress and claimed alerts without a report.
private struct CountedOutbox: AlertOutbox {
    let outbox: any AlertOutbox
    let inProgress: Watched<Int>

    func claimAlertsOfAllTenants(limit: Int, until expiry: Timestamp, at now: Timestamp) async throws -> [ClaimedAlert] {
        inProgress.change { $0 += 1 }
        defer { inProgress.change { $0 -= 1 } }
        let claimed = try await outbox.claimAlertsOfAllTenants(limit: limit, until: expiry, at: now)
        inProgress.change { $0 += claimed.count }
        return claimed
    }

    func report(_ outcome: AlertOutcome, of claimed: ClaimedAlert, at now: Timestamp) async throws {
        defer { inProgress.change { $0 -= 1 } }
        try await outbox.report(outcome, of: claimed, at: now)
    }
}

@Suite("Sending alerts", .timeLimit(.minutes(10)))
struct AlertSenderTests {
    private struct Bench: Sendable {
        let store: any WorkflowStore
        let outbox: WatchedStore
        let clock = TestClock()
        let bench: StoreBench
        private let inProgress = Watched(0)

        init(_ store: any WorkflowStore) {
            self.store = store
            outbox = WatchedStore(store)
            bench = StoreBench(store)
        }

        func add(_ name: String, on events: Set<AlertEvent> = [.stopped]) async throws {
            try await store.createReceiver(
                AlertReceiver(
                    tenant: StoreBench.acme, name: name, kind: .webhook, url: "https://\(name).example/",
                    rule: AlertRule(events: events), secret: Array(name.utf8), createdAt: clock.now))
        }

        /// Creates a run that is stopped immediately.
        func stopOne() async throws {
            let id = try await bench.start(at: clock.now)
            _ = try await store.stopRun(id, of: StoreBench.acme, at: clock.now)
        }

        func alerts(in state: Alert.State? = nil) async throws -> [Alert] {
            try await store.alerts(matching: AlertQuery(of: StoreBench.acme, in: state, limit: 100)).alerts
        }

        /// Runs a sender during the body.
        func sending(through transport: ScriptedTransport, _ body: () async throws -> Void) async throws {
            let sender = AlertSender(
                outbox: CountedOutbox(outbox: outbox, inProgress: inProgress), runs: store, transport: transport, time: clock,
                base: "https://weir.example",
                logger: Logger(label: "sender") { _ in SwiftLogNoOpLogHandler() })
            inProgress.change { $0 = 0 }
            let life = Task { await sender.run() }
            let result: Result<Void, any Error>
            do { result = .success(try await body()) } catch { result = .failure(error) }
            life.cancel()
            await life.value
            try result.get()
        }

        /// Advances the clock second by second until the condition holds, and never while an attempt is in progress: its lease
        /// would expire.
        func passTime(until isMet: () async throws -> Bool) async throws {
            while try await !isMet() {
                await clock.untilSleeping(1)
                await inProgress.until { $0 == 0 }
                clock.advance(by: .seconds(1))
                try Task.checkCancellation()
            }
        }
    }

    private func with(_ body: (Bench) async throws -> Void) async throws {
        try await withEmbeddedStore { store in try await body(Bench(store)) }
    }

    @Test func alertsInTheOutboxAreSentByTheNextSender() async throws {
        try await with { bench in
            try await bench.add("ops")
            // Committed while no sender was running.
            try await bench.stopOne()
            let transport = ScriptedTransport { _ in .delivered("Fine.") }
            try await bench.sending(through: transport) {
                try await bench.outbox.untilStored { _ in try await bench.alerts(in: .delivered).count == 1 }
            }
            let call = try #require(transport.calls.value.first)
            #expect(transport.calls.value.count == 1)
            #expect(call.headers["webhook-id"] == (try await bench.alerts().first?.id))
            #expect(call.headers["webhook-timestamp"] == String(bench.clock.now.milliseconds / 1_000))
        }
    }

    @Test func anAlertAboutWarningsHasTheFirstOfThem() async throws {
        try await with { bench in
            try await bench.add("ops", on: [.warning])
            _ = try await bench.bench.start(at: bench.clock.now)
            let texts = (1...AlertLimits.warnings + 1).map { "warning \($0)" }
            let output = TaskOutput(warnings: try TaskWarnings(texts))
            let lease = try await bench.bench.claimOne(at: bench.clock.now)
            _ = try await bench.store.commit([.began, .succeeded(output)], under: lease, at: bench.clock.now)
            let transport = ScriptedTransport { _ in .delivered("Fine.") }
            try await bench.sending(through: transport) {
                try await bench.outbox.untilStored { _ in try await bench.alerts(in: .delivered).count == 1 }
            }
            let call = try #require(transport.calls.value.first)
            let data = try #require(JSONValue(json: call.body)?["data"])
            guard case .array(let warnings)? = data["warnings"] else {
                Issue.record("no warnings in \(data.text)")
                return
            }
            #expect(warnings.compactMap { $0["text"]?.string } == Array(texts.prefix(5)))
            #expect(data["run"]?["warnings"] == .integer(6))
        }
    }

    @Test func attemptsOfADeadSenderAreRepeatedWithTheSameID() async throws {
        try await with { bench in
            try await bench.add("ops")
            try await bench.stopOne()
            let hanging = ScriptedTransport { _ in
                // Hangs until it is cancelled.
                await Watched(0).until { _ in false }
                return .failed("Cut short.")
            }
            try await bench.sending(through: hanging) { await hanging.calls.until { $0.count == 1 } }
            #expect(try await bench.alerts(in: .pending).map(\.answer) == [nil])
            let transport = ScriptedTransport { _ in .delivered("Fine.") }
            try await bench.sending(through: transport) {
                try await bench.passTime { try await bench.alerts(in: .delivered).count == 1 }
            }
            let ids = (hanging.calls.value + transport.calls.value).map { $0.headers["webhook-id"] }
            #expect(ids.count == 2 && Set(ids).count == 1)
        }
    }

    @Test func aHangingReceiverDelaysNoOtherAndGetsOneRequestAtATime() async throws {
        try await with { bench in
            try await bench.add("dead")
            try await bench.add("fine")
            for _ in 0..<5 { try await bench.stopOne() }
            let transport = ScriptedTransport { url in
                guard url.contains("dead") else { return .delivered("Fine.") }
                await Watched(0).until { _ in false }
                return .failed("Cut short.")
            }
            try await bench.sending(through: transport) {
                try await bench.outbox.untilStored { _ in try await bench.alerts(in: .delivered).count == 5 }
                #expect(transport.count(to: "fine") == 5)
                #expect(transport.count(to: "dead") == 1)
            }
        }
    }

    @Test func aFailedAttemptIsRetriedLater() async throws {
        try await with { bench in
            try await bench.add("ops")
            try await bench.stopOne()
            let begin = bench.clock.now
            let failures = Watched(2)
            let transport = ScriptedTransport { _ in
                let isFailure = failures.change { left -> Bool in
                    left -= 1
                    return left >= 0
                }
                return isFailure ? .failed("It answered 500.") : .delivered("Fine.")
            }
            try await bench.sending(through: transport) {
                try await bench.passTime { try await bench.alerts(in: .delivered).count == 1 }
            }
            #expect(transport.calls.value.count == 3)
            #expect(bench.clock.now - begin >= AlertLimits.delays[0] + AlertLimits.delays[1])
            #expect(try await bench.alerts().first?.attempts == 3)
        }
    }

    @Test func oneThatIsGoneIsDisabled() async throws {
        try await with { bench in
            try await bench.add("ops")
            for _ in 0..<3 { try await bench.stopOne() }
            let transport = ScriptedTransport { _ in .gone("It answered 410 Gone.") }
            try await bench.sending(through: transport) {
                try await bench.outbox.untilStored { _ in try await bench.alerts(in: .givenUp).count == 3 }
            }
            #expect(transport.calls.value.count == 1)
            #expect(try await bench.store.receivers(of: StoreBench.acme).first?.disabledReason == "It answered 410 Gone.")
        }
    }
}
