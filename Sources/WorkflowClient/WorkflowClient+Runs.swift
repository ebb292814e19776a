import HTTPTypes
import NIOCore
public import WorkflowAPI
public import WorkflowModel

extension WorkflowClient {
    /// A page of runs, newest first.
    /// - Parameters:
    ///   - nextToken: that of the page before; nil for the first one.
    ///   - withTotal: whether everything that matches is to be counted.
    public func runs(
        _ filter: RunFilter = RunFilter(), limit: Int? = nil, nextToken: String? = nil, withTotal: Bool = false
    ) async throws(ClientError) -> RunListAnswer {
        let query = RunQueryParameters.pairs(for: filter, limit: limit, nextToken: nextToken, withTotal: withTotal)
        return try read(try await send(.get, Paths.runs, query: query), RunListAnswer.init(json:))
    }

    /// A run with its tasks.
    public func run(_ id: RunID) async throws(ClientError) -> WorkflowRunDetails {
        try read(try await send(.get, Paths.run(id), query: Self.verbose), WorkflowRunDetails.init(json:))
    }

    /// A run with its tasks, if it changed.
    /// - Parameter version: what the call before returned; nil the first time.
    /// - Returns: nil for a run that has not changed since.
    public func run(_ id: RunID, changedSince version: String?) async throws(ClientError) -> VersionedRun? {
        let headers: HTTPFields = version.map { [.ifNoneMatch: $0] } ?? [:]
        let answer = try await send(.get, Paths.run(id), query: Self.verbose, headers: headers)
        guard answer.status != 304 else { return nil }
        return VersionedRun(details: try read(answer, WorkflowRunDetails.init(json:)), version: answer.headers[.eTag])
    }

    /// What a run and its tasks wait for.
    public func standing(of id: RunID) async throws(ClientError) -> StandingAnswer {
        try read(try await send(.get, Paths.standing(of: id)), StandingAnswer.init(json:))
    }

    /// The attempts at the tasks of a run, oldest first.
    public func attempts(of id: RunID) async throws(ClientError) -> [TaskAttemptRecord] {
        try read(try await send(.get, Paths.attempts(of: id)), TaskAttemptRecord.list(json:))
    }

    /// Starts a run.
    /// - Parameter idempotencyKey: makes the start happen once, however often it is sent.
    public func start(_ order: StartRequest, idempotencyKey: String? = nil) async throws(ClientError) -> WorkflowRunDetails {
        var headers: HTTPFields = [.contentType: "application/json"]
        if let idempotencyKey { headers[HeaderNames.idempotencyKey] = "\"\(idempotencyKey)\"" }
        let answer = try await send(.post, Paths.runs, headers: headers, body: Array(order.document.readableBytesView))
        return try read(answer, WorkflowRunDetails.init(json:))
    }

    /// Does a run over.
    /// - Parameter idempotencyKey: makes it happen once, however often it is sent.
    public func rerun(
        _ id: RunID, _ order: RerunRequest = RerunRequest(), idempotencyKey: String? = nil
    ) async throws(ClientError) -> WorkflowRunDetails {
        var headers: HTTPFields = [.contentType: "application/json"]
        if let idempotencyKey { headers[HeaderNames.idempotencyKey] = "\"\(idempotencyKey)\"" }
        let answer = try await send(.post, Paths.rerun(id), headers: headers, body: Array(order.document.readableBytesView))
        return try read(answer, WorkflowRunDetails.init(json:))
    }

    /// Asks a run to stop; harmless for one that is stopping or has ended.
    public func stop(_ id: RunID) async throws(ClientError) -> WorkflowRunDetails {
        try read(try await send(.post, Paths.stop(id)), WorkflowRunDetails.init(json:))
    }

    private static var verbose: [(name: String, value: String)] { [("view", RunView.verbose.rawValue)] }
}

/// A run with its tasks, as it was when it was asked for.
public struct VersionedRun: Hashable, Sendable {
    public var details: WorkflowRunDetails
    /// Stands for all of it; nil where the service told none.
    public var version: String?
}
