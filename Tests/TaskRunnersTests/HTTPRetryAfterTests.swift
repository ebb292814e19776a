import HTTPTestKit
import HTTPTypes
import Hummingbird
import Testing
import WorkflowModel

@testable import TaskRunners

@Suite("Retry-After of a reply")
struct HTTPRetryAfterTests {
    private static let now = Timestamp(iso8601: "1994-11-06T08:49:07Z") ?? .earliest
    private static let limit = HTTPLimits.longestRetryAfter

    @Test(
        arguments: [
            ("0", .zero), ("120", .seconds(120)), (" 7\t", .seconds(7)), ("3600", limit), ("3601", limit),
            ("99999999999999999999999999", limit), ("Sun, 06 Nov 1994 08:49:37 GMT", .seconds(30)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", .seconds(30)), ("Sun Nov  6 08:49:37 1994", .seconds(30)),
            ("Sun, 06 Nov 1994 08:49:00 GMT", .zero), ("Sun, 06 Nov 1994 23:49:37 GMT", limit),
            ("Sun, 06 Nov 2094 08:49:37 GMT", limit),
            ("", nil), ("-1", nil), ("1.5", nil), ("soon", nil), ("Sun, 31 Feb 1994 08:49:37 GMT", nil),
            ("Sun, 06 Nov 1994 08:49:37 CET", nil), ("Sun, 06 Foo 1994 08:49:37 GMT", nil),
            ("Sunday, 06-Nov-1994 08:49:37 GMT", nil),
        ] as [(String, Duration?)])
    func isReadInAllItsForms(value: String, delay: Duration?) {
        #expect(RetryAfter.delay(value, at: Self.now) == delay)
    }

    /// A year of two digits more than 50 years ahead is one of the past.
    @Test func twoDigitsOfAYearMeanTheNearerCentury() {
        #expect(HTTPDate.instant("Sunday, 06-Nov-94 08:49:37 GMT", at: Self.now)?.iso8601 == "1994-11-06T08:49:37.000Z")
        let later = Timestamp(iso8601: "2026-01-01") ?? .earliest
        #expect(HTTPDate.instant("Friday, 06-Nov-76 08:49:37 GMT", at: later)?.iso8601 == "2076-11-06T08:49:37.000Z")
        #expect(HTTPDate.instant("Sunday, 06-Nov-77 08:49:37 GMT", at: later)?.iso8601 == "1977-11-06T08:49:37.000Z")
    }

    @Test(arguments: [
        (503, "120", Optional(Duration.seconds(120))), (429, "0", .zero), (500, "soon", nil), (404, "5", .seconds(5)),
    ])
    func goesWithTheFailure(status: Int, value: String, delay: Duration?) async throws {
        try await Shop.open { _ in
            var response = Shop.answer(.init(code: status))
            response.headers[.retryAfter] = value
            return response
        } test: { port in
            try await Caller.with { caller in
                guard case .failed(_, _, let wait) = try await caller.run(HTTPCall(method: "GET", url: "http://127.0.0.1:\(port)/"))
                else {
                    Issue.record("it did not fail")
                    return
                }
                #expect(wait == delay)
            }
        }
    }
}
