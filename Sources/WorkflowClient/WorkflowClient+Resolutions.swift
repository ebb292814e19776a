public import WorkflowAPI
public import WorkflowModel

extension WorkflowClient {
    /// The resolutions that apply to the tasks of a run, and the decisions that were made.
    public func resolutions(of id: RunID) async throws(ClientError) -> ResolutionsAnswer {
        try read(try await send(ResolutionEndpoints.list, id.rawValue), ResolutionsAnswer.init(json:))
    }

    /// Resolves a task that did not succeed.
    /// - Returns: the run that goes on: the run itself, or the rerun that carries the decision.
    public func resolve(
        _ task: TaskID, of id: RunID, _ request: ResolveRequest, idempotencyKey: String? = nil
    ) async throws(ClientError) -> WorkflowRunDetails {
        let answer = try await send(
            ResolutionEndpoints.resolve, id.rawValue, task.rawValue, headers: Self.once(idempotencyKey), json: request.document)
        return try read(answer, WorkflowRunDetails.init(json:))
    }
}
