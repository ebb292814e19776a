import HTTPTypes
import NIOCore
import Synchronization
import Testing
import WorkflowAPI
import WorkflowClient
import WorkflowModel
import WorkflowTestKit

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

    private func client(_ transport: ScriptedTransport, _ credentials: ClientSettings.Credentials = .token("t0")) -> WorkflowClient
    {
        WorkflowClient(
            ClientSettings(url: "http://weir.example/", tenant: Tenant("acme"), credentials: credentials), transport: transport,
            time: clock)
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

    @Test func aboveTheLimitItWaitsAsLongAsItIsTold() async throws {
        let refusal = Self.answer(429, #"{"status":429,"message":"Slow down."}"#, [.retryAfter: "2"])
        let transport = ScriptedTransport([refusal, Self.empty])
        let client = client(transport)
        async let page = client.runs()
        await clock.untilSleeping(for: .seconds(2))
        clock.advance(by: .seconds(2))
        #expect(try await page.runs.isEmpty)
        #expect(transport.requests.count == 2)
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
    func aWaitThatIsTooLongOrUnknownIsNone(seconds: String?) async {
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
        let body = APIError(kind, "What is wrong.").document(requestID: "r1")
        let transport = ScriptedTransport([ClientAnswer(status: kind.rawValue, body: Array(body.readableBytesView))])
        let client = client(transport)
        let failure = await Self.failure { _ = try await client.runs() }
        #expect(failure == ClientError(.refused(kind), "What is wrong.", requestID: "r1"))
    }

    @Test func anAnswerOfSomebodyElseIsNotUnderstood() async {
        let transport = ScriptedTransport([Self.answer(200, "<html>")])
        let client = client(transport)
        #expect(await Self.failure { _ = try await client.runs() }?.code == .unreadable)
    }

    @Test func aRefusedKeySaysWhy() async {
        let refusal = Self.answer(401, #"{"error":"invalid_client","error_description":"The secret is wrong."}"#)
        let transport = ScriptedTransport([refusal])
        let client = client(transport, .key(clientID: "a", clientSecret: "b"))
        let failure = await Self.failure { _ = try await client.runs() }
        #expect(failure == ClientError(.refused(.unauthenticated), "The secret is wrong."))
    }

    @Test func whatDidNotChangeIsNotRead() async throws {
        let transport = ScriptedTransport([Self.answer(304, "")])
        let client = client(transport)
        #expect(try await client.run(RunID(rawValue: "wf-1"), changedSince: "\"v1\"") == nil)
        #expect(transport.requests.first?.headers[.ifNoneMatch] == "\"v1\"")
    }

    @Test func nobodyThereIsSaid() async {
        // Port 1 is reserved, and nothing of ours listens there.
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
