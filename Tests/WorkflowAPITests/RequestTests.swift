import HTTPTypes
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowTestKit

@Suite("The body of a start")
struct StartRequestTests {
    @Test("as little and as much as there can be")
    func accepted() throws {
        #expect(try StartRequest(body: Array(#"{"config_id":"cg-1"}"#.utf8)) == StartRequest(configuration: "cg-1"))
        let full = try StartRequest(
            body: Array(#"{"run_mode":"refresh","range_to":"2024-04-03","range_from":"2024-04","config_id":"cg-1"}"#.utf8))
        let range = TimeWindow(from: Timestamp(iso8601: "2024-04-01"), to: Timestamp(iso8601: "2024-04-03"))
        #expect(full == StartRequest(configuration: "cg-1", range: range, runMode: .refresh))
        #expect(try StartRequest(body: Array(full.document.readableBytesView)) == full)
    }

    @Test("a range without an end is that one day")
    func oneDay() throws {
        let start = try StartRequest(body: Array(#"{"config_id":"a","range_from":"2024-02-28T12"}"#.utf8))
        #expect(start.range == TimeWindow(from: Timestamp(iso8601: "2024-02-28T12"), to: Timestamp(iso8601: "2024-02-29T12")))
    }

    @Test(
        "everything else is refused with what is wrong",
        arguments: [
            ("", "is empty"), ("config_id=1", "not valid JSON"), ("[]", "not a JSON object"), ("\"a\"", "not a JSON object"),
            ("null", "not a JSON object"), ("12", "not a JSON object"), ("{}", "config_id is missing"),
            (#"{"config_id":""}"#, "config_id is missing or empty"), (#"{"config_id":null}"#, "config_id is not a string"),
            (#"{"config_id":12}"#, "config_id is not a string"), (#"{"config_id":["a"]}"#, "config_id is not a string"),
            (#"{"config_id":"a","config_id":"b"}"#, "config_id is there twice"),
            (#"{"config_id":"a","mode":"full"}"#, "mode is not known; accepted are config_id, range_from, range_to, run_mode"),
            (#"{"config_id":"a","run_mode":"FULL"}"#, "run_mode is \"FULL\"; accepted are source, refresh, full"),
            (#"{"config_id":"a","range_from":"2024-02-30"}"#, "range_from \"2024-02-30\" is not a date-time"),
            (#"{"config_id":"a","range_from":1707586172687}"#, "range_from is not a string"),
            (#"{"config_id":"a","range_to":"2024"}"#, "range_to without range_from"),
            (#"{"config_id":"a","range_from":"2024-04","range_to":"2024-03"}"#, "is before its range_from"),
            (#"{"config_id":"a"} x"#, "nothing more is expected"), (#"{"config_id":"a\u0000"}"#, "NUL"),
            (#"{"config_id":"a""#, "not valid JSON"),
        ])
    func refused(body: String, message: String) {
        let error = #expect(throws: APIError.self) { try StartRequest(body: Array(body.utf8)) }
        #expect(error?.kind == .invalid)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test("a hundred levels are too deep, wherever they are")
    func deep() {
        let bomb = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        for body in [bomb, #"{"config_id":\#(bomb)}"#, #"{"config_id":"a","x":\#(bomb)}"#] {
            #expect(throws: APIError.self) { try StartRequest(body: Array(body.utf8)) }
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
        "refuses keys that are none",
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

    @Test("rate limits as the draft writes them")
    func rateLimits() {
        let state = RateLimitState(quota: 10, remaining: 7, reset: 1)
        #expect(state.policyValue == "\"default\";q=10;w=1")
        #expect(state.stateValue == "\"default\";r=7;t=1")
    }

    @Test("names are what they are called")
    func names() {
        #expect(HeaderNames.tenant.rawName == "weir-tenant")
        #expect(HeaderNames.historicalTenant.rawName == "amperity-tenant")
        #expect(HeaderNames.version.rawName == "api-version")
        #expect(HeaderNames.requestID.rawName == "Request-Id")
        #expect(HeaderNames.idempotencyKey.rawName == "Idempotency-Key")
        #expect(HeaderNames.rateLimit.rawName == "RateLimit")
        #expect(HeaderNames.rateLimitPolicy.rawName == "RateLimit-Policy")
        #expect(HeaderNames.outputAttempt.rawName == "Weir-Output-Attempt")
        #expect(HeaderNames.outputFrom.rawName == "Weir-Output-From")
        #expect(HeaderNames.outputNext.rawName == "Weir-Output-Next")
        #expect(HeaderNames.outputLast.rawName == "Weir-Output-Last")
    }

    @Test("versions")
    func versions() throws {
        #expect(try APIVersion.requested(header: nil, parameter: nil) == .april2024)
        #expect(try APIVersion.requested(header: "2024-04-01", parameter: nil) == .april2024)
        #expect(try APIVersion.requested(header: nil, parameter: "2024-04-01") == .april2024)
        #expect(try APIVersion.requested(header: "2024-04-01", parameter: "2024-04-01") == .april2024)
        for (header, parameter) in [("2023-01-01", nil), (nil, "v1"), (nil, ""), ("2024-04-01", "2023-01-01")]
            as [(String?, String?)]
        {
            let error = #expect(throws: APIError.self) { try APIVersion.requested(header: header, parameter: parameter) }
            #expect(error?.message.contains("2024-04-01") == true)
        }
    }

    @Test("paths escape what is in ids")
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
        #expect(key.secretNumber == 1 && key.deposedAt == nil && key.policy == .operator)
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
