public import AsyncHTTPClient
import NIOCore
public import WorkflowModel

/// Executes tasks that are HTTP calls.
///
/// The reply is kept as the task's output, `{"status": …, "headers": {…}, "body": …}`; see ``HTTPReply``. Redirections are not
/// followed: a status of that kind fails the task unless it is expected.
public struct HTTPRunner: TaskRunner {
    private let client: HTTPClient
    private let ownsClient: Bool

    /// A runner with a client of its own, to be ended with ``shutdown()``.
    public init() {
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: Self.configuration)
        ownsClient = true
    }

    /// - Parameter client: best configured like ``configuration``; whoever made it shuts it down.
    public init(client: HTTPClient) {
        self.client = client
        ownsClient = false
    }

    /// No redirections, a bounded time to connect, and no second try at connecting: when to try again is the task's to say.
    public static var configuration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .milliseconds(HTTPLimits.connect.milliseconds)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = HTTPLimits.connectionsPerHost
        return configuration
    }

    /// Ends the runner's own client. A client that was handed in is left alone.
    /// - Throws: what the client has against it.
    public func shutdown() async throws {
        if ownsClient { try await client.shutdown() }
    }

    public func run(_ attempt: TaskAttempt, reporting report: any TaskReport) async -> TaskOutcome {
        guard case .http(let call) = attempt.definition.action else {
            return .failed(HTTPFault.badCall("The task is not an HTTP call."))
        }
        switch HTTPTaskRequest.making(call, for: attempt) {
        case .failure(let fault):
            return .failed(fault)
        case .success(let request):
            guard !Task.isCancelled else { return .stopped }
            await report.began()
            return await execute(request, expecting: call.expect, blame: attempt.definition.blame, report: report)
        }
    }

    /// Nothing: a call ends with the process that made it.
    public func endLeftovers(of tasks: Set<TaskID>) async {}
    public func endOrphans() async {}

    private func execute(_ request: HTTPTaskRequest, expecting expected: Set<Int>, blame: BlameTable, report: any TaskReport)
        async -> TaskOutcome
    {
        let reply: HTTPReply
        do {
            // The task's own timeout reaches the call as cancellation.
            reply = try await HTTPReply(reading: client.execute(request.request, deadline: .distantFuture))
        } catch {
            return Task.isCancelled ? .stopped : .failed(HTTPFault.noReply(error, from: request.host))
        }
        report.printed(Array("\(request.line): \(reply.summary)\n".utf8))
        guard expected.contains(reply.status) else {
            return .failed(HTTPFault.unexpected(reply, expected: expected, blame: blame))
        }
        await report.recording()
        return .succeeded(TaskOutput(values: reply.output))
    }
}
