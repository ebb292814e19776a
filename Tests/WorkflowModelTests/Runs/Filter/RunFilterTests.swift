import Testing
import WorkflowModel

@Suite("Filters of runs")
struct RunFilterTests {
    private static func at(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: seconds * 1_000) }

    private static func run(state: RunState = .succeeded, endedAt: Timestamp? = at(20)) throws -> WorkflowRun {
        let tenant = try #require(Tenant("acme"))
        return WorkflowRun(
            id: RunID(rawValue: "wf-1"), tenant: tenant, name: "Daily", type: "courier.group/run", state: state, createdAt: at(10),
            endedAt: endedAt, principal: Principal(id: "k", name: "K"))
    }

    @Test(arguments: [
        (RunFilter(), true),
        (RunFilter(created: TimeWindow(from: at(10), to: at(11))), true),
        (RunFilter(created: TimeWindow(from: at(9), to: at(10))), false),
        (RunFilter(created: TimeWindow(from: at(10), to: at(10))), false),
        (RunFilter(ended: TimeWindow(from: at(20))), true),
        (RunFilter(ended: TimeWindow(to: at(20))), false),
        (RunFilter(state: .succeeded), true),
        (RunFilter(state: .failed), false),
        (RunFilter(state: .running), false),
        (RunFilter(states: [.failed, .succeeded]), true),
        (RunFilter(states: [.failed, .canceled]), false),
        (RunFilter(states: []), false),
        (RunFilter(type: "courier.group/run"), true),
        (RunFilter(type: "courier.group"), false),
        (RunFilter(type: "Courier.group/run"), false),
        (RunFilter(type: ""), false),
        (
            RunFilter(
                created: TimeWindow(from: at(10)), ended: TimeWindow(from: at(20)), state: .succeeded, type: "courier.group/run"),
            true
        ),
        (
            RunFilter(
                created: TimeWindow(from: at(10)), ended: TimeWindow(from: at(21)), state: .succeeded, type: "courier.group/run"),
            false
        ),
    ])
    func matchWhatIsInAllOfThem(filter: RunFilter, matches: Bool) throws {
        #expect(filter.matches(try Self.run()) == matches)
    }

    @Test func aRunThatHasNotEndedIsInNoWindowOfEnds() throws {
        let run = try Self.run(state: .started, endedAt: nil)
        #expect(!RunFilter(ended: TimeWindow()).matches(run))
        #expect(!RunFilter(ended: TimeWindow(from: .earliest)).matches(run))
        #expect(RunFilter(state: .started).matches(run))
    }

    @Test func theStatesThatAFilterLeavesAreThoseOfRunsThatCanMatch() {
        let window = TimeWindow(from: Self.at(1))
        #expect(RunFilter().possibleStates == RunState.allCases)
        #expect(RunFilter(state: .failed).possibleStates == [.failed])
        #expect(RunFilter(ended: window, state: .failed).possibleStates == [.failed])
        #expect(RunFilter(ended: window).possibleStates == RunState.allCases.filter(\.hasEnded))
        #expect(RunFilter(ended: window, state: .stopping).possibleStates.isEmpty)
        #expect(RunFilter(state: .finalizing).possibleStates.isEmpty)
        #expect(RunFilter(ended: window, states: [.started, .failed, .succeeded]).possibleStates == [.succeeded, .failed])
    }

    @Test func aListIsWalkedByStateOnlyWhereThatLeavesSomeOut() {
        #expect(RunFilter().statesToWalk == nil)
        #expect(RunFilter(states: Set(RunState.allCases)).statesToWalk == nil)
        #expect(RunFilter(state: .running).statesToWalk == [.started, .inProgress, .runningWithFailures])
        #expect(RunFilter(state: .skipped).statesToWalk == [])
    }

    @Test func runsAreListedByTheirEndsOnlyWhereOnlyThoseWereAskedFor() {
        let window = TimeWindow(from: Self.at(1))
        #expect(RunFilter().sortKey == .created)
        #expect(RunFilter(created: window).sortKey == .created)
        #expect(RunFilter(ended: window).sortKey == .ended)
        #expect(RunFilter(created: window, ended: window).sortKey == .created)
    }

    @Test func aPlaceInAListIsThatOfItsOrder() throws {
        let run = try Self.run()
        #expect(RunCursor(of: run, by: .created) == RunCursor(key: .created, value: Self.at(10).milliseconds, id: run.id))
        #expect(RunCursor(of: run, by: .ended) == RunCursor(key: .ended, value: Self.at(20).milliseconds, id: run.id))
        #expect(RunCursor(of: try Self.run(state: .started, endedAt: nil), by: .ended) == nil)
    }

    @Test func aPageHasAHundredRunsUnlessAskedOtherwise() throws {
        let query = RunQuery(tenant: try #require(Tenant("acme")))
        #expect(query.limit == 100 && RunQuery.limits == 1...1_000 && !query.withTotal && query.after == nil)
    }
}
