import WorkflowClient

/// Uses a short timeout, so that a hanging node does not delay clients that can use another one.
struct ImpatientTransport: ClientTransport {
    private let base = HTTPTransport()
    let patience: Duration

    func send(_ request: ClientRequest) async throws(ClientError) -> ClientAnswer {
        var request = request
        request.timeout = min(request.timeout, patience)
        return try await base.send(request)
    }
}
