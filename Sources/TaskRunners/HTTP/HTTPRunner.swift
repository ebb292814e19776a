public import AsyncHTTPClient
import NIOCore
import NIOHTTP1
public import WorkflowModel

/// Executes tasks that are HTTP requests.
///
/// The response is kept as the task's output, `{"status": …, "headers": {…}, "body": …}`; see ``HTTPReply``. Redirections are followed
/// as the call says; otherwise their status fails the task unless it is expected. Each request uses its own HTTP/1.1 connection.
public struct HTTPRunner: TaskRunner {
    private let client: HTTPClient
    private let ownsClient: Bool
    private let time: any TimeSource
    private let proxies: ProxyClients

    /// Creates a runner with its own client; end it with ``shutdown()``.
    public init() {
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: Self.configuration)
        ownsClient = true
        time = SystemTime()
        proxies = .none
    }

    /// - Parameters:
    ///  - client: should use ``configuration``; its owner shuts it down.
    ///  - proxies: the clients of requests that go through a proxy; their owner shuts them down.
    ///  - time: decides whether a certificate has expired.
    public init(client: HTTPClient, proxies: ProxyClients = .none, time: any TimeSource = SystemTime()) {
        self.client = client
        self.proxies = proxies
        ownsClient = false
        self.time = time
    }

    /// No automatic redirections, a limited time to connect, and no automatic retry: retries are configured per task. HTTP/1.1, because HTTP/2
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
            return await execute(request, call, of: attempt, report: report)
        }
    }

    /// Nothing to do: a cancelled request ends immediately.
    public func endAtOnce(_ task: TaskID, attempt: Int) {}

    /// Nothing to do: a request ends with the process that made it.
    public func endLeftovers(of tasks: Set<TaskID>) async {}
    public func endOrphans() async {}

    private func execute(
        _ first: HTTPTaskRequest, _ call: HTTPCall, of attempt: TaskAttempt, report: any TaskReport
    ) async -> TaskOutcome {
        var request = first
        var followed = 0
        let reply: HTTPReply
        do {
            while true {
                // The task's timeout arrives as cancellation.
                let response = try await proxies.client(for: request.target, otherwise: client)
                    .execute(request.request, deadline: .distantFuture)
                guard call.follow > 0, !call.expect.contains(Int(response.status.code)), let redirect = HTTPRedirect(response)
                else {
                    reply = try await HTTPReply(reading: response, attempt.mask)
                    break
                }
                guard followed < call.follow else { return .failed(redirect.excess(followed, from: request.host)) }
                switch redirect.request(after: request) {
                case .failure(let fault): return .failed(fault)
                case .success(let next):
                    let line = "\(request.line): \(redirect.status), redirected to \(next.line)\n"
                    report.printed(attempt.mask.masked(Array(line.utf8)))
                    request = next
                    followed += 1
                }
            }
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
        return await outcome(of: reply, call, from: request.host, blame: attempt.definition.blame, report: report)
    }

    private func outcome(
        of reply: HTTPReply, _ call: HTTPCall, from host: String, blame: BlameTable, report: any TaskReport
    ) async -> TaskOutcome {
        guard call.expect.contains(reply.status) else {
            let wait = reply.headers["retry-after"].flatMap { RetryAfter.delay($0, at: time.now) }
            return .failed(HTTPFault.unexpected(reply, expected: call.expect, blame: blame), retryAfter: wait)
        }
        if let damage = reply.damage { return .failed(HTTPFault.damaged(host, damage)) }
        guard !call.outputs.isEmpty else {
            await report.recording()
            return .succeeded(TaskOutput(values: reply.output))
        }
        switch PickedOutputs.pick(call.outputs, from: reply, host: host) {
        case .failure(let fault): return .failed(fault)
        case .success(let values):
            await report.recording()
            return .succeeded(TaskOutput(values: values))
        }
    }

    private func reason(_ error: any Error, of request: HTTPTaskRequest) async -> String {
        let target = request.target
        if let proxy = proxies.proxy(for: target), let reason = ConnectionFault.reason(error, of: proxy) { return reason }
        if ConnectionFault.isAboutCertificate(error), proxies.proxy(for: target) == nil,
            let reason = await CertificateInspection.reason(host: target.host, port: target.port, now: time.now)
        {
            return reason
        }
        return ConnectionFault.reason(error, isSecure: target.isSecure)
    }
}
