import Logging
import SQLiteStore
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import AlertDelivery

/// Answers as a test says, by the host of the address.
final class ScriptedTransport: AlertTransport {
    struct Call: Sendable {
        var url: String
        var headers: [String: String]
    }

    let calls = Watched<[Call]>([])
    private let answer: @Sendable (String) async -> AlertOutcome

    init(_ answer: @escaping @Sendable (_ url: String) async -> AlertOutcome) {
        self.answer = answer
    }

    func post(_ body: [UInt8], headers: [(name: String, value: String)], to url: String) async -> AlertOutcome {
        calls.change { $0.append(Call(url: url, headers: Dictionary(headers.map { ($0.name, $0.value) }) { $1 })) }
        return await answer(url)
    }

    func count(to name: String) -> Int { calls.value.count { $0.url.contains("//\(name).") } }
}

@Suite("Sending alerts", .timeLimit(.minutes(10)))
struct AlertSenderTests {
    private struct Bench: Sendable {
        let store: WatchedStore
        let clock = TestClock()
        let bench: StoreBench

        init(_ store: any WorkflowStore) {
            self.store = WatchedStore(store)
            bench = StoreBench(self.store)
        }

        func add(_ name: String, on events: Set<AlertEvent> = [.stopped]) async throws {
            try await store.createReceiver(
                AlertReceiver(
                    tenant: StoreBench.acme, name: name, kind: .webhook, url: "https://\(name).example/",
                    rule: AlertRule(events: events), secret: Array(name.utf8), createdAt: clock.now))
        }

        /// A run that is stopped at once.
        func stopOne() async throws {
            let id = try await bench.start(at: clock.now)
            _ = try await store.stopRun(id, of: StoreBench.acme, at: clock.now)
        }

        func alerts(in state: Alert.State? = nil) async throws -> [Alert] {
            try await store.alerts(of: StoreBench.acme, in: state, from: nil, limit: 100).alerts
        }

        /// Runs a sender for as long as the body takes.
        func sending(through transport: ScriptedTransport, _ body: () async throws -> Void) async throws {
            let sender = AlertSender(
                store: store, transport: transport, time: clock, base: "https://weir.example",
                logger: Logger(label: "sender") { _ in SwiftLogNoOpLogHandler() })
            let life = Task { await sender.run() }
            let result: Result<Void, any Error>
            do { result = .success(try await body()) } catch { result = .failure(error) }
            life.cancel()
            await life.value
            try result.get()
        }

        /// Lets time pass, a second after the other, until what is stored is as it should be.
        func passTime(until isMet: () async throws -> Bool) async throws {
            while try await !isMet() {
                await clock.untilSleeping(1)
                clock.advance(by: .seconds(1))
                try Task.checkCancellation()
            }
        }
    }

    private func with(_ body: (Bench) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let store = try SQLiteStore.open(directory: directory)
            let result: Result<Void, any Error>
            do { result = .success(try await body(Bench(store))) } catch { result = .failure(error) }
            try await store.close()
            try result.get()
        }
    }

    @Test func whatTheOutboxHasIsSentByTheNextLife() async throws {
        try await with { bench in
            try await bench.add("ops")
            // Committed, and nobody was there to send it.
            try await bench.stopOne()
            let transport = ScriptedTransport { _ in .delivered("Fine.") }
            try await bench.sending(through: transport) {
                try await bench.store.untilStored { _ in try await bench.alerts(in: .delivered).count == 1 }
            }
            let call = try #require(transport.calls.value.first)
            #expect(transport.calls.value.count == 1)
            #expect(call.headers["webhook-id"] == (try await bench.alerts().first?.id))
            #expect(call.headers["webhook-timestamp"] == String(bench.clock.now.milliseconds / 1_000))
        }
    }

    @Test func whatADeadLifeHadUnderWayIsSentAgainWithTheSameID() async throws {
        try await with { bench in
            try await bench.add("ops")
            try await bench.stopOne()
            let hanging = ScriptedTransport { _ in
                // Until it is cancelled.
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

    @Test func oneThatHangsDelaysNobodyAndIsCalledOnceAtATime() async throws {
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
                try await bench.store.untilStored { _ in try await bench.alerts(in: .delivered).count == 5 }
                #expect(transport.count(to: "fine") == 5)
                #expect(transport.count(to: "dead") == 1)
            }
        }
    }

    @Test func whatFailsIsTriedAgainLater() async throws {
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
                try await bench.store.untilStored { _ in try await bench.alerts(in: .givenUp).count == 3 }
            }
            #expect(transport.calls.value.count == 1)
            #expect(try await bench.store.receivers(of: StoreBench.acme).first?.disabledReason == "It answered 410 Gone.")
        }
    }
}
