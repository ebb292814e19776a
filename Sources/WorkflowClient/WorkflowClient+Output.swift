import HTTPTypes
public import WorkflowAPI
public import WorkflowModel

extension WorkflowClient {
    /// A page of the output of a run's tasks.
    /// - Parameters:
    ///   - attempt: nil for the newest one of each task.
    ///   - nextToken: that of the page before; nil for the first one.
    ///   - view: how the output is written.
    public func output(
        of run: RunID, attempt: Int? = nil, nextToken: String? = nil, as view: OutputView = OutputView()
    ) async throws(ClientError) -> RunOutputAnswer {
        let answer = try await send(
            RunEndpoints.output, run.rawValue,
            query: [RunEndpoints.attempt.pair(attempt), PageParameters.nextToken.pair(nextToken)] + view.pairs)
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
        try await shownOutput(of: task, in: run, attempt: attempt, from: offset, as: OutputView()).slice
    }

    /// A piece of the output of a task's attempt as a view writes it.
    public func shownOutput(
        of task: TaskID, in run: RunID, attempt: Int? = nil, from offset: Int = 0, as view: OutputView
    ) async throws(ClientError) -> ShownOutput {
        let answer = try await send(
            TaskEndpoints.output, run.rawValue, task.rawValue,
            query: [TaskEndpoints.outputFrom.pair(offset), RunEndpoints.attempt.pair(attempt)] + view.pairs)
        guard let number = answer.headers[HeaderNames.outputAttempt].flatMap({ Int($0) }),
            let from = answer.headers[HeaderNames.outputFrom].flatMap({ Int($0) }),
            let next = answer.headers[HeaderNames.outputNext].flatMap({ Int($0) }),
            let last = answer.headers[HeaderNames.outputLast]
        else { throw ClientError(.unreadable, "The answer of \(settings.url) is no output of a task; is it a Weir service?") }
        return ShownOutput(
            slice: OutputSlice(attempt: number, offset: from, bytes: answer.body, isLast: last == "true"), next: next)
    }
}

/// A piece of output as a view writes it.
public struct ShownOutput: Hashable, Sendable {
    /// With the bytes of the view.
    public var slice: OutputSlice
    /// The first byte of the whole output that is behind the piece.
    public var next: Int

    public init(slice: OutputSlice, next: Int) {
        self.slice = slice
        self.next = next
    }
}

extension OutputView {
    fileprivate var pairs: [(name: String, value: String)?] {
        [TaskEndpoints.timestamps.pair(hasTimestamps ? true : nil), TaskEndpoints.stream.pair(stream)]
    }
}
