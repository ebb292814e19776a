public import AsyncHTTPClient
import NIOCore
public import WorkflowModel

/// Executes tasks that are HTTP requests.
///
/// The response is kept as the task's output, `{"status": …, "headers": {…}, "body": …}`; see ``HTTPReply``. Redirections are not
/// followed: their status fails the task unless it is expected. Each attempt uses its own HTTP/1.1 connection.
public struct HTTPRunner: TaskRunner {
    private let client: HTTPClient
    private let ownsClient: Bool
    private let time: any TimeSource

    /// Creates a runner with its own client; end it with ``shutdown()``.
    public init() {
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: Self.configuration)
        ownsClient = true
        time = SystemTime()
    }

    /// - Parameters:
    ///  - client: should use ``configuration``; its owner shuts it down.
    ///  - time: decides whether a certificate has expired.
    public init(client: HTTPClient, time: any TimeSource = SystemTime()) {
        self.client = client
        ownsClient = false
        self.time = time
    }

    /// No redirections, a limited time to connect, and no automatic retry: retries are configured per task. HTTP/1.1, because HTTP/2
    /// would share connections.
    public static var configuration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        configuration.timeout.connect = .milliseconds(HTTPLimits.connect.milliseconds)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = HTTPLimits.connectionsPerHost
        return configuration
    }

    /// Shuts down the runner's own client, but not one that was passed in.
    /// - Throws: the error of the client.
    public func shutdown() async throws {
        if ownsClient { try await client.shutdown() }
    }

    public func run(_ attempt: TaskAttempt, reporting report: any TaskReport) async -> TaskOutcome {
        guard case .http(let call) = attempt.definition.action else {
            return .failed(HTTPFault.badCall("The task is not an HTTP task."))
        }
        switch HTTPTaskRequest.making(call, for: attempt) {
        case .failure(let fault):
            return .failed(fault)
        case .success(let request):
            guard !Task.isCancelled else { return .stopped }
            await report.began()
            return await execute(request, of: attempt, expecting: call.expect, report: report)
        }
    }

    /// Nothing to do: a cancelled request ends immediately.
    public func endAtOnce(_ task: TaskID, attempt: Int) {}

    /// Nothing to do: a request ends with the process that made it.
    public func endLeftovers(of tasks: Set<TaskID>) async {}
    public func endOrphans() async {}

    private func execute(
        _ request: HTTPTaskRequest, of attempt: TaskAttempt, expecting expected: Set<Int>, report: any TaskReport
    ) async -> TaskOutcome {
        let reply: HTTPReply
        do {
            // The task's timeout arrives as cancellation.
            reply = try await HTTPReply(reading: client.execute(request.request, deadline: .distantFuture), attempt.mask)
        } catch {
            guard !Task.isCancelled else {
                let now = time.now
                await report.wasEnded(TaskEnding(callCanceledAt: now, goneAt: now))
                return .stopped
            }
            let reason = await reason(error, of: request)
            return .failed(HTTPFault.noReply(from: request.host, reason))
        }
        report.printed(attempt.mask.masked(Array("\(request.line): \(reply.summary)\n".utf8)))
        guard expected.contains(reply.status) else {
            return .failed(HTTPFault.unexpected(reply, expected: expected, blame: attempt.definition.blame))
        }
        if let damage = reply.damage { return .failed(HTTPFault.damaged(request.host, damage)) }
        await report.recording()
        return .succeeded(TaskOutput(values: reply.output))
    }

    private func reason(_ error: any Error, of request: HTTPTaskRequest) async -> String {
        let target = request.target
        if ConnectionFault.isAboutCertificate(error),
            let reason = await CertificateInspection.reason(host: target.host, port: target.port, now: time.now)
        {
            return reason
        }
        return ConnectionFault.reason(error, isSecure: target.isSecure)
    }
}
