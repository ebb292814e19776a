public import AsyncHTTPClient
import NIOCore
import NIOHTTP1
public import NIOSSL
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
    private let tls: TLSConfiguration

    /// Creates a runner with its own client; end it with ``shutdown()``.
    public init() {
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: Self.configuration)
        ownsClient = true
        time = SystemTime()
        proxies = .none
        tls = .makeClientConfiguration()
    }

    /// - Parameters:
    ///  - client: should use ``configuration``; its owner shuts it down.
    ///  - proxies: the clients of requests that go through a proxy; their owner shuts them down.
    ///  - tls: that of the client, for calls with a certificate of their own.
    ///  - time: decides whether a certificate has expired.
    public init(
        client: HTTPClient, proxies: ProxyClients = .none, tls: TLSConfiguration = .makeClientConfiguration(),
        time: any TimeSource = SystemTime()
    ) {
        self.client = client
        self.tls = tls
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
        switch attempt.definition.action {
        case .http(let call): return await run(call, attempt, report)
        case .job(let job):
            let work = HTTPJobAttempt(job: job, attempt: attempt, exchange: exchange, report: report)
            guard let resumed = attempt.resumed else { return await work.submit() }
            return await work.poll(after: resumed.wait)
        case .command, .workflow: return .failed(HTTPFault.badCall("The task is not an HTTP task."))
        }
    }

    public func cancelOutside(_ attempt: TaskAttempt, reporting report: any TaskReport) async {
        guard case .job(let job) = attempt.definition.action else { return }
        await HTTPJobAttempt(job: job, attempt: attempt, exchange: exchange, report: report).cancel()
    }

    /// Nothing to do: a cancelled request ends immediately.
    public func endAtOnce(_ task: TaskID, attempt: Int) {}

    /// Nothing to do: a request ends with the process that made it.
    public func endLeftovers(of tasks: Set<TaskID>) async {}
    public func endOrphans() async {}

    private var exchange: HTTPExchange { HTTPExchange(client: client, proxies: proxies, tls: tls, time: time) }

    private func run(_ call: HTTPCall, _ attempt: TaskAttempt, _ report: any TaskReport) async -> TaskOutcome {
        switch HTTPTaskRequest.making(call, for: attempt) {
        case .failure(let fault): return .failed(fault)
        case .success(let request):
            guard !Task.isCancelled else { return .stopped }
            await report.began()
            switch await exchange.send(request, following: call.follow, expecting: call.expect, of: attempt, report) {
            case .failed(let fault): return .failed(fault)
            case .canceled:
                let now = time.now
                await report.wasEnded(TaskEnding(callCanceledAt: now, goneAt: now))
                return .stopped
            case .reply(let reply, let request):
                report.printed(attempt.mask.masked(Array("\(request.line): \(reply.summary)\n".utf8)))
                if let refusal = exchange.refusal(of: reply, to: call, from: request.host, blame: attempt.definition.blame) {
                    return refusal
                }
                return await exchange.outputs(call.outputs, of: reply, from: request.host, report)
            }
        }
    }
}
