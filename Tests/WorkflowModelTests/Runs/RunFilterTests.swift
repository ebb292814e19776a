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
        #expect(RunFilter().states == RunState.allCases)
        #expect(RunFilter(state: .failed).states == [.failed])
        #expect(RunFilter(ended: window, state: .failed).states == [.failed])
        #expect(RunFilter(ended: window).states == RunState.allCases.filter(\.hasEnded))
        #expect(RunFilter(ended: window, state: .stopping).states.isEmpty)
        #expect(RunFilter(state: .finalizing).states.isEmpty)
    }

    @Test func runsAreListedByTheirEndsOnlyWhereOnlyThoseWereAskedFor() {
        let window = TimeWindow(from: Self.at(1))
        #expect(RunFilter().order == .created)
        #expect(RunFilter(created: window).order == .created)
        #expect(RunFilter(ended: window).order == .ended)
        #expect(RunFilter(created: window, ended: window).order == .created)
    }

    @Test func aPlaceInAListIsThatOfItsOrder() throws {
        let run = try Self.run()
        #expect(RunCursor(of: run, in: .created) == RunCursor(order: .created, time: Self.at(10), id: run.id))
        #expect(RunCursor(of: run, in: .ended) == RunCursor(order: .ended, time: Self.at(20), id: run.id))
        #expect(RunCursor(of: try Self.run(state: .started, endedAt: nil), in: .ended) == nil)
    }

    @Test func aPageHasAHundredRunsUnlessAskedOtherwise() throws {
        let query = RunQuery(tenant: try #require(Tenant("acme")))
        #expect(query.limit == 100 && RunQuery.limits == 1...1_000 && !query.withTotal && query.after == nil)
    }
}
