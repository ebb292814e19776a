import WorkflowClient

/// Gives up on an answer early: a node that is frozen or has lost its database must not hold up those who can go elsewhere.
struct ImpatientTransport: ClientTransport {
    private let base = HTTPTransport()
    let patience: Duration

    func send(_ request: ClientRequest) async throws(ClientError) -> ClientAnswer {
        var request = request
        request.timeout = min(request.timeout, patience)
        return try await base.send(request)
    }
}
