import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL
import WorkflowModel

/// Sends requests of tasks and reads their replies.
struct HTTPExchange: Sendable {
    enum Result: Sendable {
        /// - `HTTPTaskRequest`: the last one, after redirections.
        case reply(HTTPReply, HTTPTaskRequest)
        case failed(RunError)
        /// The surrounding task was cancelled.
        case canceled
    }

    let client: HTTPClient
    let proxies: ProxyClients
    /// For calls with a client certificate; others have that of their client.
    let tls: TLSConfiguration
    let time: any TimeSource

    /// - Parameter most: redirections that are followed at most.
    func send(
        _ first: HTTPTaskRequest, following most: Int, expecting statuses: Set<Int>, of attempt: TaskAttempt,
        _ report: any TaskReport
    ) async -> Result {
        var request = first
        var followed = 0
        do {
            while true {
                // The task's timeout arrives as cancellation.
                let response = try await proxies.client(for: request.target, otherwise: client)
                    .execute(prepared(request), deadline: .distantFuture)
                guard most > 0, !statuses.contains(Int(response.status.code)), let redirect = HTTPRedirect(response) else {
                    return .reply(try await HTTPReply(reading: response, attempt.mask), request)
                }
                guard followed < most else { return .failed(redirect.excess(followed, from: request.host)) }
                switch redirect.request(after: request, masking: attempt.mask) {
                case .failure(let fault): return .failed(fault)
                case .success(let next):
                    let line = "\(request.line): \(redirect.status), redirected to \(next.line)\n"
                    report.printed(attempt.mask.masked(Array(line.utf8)))
                    request = next
                    followed += 1
                }
            }
        } catch {
            guard !Task.isCancelled else { return .canceled }
            if let reason = ClientCertificateFault.reason(error, identity: request.identity, now: time.now) {
                return .failed(HTTPFault.certificate("no response from \(request.host): \(reason)"))
            }
            return .failed(HTTPFault.noReply(from: request.host, await reason(error, of: request)))
        }
    }

    private func prepared(_ request: HTTPTaskRequest) -> HTTPClientRequest {
        guard let identity = request.identity else { return request.request }
        var prepared = request.request
        prepared.tlsConfiguration = identity.applied(to: tls)
        return prepared
    }

    /// A request that follows another one of the same attempt: without redirections, and with a time limit of its own.
    func send(
        _ request: HTTPTaskRequest, within limit: Duration, of attempt: TaskAttempt, _ report: any TaskReport
    ) async -> Result {
        let result = await withTaskGroup(of: Result?.self) { group in
            group.addTask { await send(request, following: 0, expecting: [], of: attempt, report) }
            group.addTask {
                try? await time.sleep(for: limit)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        if Task.isCancelled { return .canceled }
        return result
            ?? .failed(HTTPFault.noReply(from: request.host, "it did not answer within \(limit.components.seconds) seconds"))
    }

    /// Why a reply is no success; nil for one that is.
    func refusal(of reply: HTTPReply, to call: HTTPCall, from host: String, blame: BlameTable) -> TaskOutcome? {
        guard call.expect.contains(reply.status) else {
            let wait = reply.headers["retry-after"].flatMap { RetryAfter.delay($0, at: time.now) }
            return .failed(HTTPFault.unexpected(reply, expected: call.expect, blame: blame), retryAfter: wait)
        }
        return reply.damage.map { .failed(HTTPFault.damaged(host, $0)) }
    }

    /// The outputs of a task that ended with this reply.
    func outputs(
        _ outputs: [HTTPCall.Output], of reply: HTTPReply, from host: String, _ report: any TaskReport
    ) async -> TaskOutcome {
        guard !outputs.isEmpty else {
            await report.recording()
            return .succeeded(TaskOutput(values: reply.output))
        }
        switch PickedOutputs.pick(outputs, from: reply, host: host) {
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
