import HTTPTypes
import NIOCore
import Synchronization
import Testing
import WorkflowAPI
import WorkflowClient
import WorkflowModel
import WorkflowTestKit

@testable import weir

/// Answers requests from a list and keeps them.
private final class ScriptedTransport: ClientTransport {
    private let answers: Mutex<[ClientAnswer]>
    private let asked = Mutex<[ClientRequest]>([])

    init(_ answers: [ClientAnswer]) {
        self.answers = Mutex(answers)
    }

    var requests: [ClientRequest] { asked.withLock { $0 } }

    func send(_ request: ClientRequest) async throws(ClientError) -> ClientAnswer {
        asked.withLock { $0.append(request) }
        let answer = answers.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        guard let answer else { throw ClientError(.unreachable, "Nothing more in the script.") }
        return answer
    }
}

@Suite("The client")
struct ClientTests {
    private let clock = TestClock()

    private static func answer(_ status: Int, _ text: String, _ headers: HTTPFields = [:]) -> ClientAnswer {
        ClientAnswer(status: status, headers: headers, body: Array(text.utf8))
    }

    private static let empty = answer(200, #"{"data":[]}"#)
    private static let token = answer(200, #"{"access_token":"t1","token_type":"Bearer","expires_in":3600}"#)

    private func client(
        _ transport: ScriptedTransport, _ credentials: ClientSettings.Credentials = .token("t0"),
        waiting: @escaping @Sendable (Duration, APIError) -> Void = { _, _ in }
    ) -> WorkflowClient {
        WorkflowClient(
            ClientSettings(url: "http://weir.example/", tenant: Tenant("acme"), credentials: credentials), transport: transport,
            time: clock, waiting: waiting)
    }

    @Test func aURLThatIsNotTheRootOfAServiceIsReported() async throws {
        let missing = Self.answer(404, #"{"status":404,"message":"No such path."}"#)
        func code(_ url: String, _ answers: [ClientAnswer], _ credentials: ClientSettings.Credentials) async -> ClientError? {
            let settings = ClientSettings(url: url, tenant: Tenant("acme"), credentials: credentials)
            let client = WorkflowClient(settings, transport: ScriptedTransport(answers), time: clock)
            return await Self.failure { _ = try await client.run(RunID(rawValue: "wf-1")) }
        }
        let key = ClientSettings.Credentials.key(clientID: "a", clientSecret: "b")
        for (answers, credentials) in [([missing], key), ([missing, missing], .token("t"))] {
            let error = await code("http://weir.example/api", answers, credentials)
            #expect(error?.code == .invalidAddress)
            #expect(error?.message.contains("The URL must be the root of the service") == true)
        }
        // A proxy may add a path: a run that is not found is then reported as such.
        let well = Self.answer(200, #"{"status":"ok"}"#)
        #expect(await code("http://weir.example/weir", [missing, well], .token("t"))?.code == .refused(.notFound))
        #expect(await code("http://weir.example", [missing], .token("t"))?.code == .refused(.notFound))
    }

    @Test func aHostNameWithoutAddressIsReported() async throws {
        let client = WorkflowClient(
            ClientSettings(url: "http://weir.invalid:8080", tenant: Tenant("acme"), credentials: .token("t")))
        let error = await Self.failure { _ = try await client.runs() }
        #expect(error?.code == .unreachable)
        #expect(error?.message.hasPrefix("The host name weir.invalid cannot be resolved.") == true, "\(error?.message ?? "")")
    }

    @Test func aTokenOfAKeyIsAskedForWithItsEnd() async throws {
        let issued = #"{"access_token":"t9","token_type":"Bearer","expires_in":60,"expires_at":"2024-06-14T00:24:16.000Z"}"#
        let transport = ScriptedTransport([Self.answer(200, issued)])
        let end = try #require(Timestamp(iso8601: "2024-06-14T00:24:16Z"))
        let answer = try await client(transport).issueToken(of: "wk_a/b", expiringAt: end)
        #expect(answer == TokenAnswer(accessToken: "t9", expiresIn: 60, expiresAt: end))
        let request = try #require(transport.requests.first)
        #expect(request.url == "http://weir.example/api/v0/admin/api-keys/wk_a%2Fb/tokens")
        #expect(request.body.map { String(decoding: $0, as: UTF8.self) } == #"{"expires-at":"2024-06-14T00:24:16.000Z"}"#)
        #expect(request.headers[HeaderNames.tenant] == "acme")
    }

    @Test func aRequestNamesTenantVersionAndToken() async throws {
        let transport = ScriptedTransport([Self.empty])
        let filter = RunFilter(
            created: TimeWindow(from: Timestamp(milliseconds: 0)), state: .failed, type: "a b/c")
        _ = try await client(transport).runs(filter, limit: 12, withTotal: true)
        let request = try #require(transport.requests.first)
        #expect(
            request.url
                == "http://weir.example/api/workflow/runs?created_from=1970-01-01T00%3A00%3A00.000Z&state=failed&type=a%20b%2Fc&limit=12"
                + "&with_total=true")
        #expect(request.headers[HeaderNames.tenant] == "acme")
        #expect(request.headers[HeaderNames.version] == "2024-04-01")
        #expect(request.headers[.authorization] == "Bearer t0")
    }

    @Test func aKeyIsExchangedOnceAndAgainBeforeTheTokenExpires() async throws {
        let transport = ScriptedTransport([Self.token, Self.empty, Self.empty, Self.token, Self.empty])
        let client = client(transport, .key(clientID: "wk_1", clientSecret: "a+b"))
        _ = try await client.runs()
        _ = try await client.runs()
        clock.jump(by: .seconds(3_541))
        _ = try await client.runs()
        #expect(transport.requests.map { $0.url.hasSuffix(Paths.token) } == [true, false, false, true, false])
        let form = String(decoding: transport.requests[0].body ?? [], as: UTF8.self)
        #expect(form == "grant_type=client_credentials&client_id=wk_1&client_secret=a%2Bb")
        #expect(transport.requests[1].headers[.authorization] == "Bearer t1")
    }

    @Test func aRateLimitedRequestWaitsForRetryAfter() async throws {
        let refusal = Self.answer(429, #"{"status":429,"message":"Slow down."}"#, [.retryAfter: "2"])
        let transport = ScriptedTransport([refusal, Self.empty])
        let client = client(transport)
        async let page = client.runs()
        await clock.untilSleeping(for: .seconds(2))
        clock.advance(by: .seconds(2))
        #expect(try await page.runs.isEmpty)
        #expect(transport.requests.count == 2)
    }

    private static let requests: [@Sendable (WorkflowClient) async throws -> Void] = [
        { _ = try await $0.runs() }, { _ = try await $0.start(StartRequest(configuration: "cg"), idempotencyKey: "once") },
        { _ = try await $0.save(ConfigurationSource(text: "", format: .yaml), as: "cg") }, { _ = try await $0.token() },
    ]

    @Test(arguments: requests.indices)
    func repeatableRequestsWaitForAnUnavailableService(request: Int) async {
        let transport = ScriptedTransport([Self.answer(503, "", [.retryAfter: "3"])])
        let waits = Mutex<[Duration]>([])
        let client = client(transport, .key(clientID: "a", clientSecret: "b")) { pause, _ in waits.withLock { $0.append(pause) } }
        async let failure = Self.failure { try await Self.requests[request](client) }
        await clock.untilSleeping(for: .seconds(3))
        clock.advance(by: .seconds(3))
        #expect(await failure?.code == .unreachable)
        #expect(transport.requests.count == 2)
        #expect(transport.requests.first == transport.requests.last)
        #expect(waits.withLock { $0 } == [.seconds(3)])
    }

    @Test func aConflictIsRetriedOnlyWithAnIdempotencyKey() async {
        let refusal = Self.answer(409, "", [.retryAfter: "10"])
        let impatient = client(ScriptedTransport([refusal]))
        #expect(await Self.failure { _ = try await impatient.rerun(RunID(rawValue: "wf-1")) }?.code == .refused(.conflict))
        let transport = ScriptedTransport([refusal])
        let patient = client(transport)
        async let failure = Self.failure { _ = try await patient.start(StartRequest(configuration: "cg"), idempotencyKey: "once") }
        await clock.untilSleeping(for: .seconds(10))
        clock.advance(by: .seconds(10))
        #expect(await failure?.code == .unreachable)
    }

    @Test func aWaitMayBeADate() async {
        clock.jump(by: Timestamp(iso8601: "2026-11-29T12:00:00Z").map { $0 - clock.now } ?? .zero)
        let transport = ScriptedTransport([Self.answer(429, "", [.retryAfter: "Sun, 29 Nov 2026 12:00:07 GMT"])])
        let client = client(transport)
        async let failure = Self.failure { _ = try await client.runs() }
        await clock.untilSleeping(for: .seconds(7))
        clock.advance(by: .seconds(7))
        #expect(await failure?.code == .unreachable)
    }

    @Test func waitsAreReportedAtIntervals() {
        let refusal = APIError(.rateLimited, "Slow down.")
        #expect(
            WaitNote.sentence(.seconds(2), refusal)
                == "weir: The request exceeds the tenant's rate limit. Retrying in 2.0s.")
    }

    @Test func itDoesNotWaitForEver() async throws {
        let refusal = Self.answer(429, #"{"status":429,"message":"Slow down.","request_id":"r1"}"#, [.retryAfter: "1"])
        let transport = ScriptedTransport(Array(repeating: refusal, count: 20))
        let client = client(transport)
        async let failure = Self.failure { _ = try await client.runs() }
        for _ in 0..<WorkflowClient.mostWaits {
            await clock.untilSleeping(for: .seconds(1))
            clock.advance(by: .seconds(1))
        }
        #expect(await failure == ClientError(.refused(.rateLimited), "Slow down.", requestID: "r1", isPassing: true))
        #expect(transport.requests.count == WorkflowClient.mostWaits + 1)
    }

    @Test(arguments: ["61", "x", nil])
    func aTooLongOrUnknownWaitIsNotWaitedFor(seconds: String?) async {
        var headers: HTTPFields = [:]
        headers[.retryAfter] = seconds
        let transport = ScriptedTransport([Self.answer(429, "", headers)])
        let client = client(transport)
        #expect(await Self.failure { _ = try await client.runs() }?.code == .refused(.rateLimited))
    }

    @Test func aStartThatMetAnUnavailableServiceIsNotSentAgain() async {
        let transport = ScriptedTransport([Self.answer(503, "", [.retryAfter: "1"]), Self.empty])
        let client = client(transport)
        let failure = await Self.failure { _ = try await client.start(StartRequest(configuration: "cg")) }
        #expect(failure?.code == .refused(.unavailable))
        #expect(transport.requests.count == 1)
    }

    @Test(arguments: APIError.Kind.allCases.filter { $0 != .rateLimited && $0 != .unavailable })
    func everyErrorOfTheTableIsReadBack(kind: APIError.Kind) async {
        let body = APIError(kind, "A message.").document(requestID: "r1")
        let transport = ScriptedTransport([ClientAnswer(status: kind.rawValue, body: Array(body.readableBytesView))])
        let client = client(transport)
        let failure = await Self.failure { _ = try await client.runs() }
        var expected = ClientError(.refused(kind), "A message.", requestID: "r1")
        if kind == .unauthenticated { expected.presented = .token }
        #expect(failure == expected)
    }

    @Test func anAnswerOfAnotherServiceIsUnreadable() async {
        let transport = ScriptedTransport([Self.answer(200, "<html>")])
        let client = client(transport)
        #expect(await Self.failure { _ = try await client.runs() }?.code == .unreadable)
    }

    @Test func aRefusedKeySaysWhy() async {
        let refusal = Self.answer(401, #"{"error":"invalid_client","error_description":"The secret is wrong."}"#)
        let transport = ScriptedTransport([refusal])
        let client = client(transport, .key(clientID: "a", clientSecret: "b"))
        let failure = await Self.failure { _ = try await client.runs() }
        var expected = ClientError(.refused(.unauthenticated), "The secret is wrong.")
        expected.presented = .key
        #expect(failure == expected)
    }

    @Test func anUnchangedRunIsNotTransferred() async throws {
        let transport = ScriptedTransport([Self.answer(304, "")])
        let client = client(transport)
        #expect(try await client.run(RunID(rawValue: "wf-1"), changedSince: "\"v1\"") == nil)
        #expect(transport.requests.first?.headers[.ifNoneMatch] == "\"v1\"")
    }

    @Test func anUnreachableServiceIsReported() async {
        // Port 1 is reserved, so no service listens there.
        let client = WorkflowClient(ClientSettings(url: "http://127.0.0.1:1"))
        let failure = await Self.failure { _ = try await client.runs() }
        #expect(failure?.code == .unreachable)
        #expect(failure?.message == "No service answers at http://127.0.0.1:1: the connection was refused.")
    }

    private static func failure(_ body: () async throws -> Void) async -> ClientError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? ClientError
        }
    }
}
