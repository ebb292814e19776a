import Synchronization
import Testing
import WorkflowAPI
import WorkflowClient
import WorkflowModel
import WorkflowTestKit

@testable import weir

/// A service whose runs end when the test says so.
private final class PretendService: Sendable {
    struct State {
        var order: [Timestamp] = []
        var going: Set<Int> = []
        var most = 0
    }

    let state = Mutex(State())
    let known: Set<Timestamp>

    init(known: Set<Timestamp> = []) {
        self.known = known
    }

    func start(_ instant: Timestamp) -> BackfillAnswer {
        state.withLock { state in
            state.order.append(instant)
            let number = Int(instant.milliseconds)
            guard !known.contains(instant) else {
                return BackfillAnswer(outcome: .alreadyStarted, run: RunID(rawValue: "wf-\(number)"), state: .succeeded)
            }
            state.going.insert(number)
            state.most = max(state.most, state.going.count)
            return BackfillAnswer(outcome: .started, run: RunID(rawValue: "wf-\(number)"), state: .scheduled)
        }
    }

    /// A run has ended by the time that it is looked at; those of odd numbers have failed.
    func look(_ id: RunID) -> WorkflowRun {
        let number = Int(id.rawValue.dropFirst(3)) ?? 0
        state.withLock { _ = $0.going.remove(number) }
        let failed = number % 2 == 1
        return WorkflowRun(
            id: id, tenant: Samples.tenant, name: "Daily", type: "a.b", state: failed ? .failed : .succeeded,
            createdAt: Timestamp(milliseconds: 0), endedAt: Timestamp(milliseconds: 1), principal: Principal(id: "p", name: "P"),
            error: failed ? RunError(attribution: .customer, type: "a/b", message: "No.") : nil)
    }

    func work(atOnce: Int, time: any TimeSource) -> BackfillWork {
        BackfillWork(atOnce: atOnce, order: { self.start($0) }, look: { self.look($0) }, time: time)
    }
}

/// Time that passes whenever somebody wants to wait.
private struct Impatient: TimeSource {
    var now: Timestamp { Timestamp(milliseconds: 0) }
    func sleep(for duration: Duration) async throws { try Task.checkCancellation() }
}

@Suite("Backfills")
struct BackfillTests {
    private static func instants(_ numbers: ClosedRange<Int64>) -> [Timestamp] {
        numbers.map { Timestamp(milliseconds: $0) }
    }

    @Test(arguments: [1, 2, 5])
    func ticksRunOldestFirstAndSoManyAtOnceAtMost(atOnce: Int) async throws {
        let service = PretendService(known: [Timestamp(milliseconds: 2)])
        let report = try await service.work(atOnce: atOnce, time: Impatient()).run(Self.instants(1...9)) { _ in }
        #expect(service.state.withLock { $0.order } == Self.instants(1...9))
        #expect(service.state.withLock { $0.most } == atOnce)
        #expect(report.finished == 9 && !report.isInterrupted && report.ticks.allSatisfy { $0.state?.isFinal == true })
        #expect(report.sentence == "8 runs started, 1 tick had a run already, 5 failed.")
        #expect(report.status == .failedByCustomer)
    }

    @Test func anInterruptedOneSaysHowFarItCame() async throws {
        let service = PretendService()
        let work = service.work(atOnce: 2, time: TestClock())
        let task = Task { try await work.run(Self.instants(1...9)) { _ in } }
        // The third tick waits for the end of one of the two before, and the clock stands still.
        while service.state.withLock({ $0.order.count }) < 2 { await Task.yield() }
        task.cancel()
        let report = try await task.value
        #expect(report.isInterrupted && report.ticks.map(\.instant) == Self.instants(1...2))
        #expect(report.status == .temporary)
        #expect(
            report.sentence
                == "Stopped after 2 of 9 ticks: 2 runs started. What was started goes on; the same command goes on with the rest.")
    }

    @Test func aServiceThatStartsAgainIsWaitedFor() async throws {
        let service = PretendService()
        let failures = Mutex(3)
        let work = BackfillWork(
            atOnce: 1,
            order: { instant in
                let fails = failures.withLock { left in
                    left -= 1
                    return left >= 0
                }
                if fails { throw ClientError(.unreachable, "Away.") }
                return service.start(instant)
            },
            look: { service.look($0) }, time: Impatient())
        let report = try await work.run(Self.instants(2...2)) { _ in }
        #expect(report.sentence == "1 run started." && report.status == .succeeded)
    }

    @Test func aTickThatIsRefusedEndsIt() async throws {
        let work = BackfillWork(
            atOnce: 1, order: { _ in throw ClientError(.refused(.invalid), "No.") },
            look: { _ in throw ClientError(.unreachable, "") },
            time: Impatient())
        await #expect(throws: ClientError.self) { _ = try await work.run(Self.instants(2...2)) { _ in } }
    }
}
