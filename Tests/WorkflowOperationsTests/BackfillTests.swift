import Synchronization
import Testing
import WorkflowAPI
import WorkflowClient
import WorkflowModel
import WorkflowTestKit

@testable import WorkflowOperations

/// A service whose runs end when they are read.
private final class PretendService: Sendable {
    struct State {
        var order: [Timestamp] = []
        var going: Set<Int> = []
        var most = 0
    }

    let state = Mutex(State())
    let known: Set<Timestamp>
    let tenant: Tenant

    init(known: Set<Timestamp> = []) throws {
        self.known = known
        tenant = try #require(Tenant("acme"))
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

    /// A run has ended by the time it is read. Runs with odd numbers have failed.
    func look(_ id: RunID) -> WorkflowRun {
        let number = Int(id.rawValue.dropFirst(3)) ?? 0
        state.withLock { _ = $0.going.remove(number) }
        let failed = number % 2 == 1
        return WorkflowRun(
            id: id, tenant: tenant, name: "Daily", type: "a.b", state: failed ? .failed : .succeeded,
            createdAt: Timestamp(milliseconds: 0), endedAt: Timestamp(milliseconds: 1), principal: Principal(id: "p", name: "P"),
            error: failed ? RunError(attribution: .customer, type: "a/b", message: "No.") : nil)
    }

    func work(atOnce: Int, time: any TimeSource) -> BackfillWork {
        BackfillWork(atOnce: atOnce, order: { self.start($0) }, look: { self.look($0) }, time: time)
    }
}

/// A clock whose sleeps return at once.
private struct Impatient: TimeSource {
    var now: Timestamp { Timestamp(milliseconds: 0) }
    var elapsed: Duration { .zero }
    func sleep(for duration: Duration) async throws { try Task.checkCancellation() }
}

@Suite("Backfills")
struct BackfillTests {
    private static func instants(_ numbers: ClosedRange<Int64>) -> [Timestamp] {
        numbers.map { Timestamp(milliseconds: $0) }
    }

    @Test(arguments: [1, 2, 5])
    func ticksRunOldestFirstWithinTheParallelLimit(atOnce: Int) async throws {
        let service = try PretendService(known: [Timestamp(milliseconds: 2)])
        let report = try await service.work(atOnce: atOnce, time: Impatient()).run(Self.instants(1...9)) { _ in }
        #expect(service.state.withLock { $0.order } == Self.instants(1...9))
        #expect(service.state.withLock { $0.most } == atOnce)
        #expect(report.finished == 9 && !report.isInterrupted && report.ticks.allSatisfy { $0.state?.isFinal == true })
        #expect(
            report.ticks.map(\.outcome) == [.started, .alreadyStarted] + [BackfillAnswer.Outcome](repeating: .started, count: 7))
        #expect(report.ticks.count(where: { $0.state == .failed && $0.attribution == .customer }) == 5)
    }

    @Test func anInterruptedBackfillReportsItsProgress() async throws {
        let service = try PretendService()
        let work = service.work(atOnce: 2, time: TestClock())
        let task = Task { try await work.run(Self.instants(1...9)) { _ in } }
        // The third tick waits for the end of one of the first two, and the clock does not move.
        while service.state.withLock({ $0.order.count }) < 2 { await Task.yield() }
        task.cancel()
        let report = try await task.value
        #expect(report.isInterrupted && report.ticks.map(\.instant) == Self.instants(1...2))
        #expect(report.total == 9 && report.ticks.allSatisfy { $0.outcome == .started })
    }

    @Test func aRunOfAnotherCommandIsNotWaitedFor() async throws {
        let work = BackfillWork(
            atOnce: 1, order: { _ in BackfillAnswer(outcome: .underWay, run: RunID(rawValue: "wf-1"), state: .running) },
            look: { _ in throw ClientError(.unreachable, "Not asked.") }, time: Impatient())
        let report = try await work.run(Self.instants(1...3)) { _ in }
        #expect(report.ticks.map(\.outcome) == [.underWay, .underWay, .underWay] && report.finished == 3)
    }

    @Test func aPreviewAsksForEachTickAndWaitsForNone() async throws {
        let service = try PretendService(known: [Timestamp(milliseconds: 2)])
        let report = try await service.work(atOnce: 1, time: TestClock()).preview(Self.instants(1...3)) { _ in }
        #expect(report.isDryRun && report.ticks.map(\.outcome) == [.started, .alreadyStarted, .started])
    }

    @Test func aRestartingServiceIsWaitedFor() async throws {
        let service = try PretendService()
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
        #expect(report.ticks.map(\.outcome) == [.started] && report.ticks.map(\.state) == [.succeeded])
    }

    @Test func aRefusedTickEndsTheBackfill() async throws {
        let work = BackfillWork(
            atOnce: 1, order: { _ in throw ClientError(.refused(.invalid), "No.") },
            look: { _ in throw ClientError(.unreachable, "") },
            time: Impatient())
        await #expect(throws: ClientError.self) { _ = try await work.run(Self.instants(2...2)) { _ in } }
    }
}
