import HTTPTestKit
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization
import Testing
import WorkflowModel

@testable import TaskRunners

/// A job server on the loopback interface: it answers each path from a script, the last answer again and again.
private final class JobServer: Sendable {
    struct Answer: Sendable {
        var status = HTTPResponse.Status.ok
        var body: String
        var headers: HTTPFields = [.contentType: "application/json"]
    }

    private let state: Mutex<(answers: [String: [Answer]], received: [ReceivedRequest])>

    init(_ answers: [String: [Answer]]) {
        state = Mutex((answers, []))
    }

    var received: [ReceivedRequest] { state.withLock { $0.received } }
    var lines: [String] { received.map { "\($0.method) \($0.path)" } }

    func answer(_ request: ReceivedRequest) -> Response {
        let answer = state.withLock { state -> Answer in
            state.received.append(request)
            guard let answers = state.answers[request.path], let first = answers.first else {
                return Answer(status: .notFound, body: "{}")
            }
            if answers.count > 1 { state.answers[request.path] = Array(answers.dropFirst()) }
            return first
        }
        return Response(
            status: answer.status, headers: answer.headers, body: .init(byteBuffer: ByteBuffer(string: answer.body)))
    }

    /// - Parameter test: receives the URL of the server.
    func open(_ test: @escaping @Sendable (String, HTTPRunner) async throws -> Void) async throws {
        try await LoopbackServer.open {
            self.answer($0)
        } test: { port in
            try await Caller.with { try await test("http://127.0.0.1:\(port)", $0.runner) }
        }
    }
}

@Suite("A job that an HTTP call starts", .timeLimit(.minutes(5)))
struct HTTPJobTests {
    private static let accepted = JobServer.Answer(status: .accepted, body: #"{"run_id":"r 7/8","other":1}"#)

    private static func state(_ state: String) -> JobServer.Answer {
        JobServer.Answer(body: #"{"state":"\#(state)","rows":3,"error":{"kind":"USER","text":"no table\u001b[31m"}}"#)
    }

    /// As the engine does: the definition of a configuration, with its values put in.
    private func attempt(
        _ url: String, poll more: String = "", resumed wait: TaskWait? = nil, mask: SecretMask = .none
    ) throws -> TaskAttempt {
        let text = """
            id: jobs
            name: Jobs
            type: test/run
            stages:
              - name: All
                tasks:
                  - id: job
                    type: spark.job
                    http:
                      method: POST
                      url: \(url)/submit
                      headers: {authorization: "Bearer ${parameters.token}", content-type: application/json}
                      json: {day: "2026-12-01"}
                      outputs: {rows: rows}
                      poll:
                        url: "\(url)/runs/${response.body.run_id}"
                        every: 15s
                        run_id: run_id
                        done: {path: state, in: [SUCCESS]}
                        failed: {path: state, in: [FAILED, CANCELED], attribution: {path: error.kind, customer: [USER]}, message: error.text}
                        \(more)
            parameters:
              token: {type: string, default: t0}
            """
        let configuration = try ConfigurationReader().read(ConfigurationSource(text: text, format: .yaml), file: "jobs.yaml")
        let definition = try #require(configuration.tasks.first)
        let tenant = try #require(Tenant("acme"))
        let response = wait.map { ResponseValues(json: JSONValue(json: $0.memo.text.utf8)?["response"]) }
        let run = RunContext(
            id: RunID(rawValue: "wf-1"), tenant: "acme", configuration: "jobs", name: "Jobs", createdAt: .earliest, mode: .full)
        let values = AttemptValues(
            of: run, parameters: RunParameters([(name: "token", value: .string("t0"))]), outputs: [:], response: response,
            naming: definition.references)
        return TaskAttempt(
            tenant: tenant, run: run.id, task: TaskID(rawValue: "wft-1"), number: 2, configuration: "jobs",
            definition: wait == nil ? try definition.substituted(from: values) : try definition.substitutedToResume(from: values),
            runMode: .full, mask: mask, resumed: wait.map { ResumedAttempt($0) })
    }

    private static let cancel = "cancel: {url: \"%/runs/${response.body.run_id}/cancel\"}"

    private func wait(_ outcome: TaskOutcome) throws -> (TaskWait, String?) {
        guard case .waiting(let wait, let runID) = outcome else {
            Issue.record("\(outcome)")
            return (TaskWait(for: .job, until: .earliest, memo: JSONText(validated: "{}")), nil)
        }
        return (wait, runID)
    }

    @Test func isSubmittedOnceAndThenPolledUntilItIsDone() async throws {
        let server = JobServer([
            "/submit": [Self.accepted], "/runs/r%207%2F8": [Self.state("PENDING"), Self.state("PENDING"), Self.state("SUCCESS")],
        ])
        try await server.open { url, runner in
            let report = Recorder()
            let before = SystemTime().now
            let (begun, runID) = try wait(await runner.run(try attempt(url), reporting: report))
            #expect(runID == "r 7/8" && begun.checks == 0 && !begun.needsCancel)
            #expect(begun.until >= before + .seconds(15))
            #expect(begun.memo.text == #"{"response":{"response.body.run_id":"r 7/8"}}"#)
            let (first, _) = try wait(await runner.run(try attempt(url, resumed: begun), reporting: report))
            #expect(first.checks == 1 && first.failures == 0)
            let (second, _) = try wait(await runner.run(try attempt(url, resumed: first), reporting: report))
            #expect(second.checks == 2)
            let outcome = await runner.run(try attempt(url, resumed: second), reporting: report)
            #expect(outcome.output?.values?.text == #"{"rows":3}"#)
            #expect(report.events == ["began", "recording"])
            // A state is printed once.
            #expect(report.lines.filter { $0.contains("is PENDING") } == ["GET \(url)/runs/r%207%2F8: state is PENDING"])
        }
        #expect(server.lines == ["POST /submit"] + Array(repeating: "GET /runs/r%207%2F8", count: 3))
        #expect(server.received[0].headers["idempotency-key"] == "wft-1-2")
        #expect(server.received[1].headers["authorization"] == "Bearer t0")
        #expect(server.received[1].headers["idempotency-key"] == nil && server.received[1].headers["content-type"] == nil)
    }

    @Test func thatFailsIsBlamedAsItsReplySays() async throws {
        let server = JobServer(["/submit": [Self.accepted], "/runs/r%207%2F8": [Self.state("FAILED")]])
        try await server.open { url, runner in
            let (begun, _) = try wait(await runner.run(try attempt(url), reporting: Recorder()))
            let error = await runner.run(try attempt(url, resumed: begun), reporting: Recorder()).error
            #expect(error?.attribution == .customer && error?.type == "weir.task.http/job")
            #expect(error?.message == "the job ended with FAILED: no table" && error?.data?.text == #"{"state":"FAILED"}"#)
        }
    }

    @Test func isPolledAgainAfterFailuresThatPassAndGivenUpAfterFiveInARow() async throws {
        let busy = JobServer.Answer(
            status: .tooManyRequests, body: "{}", headers: [.contentType: "application/json", .retryAfter: "120"])
        let broken = JobServer.Answer(status: .serviceUnavailable, body: "down")
        let server = JobServer([
            "/submit": [Self.accepted], "/runs/r%207%2F8": [busy, Self.state("RUNNING"), broken],
            "/runs/r%207%2F8/cancel": [Self.state("OK")],
        ])
        try await server.open { url, runner in
            let more = Self.cancel.replacing("%", with: url)
            func attempt(_ wait: TaskWait?) throws -> TaskAttempt { try self.attempt(url, poll: more, resumed: wait) }
            let report = Recorder()
            var (wait, _) = try wait(await runner.run(try attempt(nil), reporting: report))
            #expect(wait.needsCancel)
            let before = SystemTime().now
            (wait, _) = try self.wait(await runner.run(try attempt(wait), reporting: report))
            #expect(wait.failures == 1 && wait.until >= before + .seconds(120))
            (wait, _) = try self.wait(await runner.run(try attempt(wait), reporting: report))
            #expect(wait.failures == 0)
            for failures in 1..<HTTPLimits.failedPolls {
                (wait, _) = try self.wait(await runner.run(try attempt(wait), reporting: report))
                #expect(wait.failures == failures)
            }
            let error = await runner.run(try attempt(wait), reporting: report).error
            #expect(error?.attribution == .platform && error?.type == "weir.task.http/status")
            #expect(
                error?.message.hasPrefix("the state of the job could not be read 5 times in a row: the server responded with 503")
                    == true)
        }
        #expect(server.lines.last == "POST /runs/r%207%2F8/cancel")
        #expect(server.lines.filter { $0.hasSuffix("cancel") }.count == 1)
    }

    @Test func isCanceledByItsCallWhoseResultIsPrinted() async throws {
        let server = JobServer([
            "/submit": [Self.accepted], "/runs/r%207%2F8/cancel": [Self.state("CANCELED"), .init(status: .conflict, body: "{}")],
        ])
        try await server.open { url, runner in
            let more = Self.cancel.replacing("%", with: url)
            let report = Recorder()
            let (begun, _) = try wait(await runner.run(try attempt(url, poll: more), reporting: report))
            await runner.cancelOutside(try attempt(url, poll: more, resumed: begun), reporting: report)
            await runner.cancelOutside(try attempt(url, poll: more, resumed: begun), reporting: report)
            #expect(report.endings.count == 2 && report.endings[0].callCanceledAt != nil)
            #expect(report.text.contains("/cancel: 200 OK") && report.text.contains("/cancel: the job was not canceled: 409"))
        }
        #expect(server.lines.count == 3)
        #expect(server.received[1].headers["authorization"] == "Bearer t0")
    }

    @Test(arguments: [
        (#"{"id":7}"#, "`${response.body.run_id}` is not there"), ("{", "`${response.body.run_id}` is not there"),
        (#"{"run_id":"\#(String(repeating: "x", count: ResponseValues.longest))"}"#, "Accepted: 16384 at most"),
    ])
    func whoseReplyLacksAValueFailsBeforeItsFirstPoll(body: String, words: String) async throws {
        let server = JobServer(["/submit": [.init(body: body)]])
        try await server.open { url, runner in
            let error = await runner.run(try attempt(url), reporting: Recorder()).error
            #expect(error?.type == "weir.task.http/response" && error?.attribution == .customer)
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        }
        #expect(server.lines == ["POST /submit"])
    }

    /// The job has begun, so that a stop has to know it.
    @Test func thatIsStoppedDuringItsFirstCallIsNamedByTheResponse() async throws {
        let (calls, called) = AsyncStream.makeStream(of: Void.self)
        let (replies, replied) = AsyncStream.makeStream(of: Void.self)
        try await LoopbackServer.open { _ in
            called.yield()
            for await _ in replies { break }
            return Response(
                status: .accepted, headers: [.contentType: "application/json"],
                body: .init(byteBuffer: ByteBuffer(string: Self.accepted.body)))
        } test: { port in
            try await Caller.with { caller in
                let url = "http://127.0.0.1:\(port)"
                let attempt = try self.attempt(url, poll: Self.cancel.replacing("%", with: url))
                let work = Task { await caller.runner.run(attempt, reporting: Recorder()) }
                for await _ in calls { break }
                work.cancel()
                replied.yield()
                let (wait, runID) = try wait(await work.value)
                #expect(runID == "r 7/8" && wait.needsCancel)
            }
        }
    }

    @Test func keepsNoSecretFromTheReply() async throws {
        let server = JobServer(["/submit": [.init(body: #"{"run_id":"s3cret-value"}"#)]])
        try await server.open { url, runner in
            let secret = try SecretValue("s3cret-value")
            let outcome = await runner.run(try attempt(url, mask: SecretMask([secret])), reporting: Recorder())
            #expect(!(try wait(outcome).0.memo.text.contains("s3cret")))
        }
    }
}
