import Testing
import WorkflowModel

@testable import WorkflowPages

@Suite struct AddressTests {
    private let now = Timestamp(milliseconds: 1_700_000_000_000)

    private func read(_ pairs: [(String, String)]) throws -> HistoryAddress {
        try HistoryAddress(parameters: pairs.map { (name: $0.0, value: $0.1) })
    }

    @Test func anAddressSaysAllOfAView() throws {
        let address = try read([
            ("state", "failed"), ("type", "a b/c"), ("ended", "today"), ("created_from", "2023-11"), ("type", ""),
        ])
        #expect(address.href == "/runs?state=failed&type=a%20b%2Fc&created_from=2023-11-01T00%3A00%3A00Z&ended=today")
        let filter = address.filter(at: now)
        #expect(filter.created?.from?.iso8601 == "2023-11-01T00:00:00.000Z")
        #expect(filter.ended?.from?.iso8601 == "2023-11-14T00:00:00.000Z")
        #expect(try read([("created", "last-7-days")]).filter(at: now).created?.from?.iso8601 == "2023-11-08T00:00:00.000Z")
        #expect(try read([("created", "last-hour")]).filter(at: now).created?.from?.iso8601 == "2023-11-14T21:13:20.000Z")
    }

    @Test func placesAreReadAsTheyWereWritten() throws {
        let cursor = RunCursor(order: .ended, time: now, id: RunID(rawValue: "wf-a~b"))
        var address = try read([("ended", "today")])
        address.place = .before(cursor)
        let pairs = address.pairs.compactMap { name, value in value.map { (name, $0) } }
        #expect(try read(pairs) == address)
    }

    @Test func aChartIsOfHoursOrDaysAndNeverTooManyBars() throws {
        let standard = try #require(ChartPlan(try read([]), at: now))
        #expect(standard.step == .day)
        #expect(standard.barCount == 30)
        let hour = try #require(ChartPlan(try read([("created", "today")]), at: now))
        #expect(hour.step == .hour)
        #expect(hour.barCount == 23)
        let year = try #require(ChartPlan(try read([("created_from", "2020"), ("created_to", "2023")]), at: now))
        #expect(year.barCount <= ChartPlan.mostBars)
        #expect(year.stepsPerBar > 1)
        #expect(ChartPlan(try read([("created_from", "2023-01-01"), ("created_to", "2023-01-01")]), at: now) == nil)
        #expect(ChartPlan(try read([("created_from", "2100")]), at: now) == nil)
    }
}
