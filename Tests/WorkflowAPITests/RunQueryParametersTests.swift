import Testing
import WorkflowAPI
import WorkflowModel

@Suite("The parameters of a list of runs")
struct RunQueryParametersTests {
    private let sealer = PageTokenSealer(secret: Array(repeating: 7, count: 32))

    private func read(_ text: String) throws -> RunQuery {
        try RunQueryParameters.read(QueryString(text), tenant: Samples.acme, sealer: sealer)
    }

    private func refusal(_ text: String) -> String {
        let error = #expect(throws: APIError.self, "\(text.prefix(80))") { try read(text) }
        #expect(error?.kind == .invalid)
        return error?.message ?? ""
    }

    @Test("nothing asked for is the first hundred of everything")
    func defaults() throws {
        #expect(try read("") == RunQuery(tenant: Samples.acme))
        #expect(try read("").limit == 100)
        #expect(try read("api_version=2024-04-01") == RunQuery(tenant: Samples.acme))
    }

    @Test("all of them together")
    func everything() throws {
        let query = try read(
            "created_from=2024&created_to=2024-04&ended_from=2024-04-01T09&ended_to=2024-04-01T12:30%2B02:00&state=In%20Progress"
                + "&type=courier.group/run&limit=12&with_total=true")
        #expect(query.filter.created == TimeWindow(from: Timestamp(iso8601: "2024-01-01"), to: Timestamp(iso8601: "2024-04-01")))
        #expect(
            query.filter.ended
                == TimeWindow(from: Timestamp(iso8601: "2024-04-01T09:00"), to: Timestamp(iso8601: "2024-04-01T10:30")))
        #expect(query.filter.state == .inProgress)
        #expect(query.filter.type == "courier.group/run")
        #expect(query.limit == 12)
        #expect(query.withTotal)
    }

    @Test(
        "dates may be partial and have offsets, escaped or not",
        arguments: [
            ("2024", "2024-01-01T00:00:00.000Z"), ("2024-04", "2024-04-01T00:00:00.000Z"),
            ("2024-04-01", "2024-04-01T00:00:00.000Z"), ("2024-04-01T09", "2024-04-01T09:00:00.000Z"),
            ("2024-04-01T09:30", "2024-04-01T09:30:00.000Z"), ("2024-04-01T09:30:15", "2024-04-01T09:30:15.000Z"),
            ("2024-04-01T09:30:15.250", "2024-04-01T09:30:15.250Z"), ("2024-04-01T09:30:15.250Z", "2024-04-01T09:30:15.250Z"),
            ("2024-04-01T09:30%2B02:00", "2024-04-01T07:30:00.000Z"), ("2024-04-01T09:30+02:00", "2024-04-01T07:30:00.000Z"),
            ("2024-04-01T09:30-02:00", "2024-04-01T11:30:00.000Z"), ("2024-02-29", "2024-02-29T00:00:00.000Z"),
            ("2024-04-01T09%3A30", "2024-04-01T09:30:00.000Z"), ("2024Z", "2024-01-01T00:00:00.000Z"),
        ])
    func dates(text: String, instant: String) throws {
        for name in ["created_from", "created_to"] {
            let window = try #require(try read("\(name)=\(text)").filter.created)
            #expect((window.from ?? window.to)?.iso8601 == instant)
        }
        for name in ["ended_from", "ended_to"] {
            let window = try #require(try read("\(name)=\(text)").filter.ended)
            #expect((window.from ?? window.to)?.iso8601 == instant)
        }
    }

    @Test(
        "what is not a date is refused by name",
        arguments: [
            "2024-02-30", "2023-02-29", "2024-13", "2024-00", "24", "yesterday", "2024-04-01T24", "2024-04-01T09:60",
            "1707586172687",
            "2024-04-01 09:30", "2024-04-01T09:30:15.", "2024/04/01", "2024-04-01T09:30PST", "-2024", "20240401", "2024-04-01T",
            "2024-04-01'%20OR%201=1--", "9999-12-31T23:59:59-01:00",
        ],
        ["created_from", "created_to", "ended_from", "ended_to"])
    func notDates(text: String, name: String) {
        let message = refusal("\(name)=\(text)")
        #expect(message.hasPrefix("\(name) is "))
        #expect(message.contains("not a date-time; accepted is an ISO 8601"))
    }

    @Test("a window that ends before it starts is refused; one of zero length is not")
    func windows() throws {
        #expect(refusal("created_from=2024-04&created_to=2024-03").contains("created_to (2024-03-01T00:00:00.000Z) is before"))
        #expect(refusal("ended_from=2024-04&ended_to=2024-03").contains("ended_to"))
        #expect(refusal("created_from=2024-04-01T00:00:00.001Z&created_to=2024-04").contains("before"))
        let same = try read("created_from=2024-04&created_to=2024-04").filter.created
        #expect(same?.from == same?.to && same != nil)
    }

    @Test("states go by wire value or label, in any case", arguments: WorkflowState.allCases)
    func states(state: WorkflowState) throws {
        let texts = [
            state.rawValue, state.rawValue.uppercased(), state.label, state.label.lowercased(), state.label.uppercased(),
            state.rawValue.replacing("-", with: "_"),
        ]
        for text in texts {
            #expect(try read("state=\(Paths.escaped(text))").filter.state == state, "\(text)")
            #expect(try read("state=\(text.replacing(" ", with: "+"))").filter.state == state, "\(text)")
        }
    }

    @Test("stopped, canceled and cancelled are one", arguments: ["stopped", "canceled", "cancelled", "Stopped", "CANCELLED"])
    func stopped(text: String) throws {
        #expect(try read("state=\(text)").filter.state == .canceled)
    }

    @Test(
        "what names no state is refused with the list of them", arguments: ["done", "fail", "failed'--", "succeeded,failed", "%20"])
    func notStates(text: String) {
        let message = refusal("state=\(text)")
        #expect(message.hasPrefix("state is "))
        for state in WorkflowState.allCases { #expect(message.contains(state.rawValue)) }
    }

    @Test("a limit is 1 to 1000, in digits")
    func limits() throws {
        for (text, limit) in [("1", 1), ("1000", 1_000), ("0012", 12)] { #expect(try read("limit=\(text)").limit == limit) }
        for text in ["0", "1001", "-1", "+5", "1.0", "1e2", "ten", "12%20", "99999999999999999999", "٣", "0x10"] {
            #expect(refusal("limit=\(text)").contains("an integer from 1 to 1000"), "\(text)")
        }
    }

    @Test("with_total is true or false")
    func withTotal() throws {
        #expect(try read("with_total=true").withTotal)
        #expect(try !read("with_total=false").withTotal)
        for text in ["TRUE", "1", "yes", "null"] { #expect(refusal("with_total=\(text)").contains("true and false")) }
    }

    @Test(
        "any type is taken as it is",
        arguments: ["a", "courier.group/run", "ünï cødé", "'; DROP TABLE runs; --", "../..", "a?b=c", "%"])
    func types(type: String) throws {
        #expect(try read("type=\(Paths.escaped(type))").filter.type == type)
    }

    @Test("each of them may be there once, and not empty", arguments: RunQueryParameters.names)
    func repeatedOrEmpty(name: String) {
        #expect(refusal("\(name)=").contains("\(name) is empty"))
        #expect(refusal(name).contains("\(name) is empty"))
        let value = ["limit": "5", "with_total": "true", "state": "failed", "type": "a", "next_token": "a"][name] ?? "2024"
        #expect(refusal("\(name)=\(value)&\(name)=\(value)").contains("\(name) is there more than once"))
    }

    @Test(
        "one that is not known is refused by name, with the names that are",
        arguments: ["stat", "Limit", "created", "offset", "%00", ""])
    func unknown(name: String) {
        let message = refusal("\(name)=x")
        if name != "%00" {
            #expect(message.contains("\"\(name)\" is not known"))
            #expect(message.contains("created_from, created_to, ended_from, ended_to, state, type, limit, next_token, with_total"))
        }
    }

    @Test("the slip in circulation is told where its second question mark is")
    func secondQuestionMark() {
        let message = refusal("limit=12?with_total=true")
        #expect(message.contains("second \"?\""))
        #expect(message.contains("\"limit=12\""))
        #expect(message.contains("before with_total"))
        #expect(message.contains("limit=12&with_total=true"))
        #expect(refusal("type=a?limit=1").contains("second \"?\""))
    }

    @Test("bad escapes, NUL, what is not UTF-8 and what is enormous are refused by name")
    func damaged() {
        #expect(refusal("type=%").contains("type has a % that is not followed"))
        #expect(refusal("type=%zz").contains("type has a %"))
        #expect(refusal("type=%4").contains("type has a %"))
        #expect(refusal("type=%00").contains("type contains a NUL"))
        #expect(refusal("type=%FF").contains("type is not valid UTF-8"))
        #expect(refusal("type=%C0%AF").contains("not valid UTF-8"))
        #expect(refusal("type=%ED%A0%80").contains("not valid UTF-8"))
        #expect(refusal("type=" + String(repeating: "a", count: 4_097)).contains("at most 4096"))
        #expect(refusal(String(repeating: "a", count: 5_000) + "=1").contains("at most 4096"))
        #expect(refusal(Array(repeating: "type=a", count: 65).joined(separator: "&")).contains("at most 64"))
    }

    @Test("a token of null or empty is refused")
    func noToken() {
        #expect(refusal("next_token=").contains("next_token is empty"))
        #expect(refusal("next_token=null").contains("next_token is null"))
        #expect(refusal("next_token=abc").contains("next_token was not made for this tenant"))
    }

    @Test("what a client writes is what the server reads")
    func writing() throws {
        let filter = RunFilter(
            created: TimeWindow(from: Samples.created, to: Samples.ended), ended: TimeWindow(from: Samples.ended),
            state: .runningWithFailures, type: "a b+c&d=e/ü?")
        let cursor = RunCursor(order: .created, time: Samples.created, id: RunID(rawValue: "wf-1"))
        let token = sealer.seal(cursor, filter: filter, tenant: Samples.acme)
        let written = RunQueryParameters.pairs(for: filter, limit: 7, nextToken: token, withTotal: true)
        let query = try read(written.map { "\($0.name)=\(Paths.escaped($0.value))" }.joined(separator: "&"))
        #expect(query == RunQuery(tenant: Samples.acme, filter: filter, limit: 7, after: cursor, withTotal: true))
        #expect(RunQueryParameters.pairs(for: RunFilter()).isEmpty)
    }
}
