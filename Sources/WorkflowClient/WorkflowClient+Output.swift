import HTTPTypes
public import WorkflowAPI
public import WorkflowModel

extension WorkflowClient {
    /// A page of the output of a run's tasks.
    /// - Parameters:
    ///   - attempt: nil for the newest one of each task.
    ///   - nextToken: that of the page before; nil for the first one.
    public func output(
        of run: RunID, attempt: Int? = nil, nextToken: String? = nil
    ) async throws(ClientError) -> RunOutputAnswer {
        let answer = try await send(
            RunEndpoints.output, run.rawValue,
            query: [RunEndpoints.attempt.pair(attempt), PageParameters.nextToken.pair(nextToken)])
        return try read(answer, RunOutputAnswer.init(json:))
    }

    /// A piece of the output of a task's attempt.
    ///
    /// - Parameters:
    ///   - attempt: nil for the newest one.
    ///   - offset: the first byte, counted from the beginning of the output. The piece begins later when that byte is no longer kept.
    public func output(
        of task: TaskID, in run: RunID, attempt: Int? = nil, from offset: Int = 0
    ) async throws(ClientError) -> OutputSlice {
        let answer = try await send(
            TaskEndpoints.output, run.rawValue, task.rawValue,
            query: [TaskEndpoints.outputFrom.pair(offset), RunEndpoints.attempt.pair(attempt)])
        guard let number = answer.headers[HeaderNames.outputAttempt].flatMap({ Int($0) }),
            let from = answer.headers[HeaderNames.outputFrom].flatMap({ Int($0) }),
            let last = answer.headers[HeaderNames.outputLast]
        else { throw ClientError(.unreadable, "The answer of \(settings.url) is no output of a task; is it a Weir service?") }
        return OutputSlice(attempt: number, offset: from, bytes: answer.body, isLast: last == "true")
    }
}
