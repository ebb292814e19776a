public import WorkflowAPI
public import WorkflowModel

extension WorkflowClient {
    /// Pauses the schedules of a workflow, or replaces reason and end of its pause.
    /// - Parameter until: nil for a pause until the workflow is resumed.
    public func pause(
        _ configuration: String, reason: String, until: Timestamp? = nil
    ) async throws(ClientError) -> ConfigurationAnswer {
        let request = PauseRequest(reason: reason, until: until)
        return try read(
            try await send(PauseEndpoints.pause, configuration, json: request.document), ConfigurationAnswer.init(json:))
    }

    /// Ends the pause of a workflow. Changes nothing for one that is not paused.
    public func resume(_ configuration: String) async throws(ClientError) -> ConfigurationAnswer {
        try read(try await send(PauseEndpoints.resume, configuration), ConfigurationAnswer.init(json:))
    }
}
