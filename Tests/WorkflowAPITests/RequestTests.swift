import HTTPTypes
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowTestKit

@Suite("The body of a start")
struct StartRequestTests {
    @Test("a line with the required members only, and one with all")
    func accepted() throws {
        #expect(try StartRequest(body: Array(#"{"config_id":"cg-1"}"#.utf8)) == StartRequest(configuration: "cg-1"))
        let full = try StartRequest(
            body: Array(#"{"run_mode":"refresh","range_to":"2024-04-03","range_from":"2024-04","config_id":"cg-1"}"#.utf8))
        let range = TimeWindow(from: Timestamp(iso8601: "2024-04-01"), to: Timestamp(iso8601: "2024-04-03"))
        #expect(full == StartRequest(configuration: "cg-1", range: range, runMode: .refresh))
        #expect(try StartRequest(body: Array(full.document.readableBytesView)) == full)
    }

    @Test("a range without an end is one day")
    func oneDay() throws {
        let start = try StartRequest(body: Array(#"{"config_id":"a","range_from":"2024-02-28T12"}"#.utf8))
        #expect(start.range == TimeWindow(from: Timestamp(iso8601: "2024-02-28T12"), to: Timestamp(iso8601: "2024-02-29T12")))
    }

    @Test(
        "an invalid body is refused with the reason",
        arguments: [
            ("", "is empty"), ("config_id=1", "not valid JSON"), ("[]", "not a JSON object"), ("\"a\"", "not a JSON object"),
            ("null", "not a JSON object"), ("12", "not a JSON object"), ("{}", "config_id is missing"),
            (#"{"config_id":""}"#, "config_id is missing or empty"), (#"{"config_id":null}"#, "config_id is not a string"),
            (#"{"config_id":12}"#, "config_id is not a string"), (#"{"config_id":["a"]}"#, "config_id is not a string"),
            (#"{"config_id":"a","config_id":"b"}"#, "config_id appears twice"),
            (#"{"config_id":"a","mode":"full"}"#, "mode is unknown. Accepted: config_id, range_from, range_to, run_mode"),
            (#"{"config_id":"a","run_mode":"FULL"}"#, "run_mode is \"FULL\". Did you mean full? Accepted: source, refresh, full"),
            (#"{"config_id":"a","range_from":"2024-02-30"}"#, "range_from \"2024-02-30\" is not a date-time"),
            (#"{"config_id":"a","range_from":1707586172687}"#, "range_from is not a string"),
            (#"{"config_id":"a","range_to":"2024"}"#, "range_to without range_from"),
            (#"{"config_id":"a","range_from":"2024-04","range_to":"2024-03"}"#, "is before its range_from"),
            (#"{"config_id":"a"} x"#, "nothing more is expected"), (#"{"a\u0000":"a"}"#, "a<U+0000> is unknown"),
            (#"{"config_id":"a""#, "not valid JSON"),
        ])
    func refused(body: String, message: String) {
        let error = #expect(throws: APIError.self) { try StartRequest(body: Array(body.utf8)) }
        #expect(error?.kind == .invalid)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test("a hundred levels are too deep anywhere")
    func deep() {
        let bomb = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        for body in [bomb, #"{"config_id":\#(bomb)}"#, #"{"config_id":"a","x":\#(bomb)}"#] {
            #expect(throws: APIError.self) { try StartRequest(body: Array(body.utf8)) }
        }
    }
}

@Suite("The body of a start with labels")
struct OwnStartRequestTests {
    private func read(_ body: String) throws -> StartRequest {
        try StartRequest(body: Array(body.utf8), of: "cg-1")
    }

    @Test("may be left out, be empty, or have all members")
    func accepted() throws {
        for body in ["", "{}", #"{"labels":{}}"#] { #expect(try read(body) == StartRequest(configuration: "cg-1")) }
        let full = try read(
            #"{"labels":{"team":"crm","example.com/tier":""},"run_mode":"refresh","range_from":"2024-04","range_to":"2024-05"}"#)
        #expect(full.labels["team"] == "crm" && full.labels["example.com/tier"]?.isEmpty == true && full.labels.count == 2)
        #expect(full.range == TimeWindow(from: Timestamp(iso8601: "2024-04"), to: Timestamp(iso8601: "2024-05")))
        #expect(try StartRequest(body: Array(full.ownDocument.readableBytesView), of: "cg-1") == full)
        // The documented start takes no labels.
        #expect(!String(buffer: full.document).contains("labels"))
    }

    @Test(
        "is refused with the reason",
        arguments: [
            ("[]", "not a JSON object"), ("labels", "not valid JSON"),
            (
                #"{"config_id":"cg-1"}"#,
                "config_id is unknown. Accepted: parameters, labels, notify, range_from, range_to, run_mode"
            ),
            (#"{"api_version":"2024-04-01"}"#, "api_version is unknown"), (#"{"note":"x"}"#, "note is unknown"),
            (#"{"labels":null}"#, "labels is not a JSON object"), (#"{"labels":{"team":null}}"#, "labels.team is not a string"),
            (#"{"labels":{"a b":"c"}}"#, "labels.a b is not the key of a label. Accepted: 1 to 63 letters"),
            (#"{"labels":{"team":"a:b"}}"#, "labels.team is \"a:b\", which is not the value of a label. Accepted: at most 63"),
            (#"{"labels":{"a":"b","a":"b"}}"#, "labels.a appears twice"), (#"{"range_to":"2024"}"#, "range_to without range_from"),
            (#"{"range_from":"2024-04","range_to":"2024-03"}"#, "is before its range_from"),
            (#"{"run_mode":"all"}"#, "Accepted: source, refresh, full"),
            (
                "{\"labels\":{\((1...21).map { "\"k\($0)\":\"\"" }.joined(separator: ","))}}",
                "labels has 21 labels. Accepted: at most 20"
            ),
        ])
    func refused(body: String, message: String) {
        let error = #expect(throws: APIError.self) { try read(body) }
        #expect(error?.kind == .invalid)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }
}

@Suite("The body of a saved view")
struct ViewRequestTests {
    private static let now = Timestamp(milliseconds: 1_707_586_172_687)

    private func refusal(_ work: () throws -> Void) -> String {
        let error = #expect(throws: APIError.self) { try work() }
        #expect(error?.kind == .invalid)
        return error?.message ?? ""
    }

    @Test("has a search")
    func body() throws {
        let request = try ViewRequest(body: Array(#"{"search":"state:failed since:7d"}"#.utf8))
        #expect(request.search == "state:failed since:7d")
        #expect(try ViewRequest(body: Array(request.document.readableBytesView)) == request)
        for (body, message) in [
            ("", "is empty"), ("{}", "search is missing"), ("[]", "not a JSON object"),
            (#"{"search":null}"#, "search is not a string"),
            (#"{"search":7}"#, "search is not a string"), (#"{"query":"a"}"#, "query is unknown. Accepted: search"),
        ] {
            let error = refusal { _ = try ViewRequest(body: Array(body.utf8)) }
            #expect(error.contains(message), "\(error)")
        }
    }

    @Test("has a search that can be read, of at most 4,096 bytes")
    func searches() throws {
        for search in ["state:failed since:7d", "", #""connection reset""#, "dec"] {
            try ViewRequest.check(search: search, at: Self.now)
        }
        for search in ["moon:full", "since:someday", "\"open", "text:a"] {
            #expect(!refusal { try ViewRequest.check(search: search, at: Self.now) }.isEmpty)
        }
        let long = "type:" + String(repeating: "a", count: Limits.viewSearch - 5)
        try ViewRequest.check(search: long, at: Self.now)
        #expect(refusal { try ViewRequest.check(search: long + "a", at: Self.now) }.contains("4096"))
    }

    @Test("has a name that fits in an address")
    func names() throws {
        for name in ["Failed", "CRM / nightly", "äöü 1", String(repeating: "n", count: NameRule.bytes), "100%"] {
            try ViewRequest.check(name: name)
        }
        for name in ["", " ", "a\nb", "a\u{0}", String(repeating: "n", count: NameRule.bytes + 1), "..", "a/../b", "/a", "%2e%2e"] {
            #expect(refusal { try ViewRequest.check(name: name) }.contains("The name of the view"), "\(name)")
        }
    }
}

@Suite("Headers")
struct HeaderTests {
    @Test(
        "idempotency keys, structured and bare",
        arguments: [
            ("\"8e03978e\"", "8e03978e"), ("8e03978e", "8e03978e"), (" \"a\" ", "a"), ("\"a\\\"b\\\\c\"", "a\"b\\c"),
            ("a b", "a b"),
        ])
    func idempotencyKeys(header: String, key: String) throws {
        #expect(try IdempotencyHeader.read(header) == key)
    }

    @Test(
        "refuses invalid keys",
        arguments: ["", " ", "\"\"", "\"a", "\"a\"b", "\"a\\n\"", "ü", "a\u{1}", String(repeating: "k", count: 256)])
    func noKeys(header: String) {
        let error = #expect(throws: APIError.self) { try IdempotencyHeader.read(header) }
        #expect(error?.message.contains("1 to 255 printable ASCII characters") == true)
    }

    @Test("entity tags name the bytes, and are found in If-None-Match")
    func entityTags() {
        let tag = EntityTag(of: ByteBuffer(string: "{}"))
        #expect(tag == EntityTag(of: ByteBuffer(string: "{}")))
        #expect(tag != EntityTag(of: ByteBuffer(string: "{ }")))
        #expect(tag.text.hasPrefix("\"") && tag.text.hasSuffix("\""))
        for header in [tag.text, "W/\(tag.text)", "\"x\", \(tag.text)", "*", " \(tag.text) , \"y\""] {
            #expect(tag.isNamed(byIfNoneMatch: header), "\(header)")
        }
        for header in ["", "\"x\"", String(tag.text.dropFirst().dropLast()), "W/\"x\""] {
            #expect(!tag.isNamed(byIfNoneMatch: header), "\(header)")
        }
    }

    @Test("rate limits in the form of the draft")
    func rateLimits() {
        let state = RateLimitState(quota: 10, remaining: 7, reset: 1)
        #expect(state.policyValue == "\"default\";q=10;w=1")
        #expect(state.stateValue == "\"default\";r=7;t=1")
    }

    @Test("headers have their documented names")
    func names() {
        #expect(HeaderNames.tenant.rawName == "weir-tenant")
        #expect(HeaderNames.historicalTenant.rawName == "amperity-tenant")
        #expect(HeaderNames.version.rawName == "api-version")
        #expect(HeaderNames.requestID.rawName == "Request-Id")
        #expect(HeaderNames.idempotencyKey.rawName == "Idempotency-Key")
        #expect(HeaderNames.rateLimit.rawName == "RateLimit")
        #expect(HeaderNames.rateLimitPolicy.rawName == "RateLimit-Policy")
        #expect(HeaderNames.totalCounted.rawName == "weir-total-counted")
        #expect(HeaderNames.searchedTo.rawName == "weir-searched-to")
        #expect(HeaderNames.outputAttempt.rawName == "Weir-Output-Attempt")
        #expect(HeaderNames.outputFrom.rawName == "Weir-Output-From")
        #expect(HeaderNames.outputNext.rawName == "Weir-Output-Next")
        #expect(HeaderNames.outputLast.rawName == "Weir-Output-Last")
    }

    @Test("versions")
    func versions() throws {
        let newest = "2024-04-01"
        for (headers, parameter) in [
            ([], nil), ([newest], nil), ([], newest), ([newest], newest), ([newest, newest], nil), (["unstable"], nil),
            ([], "unstable"), (["unstable"], "unstable"),
        ] as [([String], String?)] {
            #expect(try RequestedVersion(headers: headers, parameter: parameter).version == .april2024)
        }
        for (headers, parameter) in [
            (["2023-01-01"], nil), ([], "v1"), ([], ""), ([newest], "2023-01-01"), ([newest], "unstable"),
            (["unstable", newest], nil), (["Unstable"], nil), (["\(newest), \(newest)"], nil),
        ] as [([String], String?)] {
            let error = #expect(throws: APIError.self) { try RequestedVersion(headers: headers, parameter: parameter) }
            #expect(error?.message.contains(newest) == true)
        }
        var version = try RequestedVersion(headers: [newest], parameter: nil)
        try version.add(newest, from: "the body's api_version")
        let error = #expect(throws: APIError.self) { try version.add("unstable", from: "the body's api_version") }
        #expect(error?.message.contains("the header api-version says") == true)
    }

    @Test("paths escape ids")
    func paths() {
        #expect(Paths.run(RunID(rawValue: "wf-1")) == "/api/workflow/runs/wf-1")
        #expect(Paths.stop(RunID(rawValue: "a/../b c%")) == "/api/workflow/runs/a%2F..%2Fb%20c%25/stop")
        #expect(Paths.output(of: TaskID(rawValue: "t?"), in: RunID(rawValue: "ü")) == "/api/workflow/runs/%C3%BC/tasks/t%3F/output")
        #expect(Paths.attempts(of: RunID(rawValue: "a")) == "/api/workflow/runs/a/attempts")
        #expect(Paths.configuration("cg-1") == "/api/workflow/configs/cg-1")
    }
}

@Suite("New API keys")
struct NewAPIKeyTests {
    @Test("have secrets of 256 bits, of which only the hash is kept")
    func make() {
        let random = SeededRandom(seed: 1)
        let (key, secret) = NewAPIKey.make(
            tenant: Samples.acme, name: "CI", policy: .operator, at: Samples.created, random: random)
        #expect(key.id.hasPrefix("wk_") && key.id.utf8.count == 19)
        #expect(Base64URL.decode(secret)?.count == 32)
        #expect(key.secretHash.count == 32)
        #expect(SecretHash.matches(secret, key.secretHash))
        #expect(key.secretNumber == 1 && key.rotatedAt == nil && key.policy == .operator)
        let (other, otherSecret) = NewAPIKey.make(
            tenant: Samples.acme, name: "CI", policy: .operator, at: Samples.created, random: random)
        #expect(other.id != key.id && otherSecret != secret)
        #expect(!SecretHash.matches(otherSecret, key.secretHash))
        for wrong in ["", secret.dropLast() + "", secret + "A", secret.lowercased() + "x"] {
            #expect(!SecretHash.matches(String(wrong), key.secretHash))
        }
        #expect(!SecretHash.matches(secret, Array(key.secretHash.dropLast())))
    }

    @Test("hash as SHA-256 does")
    func hash() {
        let known: [UInt8] = [0xBA, 0x78, 0x16, 0xBF, 0x8F, 0x01, 0xCF, 0xEA]
        #expect(Array(SecretHash.of("abc").prefix(8)) == known)
    }
}
