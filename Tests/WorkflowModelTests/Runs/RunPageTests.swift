import Testing
import WorkflowModel

/// The places at which a page of a list continues, forwards and backwards.
@Suite struct RunPageTests {
    private static func run(_ second: Int) throws -> WorkflowRun {
        let created = Timestamp(milliseconds: Int64(second) * 1_000)
        return WorkflowRun(
            id: RunID(rawValue: "wf-\(second)"), tenant: try #require(Tenant("acme")), name: "Daily", type: "a.b",
            state: .scheduled,
            createdAt: created, principal: Principal(id: "u", name: "U"))
    }

    private static func place(_ second: Int) throws -> RunCursor {
        try #require(RunCursor(of: run(second), by: .created))
    }

    private static func query(limit: Int, after: Int? = nil, before: Int? = nil) throws -> RunQuery {
        RunQuery(
            tenant: try #require(Tenant("acme")), limit: limit, after: try after.map(place), before: try before.map(place))
    }

    @Test func aFullPageContinuesAfterItsLastRun() throws {
        let page = RunPage(fetched: try [9, 8, 7].map(Self.run), for: try Self.query(limit: 2))
        #expect(try page.runs == [9, 8].map(Self.run) && page.next == Self.place(8) && page.previous == nil && !page.endedEarly)
        let back = RunPage(fetched: try [7, 8, 9].map(Self.run), for: try Self.query(limit: 2, before: 6))
        #expect(try back.runs == [8, 7].map(Self.run) && back.next == Self.place(7) && back.previous == Self.place(8))
    }

    @Test func theLastPageHasNoNextOne() throws {
        let page = RunPage(fetched: try [5, 4].map(Self.run), for: try Self.query(limit: 2, after: 6))
        #expect(try page.next == nil && page.previous == Self.place(5) && !page.endedEarly)
    }

    @Test func aSearchThatStoppedContinuesWhereItStopped() throws {
        let page = RunPage(fetched: try [9].map(Self.run), for: try Self.query(limit: 2), stoppedAt: try Self.place(3))
        #expect(try page.next == Self.place(3) && page.previous == nil && page.endedEarly)
        let back = RunPage(fetched: try [7].map(Self.run), for: try Self.query(limit: 2, before: 6), stoppedAt: try Self.place(20))
        #expect(try back.previous == Self.place(20) && back.next == Self.place(7) && back.endedEarly)
        // The page was full before.
        let full = RunPage(fetched: try [9, 8, 7].map(Self.run), for: try Self.query(limit: 2), stoppedAt: try Self.place(7))
        #expect(try full.next == Self.place(8) && !full.endedEarly)
    }

    /// The run at the place that was asked for is on the page before.
    @Test func anEmptyPageBeginsWhereItEnds() throws {
        let page = RunPage(fetched: [], for: try Self.query(limit: 2, after: 6), stoppedAt: try Self.place(3))
        #expect(try page.next == Self.place(3) && page.previous == Self.place(3) && page.endedEarly)
        let back = RunPage(fetched: [], for: try Self.query(limit: 2, before: 6), stoppedAt: try Self.place(20))
        #expect(try back.next == Self.place(20) && back.previous == Self.place(20) && back.endedEarly)
        let first = RunPage(fetched: [], for: try Self.query(limit: 2), stoppedAt: try Self.place(3))
        #expect(try first.next == Self.place(3) && first.previous == nil)
        let last = RunPage(fetched: [], for: try Self.query(limit: 2, after: 6))
        #expect(try last.next == nil && last.previous == Self.place(6))
    }

    @Test func aListByEndOrRuntimeContainsEndedRunsOnly() throws {
        var query = RunQuery(tenant: try #require(Tenant("acme")), filter: RunFilter(states: [.failed, .started]))
        #expect(query.listedFilter == query.filter)
        for key in [RunSortKey.ended, .runtime] {
            query.sort = RunSort(by: key)
            #expect(query.listedFilter == RunFilter(states: [.failed]))
        }
        query.filter = RunFilter(ended: TimeWindow())
        #expect(query.listedFilter == query.filter)
    }
}
