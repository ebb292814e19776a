import Testing
import WorkflowAPI
import WorkflowModel

@Suite("The parameters of a list of runs")
struct RunQueryParametersTests {
    private let sealer = PageTokenSealer(secret: Array(repeating: 7, count: 32))

    private func read(_ text: String) throws -> RunQuery {
        try RunQueryParameters.read(
            Parameters(QueryString(text), of: RunEndpoints.list), tenant: Samples.acme, sealer: sealer,
            at: Timestamp(milliseconds: 1_700_000_000_000)
        ).query
    }

    private func refusal(_ text: String) -> String {
        let error = #expect(throws: APIError.self, "\(text.prefix(80))") { try read(text) }
        #expect(error?.kind == .invalid)
        return error?.message ?? ""
    }

    @Test("a request without parameters gets the first hundred of all runs")
    func defaults() throws {
        #expect(try read("") == RunQuery(tenant: Samples.acme))
        #expect(try read("").limit == 100)
        #expect(try read("api_version=2024-04-01") == RunQuery(tenant: Samples.acme))
    }

    @Test("all filters together")
    func everything() throws {
        let query = try read(
            "created_from=2024&created_to=2024-04&ended_from=2024-04-01T09&ended_to=2024-04-01T12:30%2B02:00&state=In%20Progress"
                + "&type=courier.group/run&limit=12&with_total=true")
        #expect(query.filter.created == TimeWindow(from: Timestamp(iso8601: "2024-01-01"), to: Timestamp(iso8601: "2024-04-01")))
        #expect(
            query.filter.ended
                == TimeWindow(from: Timestamp(iso8601: "2024-04-01T09:00"), to: Timestamp(iso8601: "2024-04-01T10:30")))
        #expect(query.filter.states == [.inProgress])
        #expect(query.filter.types.single == "courier.group/run")
        #expect(!query.filter.hasAddedConditions)
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

    @Test("states are read by wire value or label, in any case", arguments: WorkflowState.allCases)
    func states(state: WorkflowState) throws {
        let texts = [
            state.rawValue, state.rawValue.uppercased(), state.label, state.label.lowercased(), state.label.uppercased(),
            state.rawValue.replacing("-", with: "_"),
        ]
        for text in texts {
            #expect(try read("state=\(Paths.escaped(text))").filter.states == state.runStates, "\(text)")
            #expect(try read("state=\(text.replacing(" ", with: "+"))").filter.states == state.runStates, "\(text)")
        }
    }

    @Test(
        "stopped, canceled and cancelled are the same state",
        arguments: ["stopped", "canceled", "cancelled", "Stopped", "CANCELLED"])
    func stopped(text: String) throws {
        #expect(try read("state=\(text)").filter.states == [.canceled])
    }

    @Test("a state may be repeated, up to a limit: any of the values matches")
    func severalStates() throws {
        #expect(try read("state=failed&state=Stopped").filter.states == [.failed, .canceled])
        #expect(try read("state=running&state=started&state=succeeded").filter.states == RunStates.running.union([.succeeded]))
        #expect(try read("state=paused&state=failed").filter.states == [.failed])
        #expect(try read("state=Paused").filter.states == [])
        #expect(refusal("state=failed&state=done").hasPrefix("state is \"done\""))
        #expect(refusal("state=failed&state=").contains("state is empty"))
        let most = Array(repeating: "state=failed", count: Limits.repeatedParameter).joined(separator: "&")
        #expect(try read(most).filter.states == [.failed])
        #expect(refusal(most + "&state=failed").contains("more than 20 times"))
    }

    @Test(
        "what names no state is refused with the list of them", arguments: ["done", "fail", "failed'--", "succeeded,failed", "%20"])
    func notStates(text: String) {
        let message = refusal("state=\(text)")
        #expect(message.hasPrefix("state is "))
        for state in WorkflowState.allCases.map(\.rawValue) + RunStates.empty { #expect(message.contains(state)) }
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
        for text in ["TRUE", "1", "yes", "null"] { #expect(refusal("with_total=\(text)").contains("Accepted: true, false")) }
    }

    @Test(
        "any type is accepted unchanged",
        arguments: ["a", "courier.group/run", "ünï cødé", "'; DROP TABLE runs; --", "../..", "a?b=c", "%"])
    func types(type: String) throws {
        #expect(try read("type=\(Paths.escaped(type))").filter.types.single == type)
    }

    @Test("each parameter may be sent once, and not empty", arguments: RunQueryParameters.names)
    func repeatedOrEmpty(name: String) {
        #expect(refusal("\(name)=").contains("\(name) is empty"))
        #expect(refusal(name).contains("\(name) is empty"))
        if RunQueryParameters.parameters.contains(where: { $0.name == name && $0.mostValues > 1 }) { return }
        let value = ["limit": "5", "with_total": "true", "next_token": "a", "sort": "ended", "order": "asc"][name] ?? "2024"
        #expect(refusal("\(name)=\(value)&\(name)=\(value)").contains("\(name) appears more than once"))
    }

    @Test(
        "an unknown parameter is refused by name, with the accepted ones",
        arguments: ["stat", "Limit", "created", "offset", "%00", ""])
    func unknown(name: String) {
        let message = refusal("\(name)=x")
        if name != "%00" {
            #expect(message.contains("Unknown parameter \"\(name)\""))
            #expect(message.contains("created_from, created_to, ended_from, ended_to, state, type, config_id, "))
            #expect(message.contains("not_label, q, view, sort, order, limit, next_token, with_total, api_version."))
        }
    }

    @Test("the mistake in circulated examples is answered with the place of its second question mark")
    func secondQuestionMark() {
        let message = refusal("limit=12?with_total=true")
        #expect(message.contains("second \"?\""))
        #expect(message.contains("\"limit=12\""))
        #expect(message.contains("before with_total"))
        #expect(message.contains("limit=12&with_total=true"))
        #expect(refusal("type=a?limit=1").contains("second \"?\""))
    }

    @Test("invalid escapes, NUL, invalid UTF-8 and values that are too long are refused by name")
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
        #expect(refusal(Array(repeating: "type=a", count: 321).joined(separator: "&")).contains("at most 320"))
    }

    @Test("a token that is null or empty is refused")
    func noToken() {
        #expect(refusal("next_token=").contains("next_token is empty"))
        #expect(refusal("next_token=null").contains("next_token is null"))
        #expect(refusal("next_token=abc").contains("next_token was not made for this tenant"))
    }

    @Test("a list may have every value of every parameter at once")
    func everyValue() throws {
        let pairs = RunFilterField.all.flatMap { field in (0..<field.mostValues).map { (field, $0) } }.map { field, index in
            let value =
                switch field.kind {
                case .dateTime: "2024"
                case .state: RunState.allCases[index % RunState.allCases.count].rawValue
                case .text, .words: "value-\(index)"
                case .attribution: Attribution.allCases[index].rawValue
                case .label: "key-\(index):"
                case .runMode: "full"
                case .duration: "\(index + 1)s"
                case .count: "2"
                case .flag: "true"
                }
            return "\(field.name)=\(value)"
        }
        let text = (pairs + ["sort=ended", "order=asc", "limit=1", "with_total=true", "api_version=2024-04-01"]).joined(
            separator: "&")
        #expect(pairs.count + 6 <= Limits.parameterCount && text.utf8.count < Limits.requestTarget)
        let query = try read(text)
        #expect(query.filter.states == Set(RunState.allCases))
        for field in RunFilterField.all where field != .state {
            #expect(query.filter.value(of: field)?.texts.count == field.mostValues, "\(field.name)")
        }
    }

    @Test("a list is sorted by what the request names, in its direction")
    func sorts() throws {
        for key in RunSortKey.allCases {
            #expect(try read("sort=\(key.rawValue)").sort == RunSort(by: key, .descending))
            for direction in RunSort.Direction.allCases {
                #expect(try read("order=\(direction.rawValue)&sort=\(key.rawValue)").sort == RunSort(by: key, direction))
            }
        }
        #expect(try read("").sort == RunSort(by: .created, .descending))
        #expect(try read("order=asc").sort == RunSort(by: .created, .ascending))
        #expect(try read("ended_from=2024").sort == RunSort(by: .ended, .descending))
        #expect(try read("ended_from=2024&order=asc").sort == RunSort(by: .ended, .ascending))
        #expect(try read("ended_from=2024&sort=created").sort == RunSort(by: .created, .descending))
        #expect(try read("ended_from=2024&created_from=2024").sort == RunSort(by: .created, .descending))
    }

    @Test(
        "another order is refused with the accepted ones",
        arguments: [
            ("sort=name", "Unknown sort \"name\". Accepted: created, ended, runtime."), ("sort=Created", "Accepted: created"),
            ("sort=created,ended", "Accepted: created"), ("sort=-created", "Accepted: created"), ("sort=", "sort is empty"),
            ("order=up", "Unknown order \"up\". Accepted: desc, asc."), ("order=DESC", "Accepted: desc, asc."),
            ("sort=ended&sort=ended", "sort appears more than once"), ("order=asc&order=asc", "order appears more than once"),
        ])
    func otherSorts(text: String, message: String) {
        #expect(refusal(text).contains(message), "\(refusal(text))")
    }

    @Test("each field that may be repeated has a limit of its own", arguments: RunFilterField.all.filter { $0.mostValues > 1 })
    func mostValues(field: RunFilterField) throws {
        let value =
            switch field.kind {
            case .state: "failed"
            case .label: "a:b"
            case .attribution: "customer"
            default: "ab"
            }
        let most = Array(repeating: "\(field.name)=\(value)", count: field.mostValues).joined(separator: "&")
        #expect(try read(most).filter.value(of: field)?.texts.count == 1)
        #expect(
            refusal(most + "&\(field.name)=\(value)")
                == "The parameter \(field.name) appears more than \(field.mostValues) times. Send fewer values.")
    }

    @Test("texts are taken as they are: no character has a meaning of its own")
    func literalTexts() throws {
        for text in ["50%", "a_b", "it's", "\"quoted\"", "a\\b", "**", "a OR b", "NEAR(a b)", "; DROP TABLE runs"]
        where text.count > 1 {
            for field in [RunFilterField.text, .notText] {
                #expect(try read("\(field.name)=\(Paths.escaped(text))").filter.value(of: field)?.texts == [text])
            }
        }
    }

    @Test("the server reads the parameters that the client writes")
    func writing() throws {
        let filter = RunFilter(
            created: TimeWindow(from: Samples.created, to: Samples.ended), ended: TimeWindow(from: Samples.ended),
            state: .runningWithFailures, type: "a b+c&d=e/ü?")
        let cursor = RunCursor(key: .created, value: Samples.created.milliseconds, id: RunID(rawValue: "wf-1"))
        let sealed = RunQuery(tenant: Samples.acme, filter: filter)
        let written = RunQueryParameters.pairs(for: filter, limit: 7, nextToken: sealer.seal(cursor, of: sealed), withTotal: true)
        #expect(
            try read(written)
                == RunQuery(tenant: Samples.acme, filter: filter, limit: 7, after: cursor, withTotal: true))
        #expect(RunQueryParameters.pairs(for: RunFilter()).isEmpty)
    }

    @Test("the server reads every field that the client writes, and every order", arguments: RunFilterField.all)
    func writingFields(field: RunFilterField) throws {
        let values =
            switch field.kind {
            case .dateTime: ["2024-04"]
            case .state: ["running-with-failures"]
            case .text, .words: field.mostValues > 1 ? ["a b+c&d=e/ü?", "%%"] : ["a b+c&d=e/ü?"]
            case .attribution: ["platform"]
            case .label: ["example.com/team:crm", "tier:"]
            case .runMode: ["refresh"]
            case .duration: ["90m"]
            case .count: ["3"]
            case .flag: ["false"]
            }
        let filter = try RunFilter { $0 == field ? values : [] }
        for key in RunSortKey.allCases {
            for direction in RunSort.Direction.allCases {
                let sort = RunSort(by: key, direction)
                #expect(
                    try read(RunQueryParameters.pairs(for: filter, sort: sort))
                        == RunQuery(tenant: Samples.acme, filter: filter, sort: sort))
            }
        }
    }

    private func read(_ pairs: [(name: String, value: String)]) throws -> RunQuery {
        try read(pairs.map { "\($0.name)=\(Paths.escaped($0.value))" }.joined(separator: "&"))
    }
}
