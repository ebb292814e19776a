import HTTPTypes
import HummingbirdTesting
import Logging
import Synchronization
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowTestKit

@testable import WorkflowServer

@Suite("The rate limit over several nodes")
struct SharedRequestBucketsTests {
    private static let tenant = ServiceUnderTest.acme
    private static let silent = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    /// Stands still, so that no request times out.
    private static let clock = TestClock(now: StoreBench.start)

    @Test("Buckets in memory keep the contract", arguments: RequestBucketsContract.rules)
    func local(_ rule: RequestBucketsContract.Rule) async throws {
        try await rule.check(LocalRequestBuckets())
    }

    @Test("two nodes together admit exactly as many requests as one")
    func twoNodes() async throws {
        let shared = LocalRequestBuckets()
        func node() -> SharedRequestBuckets { SharedRequestBuckets(over: shared, time: Self.clock, logger: Self.silent) }
        try await withNodes(node(), node(), rateLimit: 10) { first, second in
            let headers = try await first.headers(.viewer)
            func statuses(_ count: Int) async throws -> [HTTPResponse.Status] {
                var statuses: [HTTPResponse.Status] = []
                for index in 0..<count {
                    let node = index % 3 == 0 ? second : first
                    statuses.append(try await node.get(Paths.runs, headers).status)
                }
                return statuses
            }
            #expect(try await statuses(25) == Array(repeating: .ok, count: 10) + Array(repeating: .tooManyRequests, count: 15))
            first.clock.advance(by: .milliseconds(500))
            #expect(try await statuses(9).filter { $0 == .ok }.count == 5)
            first.clock.advance(by: .seconds(10))
            let answer = try await second.get(Paths.runs, headers)
            #expect(answer.headers[HeaderNames.rateLimit] == "\"default\";r=9;t=1")
            #expect(try await first.get(Paths.runs, headers).headers[HeaderNames.rateLimit] == "\"default\";r=8;t=1")
        }
    }

    @Test("over a long time, nodes with a high limit admit as many requests as one, up to rounding", arguments: [20, 100, 1_000])
    func longRun(quota: Int) async {
        let shared = LocalRequestBuckets()
        let nodes = (0..<3).map { _ in SharedRequestBuckets(over: shared, time: Self.clock, logger: Self.silent) }
        let random = SeededRandom(seed: 11)
        var admitted = 0
        let seconds = 10
        for millisecond in 0..<(seconds * 1_000) {
            // Twice as many requests as allowed, on random nodes.
            let offered = Int(random.fraction() * Double(quota) * 4 / 1_000 + random.fraction())
            for _ in 0..<offered {
                let node = nodes[Int(random.next() % 3)]
                let now = StoreBench.start + .milliseconds(Int64(millisecond))
                admitted += await node.take(RequestDemand(upTo: 1, of: Self.tenant, quota: quota), at: now).count
            }
        }
        let one = quota + quota * seconds
        let rounding = 3 * max(1, quota / SharedRequestBuckets.batchesPerSecond)
        #expect(admitted <= one + rounding)
        #expect(admitted >= one - quota - rounding)
    }

    @Test("a high limit does not cost a round trip a request, nor does being above it")
    func roundTrips() async {
        let counted = CountedBuckets()
        let node = SharedRequestBuckets(over: counted, time: Self.clock, logger: Self.silent)
        for _ in 0..<1_000 {
            #expect(await node.take(RequestDemand(upTo: 1, of: Self.tenant, quota: 1_000), at: StoreBench.start).count == 1)
        }
        #expect(counted.calls == SharedRequestBuckets.batchesPerSecond)
        for _ in 0..<100 {
            #expect(await node.take(RequestDemand(upTo: 1, of: Self.tenant, quota: 1_000), at: StoreBench.start).count == 0)
        }
        #expect(counted.calls == SharedRequestBuckets.batchesPerSecond + 1)
    }

    @Test("requests that wait together share one round trip")
    func together() async {
        let counted = CountedBuckets()
        let node = SharedRequestBuckets(over: counted, time: Self.clock, logger: Self.silent)
        counted.hold()
        await withTaskGroup(of: Int.self) { group in
            for _ in 0..<30 {
                group.addTask { await node.take(RequestDemand(upTo: 1, of: Self.tenant, quota: 20), at: StoreBench.start).count }
            }
            await counted.untilCalled(1)
            counted.release()
            #expect(await group.reduce(0, +) == 20)
        }
        // One for the first request, one for those that waited meanwhile, and one more depending on their order.
        #expect(counted.calls <= 4)
    }

    @Test("tokens that a node took in advance expire after a moment")
    func expiry() async {
        let counted = CountedBuckets()
        let node = SharedRequestBuckets(over: counted, time: Self.clock, logger: Self.silent)
        let later = StoreBench.start + SharedRequestBuckets.validity
        _ = await node.take(RequestDemand(upTo: 1, of: Self.tenant, quota: 1_000), at: StoreBench.start)
        _ = await node.take(RequestDemand(upTo: 1, of: Self.tenant, quota: 1_000), at: later + .milliseconds(-1))
        #expect(counted.calls == 1)
        _ = await node.take(RequestDemand(upTo: 1, of: Self.tenant, quota: 1_000), at: later)
        #expect(counted.calls == 2)
    }

    @Test("while the store does not answer, a node counts by itself, and asks it again after a while")
    func outage() async {
        let counted = CountedBuckets()
        let node = SharedRequestBuckets(over: counted, time: Self.clock, logger: Self.silent)
        counted.fail(true)
        var admitted = 0
        for _ in 0..<20 {
            admitted += await node.take(RequestDemand(upTo: 1, of: Self.tenant, quota: 10), at: StoreBench.start).count
        }
        #expect(admitted == 10)
        #expect(counted.calls == 1)
        counted.fail(false)
        let later = StoreBench.start + SharedRequestBuckets.distrust
        #expect(
            await node.take(RequestDemand(upTo: 1, of: Self.tenant, quota: 10), at: later) == RequestsTaken(count: 1, left: 9_000))
        #expect(counted.calls == 2)
    }

    @Test("no request waits long for a store that does not answer, and later ones do not wait")
    func silence() async {
        let counted = CountedBuckets()
        let clock = TestClock(now: StoreBench.start)
        let node = SharedRequestBuckets(over: counted, time: clock, logger: Self.silent)
        counted.hold()
        await withTaskGroup(of: Int.self) { group in
            for _ in 0..<20 {
                group.addTask { await node.take(RequestDemand(upTo: 1, of: Self.tenant, quota: 10), at: StoreBench.start).count }
            }
            await counted.untilCalled(1)
            while clock.sleeping.isEmpty { await Task.yield() }
            clock.advance(by: SharedRequestBuckets.patience)
            #expect(await group.reduce(0, +) == 10)
        }
        let now = clock.now
        #expect(await node.take(RequestDemand(upTo: 1, of: Self.tenant, quota: 10), at: now).count == 1)
        #expect(counted.calls == 1)
        counted.release()
        let later = now + SharedRequestBuckets.distrust + SharedRequestBuckets.patience
        #expect(await node.take(RequestDemand(upTo: 1, of: Self.tenant, quota: 10), at: later).count == 1)
        #expect(counted.calls == 2)
    }

    @Test("requests that arrive in another order than they read the clock do not take tokens twice")
    func disorder() async {
        let counted = CountedBuckets()
        let node = SharedRequestBuckets(over: counted, time: Self.clock, logger: Self.silent)
        for index in 0..<40 {
            let now = StoreBench.after(1) + .milliseconds(-Int64(index % 5))
            #expect(await node.take(RequestDemand(upTo: 1, of: Self.tenant, quota: 1_000), at: now).count == 1)
        }
        #expect(counted.calls == 2)
    }
}

/// Buckets in memory that count their calls, and can be slow or fail.
private final class CountedBuckets: RequestBuckets {
    private struct State {
        var calls = 0
        var fails = false
        var isHeld = false
    }

    private let buckets = LocalRequestBuckets()
    private let state = Watched(State())

    var calls: Int { state.value.calls }

    func fail(_ fails: Bool) { state.change { $0.fails = fails } }
    func hold() { state.change { $0.isHeld = true } }
    func release() { state.change { $0.isHeld = false } }
    func untilCalled(_ count: Int) async { await state.until { $0.calls >= count } }

    func take(_ demand: RequestDemand, at now: Timestamp) async throws -> RequestsTaken {
        state.change { $0.calls += 1 }
        await state.until { !$0.isHeld }
        if state.value.fails { throw StoreError(.unavailable, "The store refuses, as the test wants it.") }
        return buckets.take(demand, at: now)
    }
}
