import HTTPTypes
import WorkflowAPI
public import WorkflowModel

extension WorkflowClient {
    /// A piece of what an attempt at a task printed.
    ///
    /// - Parameters:
    ///   - attempt: nil for the newest one.
    ///   - offset: where to begin, in bytes of all that was printed. What is no longer kept is skipped: the piece then begins
    ///     beyond it.
    public func output(
        of task: TaskID, in run: RunID, attempt: Int? = nil, from offset: Int = 0
    ) async throws(ClientError) -> OutputSlice {
        var query = [(name: "from", value: String(offset))]
        if let attempt { query.append(("attempt", String(attempt))) }
        let answer = try await send(.get, Paths.output(of: task, in: run), query: query)
        guard let number = answer.headers[HeaderNames.outputAttempt].flatMap({ Int($0) }),
            let from = answer.headers[HeaderNames.outputFrom].flatMap({ Int($0) }),
            let last = answer.headers[HeaderNames.outputLast]
        else { throw ClientError(.unreadable, "The answer of \(settings.url) is no output of a task; is it a Weir service?") }
        return OutputSlice(attempt: number, offset: from, bytes: answer.body, isLast: last == "true")
    }
}
