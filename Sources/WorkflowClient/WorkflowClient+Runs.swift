import HTTPTypes
import NIOCore
public import WorkflowAPI
public import WorkflowModel

extension WorkflowClient {
    /// A page of runs. It may have fewer runs than `limit`, or none, and still a next one: only a missing token means the end.
    /// - Parameters:
    ///   - sort: nil for the filter's own order, newest first.
    ///   - nextToken: that of the page before; nil for the first one.
    ///   - withTotal: whether to count all matching runs.
    public func runs(
        _ filter: RunFilter = RunFilter(), sort: RunSort? = nil, limit: Int? = nil, nextToken: String? = nil,
        withTotal: Bool = false
    ) async throws(ClientError) -> RunListAnswer {
        let query = RunQueryParameters.pairs(for: filter, sort: sort, limit: limit, nextToken: nextToken, withTotal: withTotal)
        let answer = try await send(RunEndpoints.list, query: query)
        return try read(answer) { bytes throws(JSONProblem) in try RunListAnswer(json: bytes, headers: answer.headers) }
    }

    /// How many matching runs have each value of some dimensions.
    /// - Parameters:
    ///   - facets: nil for all.
    ///   - limit: values of each dimension; nil for ``FacetQuery/defaultLimit``.
    public func facets(
        _ filter: RunFilter = RunFilter(), by facets: [RunFacet]? = nil, limit: Int? = nil
    ) async throws(ClientError) -> RunFacets {
        let query = FacetQueryParameters.pairs(for: filter, by: facets, limit: limit)
        return try read(try await send(RunEndpoints.facets, query: query), RunFacets.init(json:))
    }

    /// The number and runtimes of runs that retention deleted, in groups.
    /// - Parameters:
    ///   - dimensions: nil for one group of each day.
    ///   - limit: groups; nil for ``StatisticsQuery/defaultLimit``.
    public func statistics(
        _ filter: StatisticsFilter = StatisticsFilter(), by dimensions: [StatisticDimension]? = nil, limit: Int? = nil
    ) async throws(ClientError) -> RunStatistics {
        let query = StatisticsQueryParameters.pairs(for: filter, by: dimensions, limit: limit)
        return try read(try await send(RunEndpoints.statistics, query: query), RunStatistics.init(json:))
    }

    /// All matching runs in a stream, as the service sends them. ``ClientBytes/lines`` are the lines of NDJSON.
    /// - Parameter sort: nil for the filter's own order, newest first.
    public func export(
        _ filter: RunFilter = RunFilter(), sort: RunSort? = nil, as format: RunExportFormat = .ndjson
    ) async throws(ClientError) -> ClientBytes {
        try await stream(
            RunEndpoints.export, query: RunQueryParameters.pairs(for: filter, sort: sort),
            headers: [.accept: format.mediaType])
    }

    /// A run with its tasks.
    public func run(_ id: RunID) async throws(ClientError) -> WorkflowRunDetails {
        try read(try await send(RunEndpoints.show, id.rawValue, query: Self.verbose), WorkflowRunDetails.init(json:))
    }

    /// A run with its tasks, if it has changed.
    /// - Parameter version: from the previous call; nil the first time.
    /// - Returns: nil for a run that has not changed since.
    public func run(_ id: RunID, changedSince version: String?) async throws(ClientError) -> VersionedRun? {
        let headers: HTTPFields = version.map { [.ifNoneMatch: $0] } ?? [:]
        let answer = try await send(RunEndpoints.show, id.rawValue, query: Self.verbose, headers: headers)
        guard answer.status != 304 else { return nil }
        return VersionedRun(details: try read(answer, WorkflowRunDetails.init(json:)), version: answer.headers[.eTag])
    }

    /// The wait reasons of a run and its tasks.
    public func waitReasons(of id: RunID) async throws(ClientError) -> WaitReasonsAnswer {
        try read(try await send(TaskEndpoints.waitReasons, id.rawValue), WaitReasonsAnswer.init(json:))
    }

    /// The attempts at the tasks of a run, oldest first.
    public func attempts(of id: RunID) async throws(ClientError) -> [TaskAttemptRecord] {
        try read(try await send(TaskEndpoints.attempts, id.rawValue), TaskAttemptRecord.list(json:))
    }

    /// Starts a run. The documented start takes no labels and no receivers, so a start with either is sent to the configuration.
    /// - Parameter idempotencyKey: starts one run, however often the request is sent.
    public func start(_ order: StartRequest, idempotencyKey: String? = nil) async throws(ClientError) -> WorkflowRunDetails {
        let headers = Self.once(idempotencyKey)
        let answer =
            order.isPlain
            ? try await send(RunEndpoints.start, headers: headers, json: order.document)
            : try await send(ConfigurationEndpoints.start, order.configuration, headers: headers, json: order.ownDocument)
        return try read(answer, WorkflowRunDetails.init(json:))
    }

    /// Reruns a run.
    /// - Parameter idempotencyKey: starts one rerun, however often the request is sent.
    public func rerun(
        _ id: RunID, _ order: RerunRequest = RerunRequest(), idempotencyKey: String? = nil
    ) async throws(ClientError) -> WorkflowRunDetails {
        let answer = try await send(RunEndpoints.rerun, id.rawValue, headers: Self.once(idempotencyKey), json: order.document)
        return try read(answer, WorkflowRunDetails.init(json:))
    }

    /// Asks a run to stop. Changes nothing for a run that is stopping or has ended.
    /// - Parameter reason: one line; nil for none.
    public func stop(_ id: RunID, reason: String? = nil) async throws(ClientError) -> WorkflowRunDetails {
        let answer =
            if let reason {
                try await send(RunEndpoints.stop, id.rawValue, json: StopRequest(reason: reason).document)
            } else {
                try await send(RunEndpoints.stop, id.rawValue)
            }
        return try read(answer, WorkflowRunDetails.init(json:))
    }

    /// Leaves a note on a run.
    public func addNote(_ text: String, to id: RunID) async throws(ClientError) -> RunNote {
        try read(try await send(NoteEndpoints.add, id.rawValue, json: NoteRequest(text: text).document), RunNote.init(json:))
    }

    static func once(_ idempotencyKey: String?) -> HTTPFields {
        idempotencyKey.map { [HeaderNames.idempotencyKey: "\"\($0)\""] } ?? [:]
    }

    private static var verbose: [(name: String, value: String)?] { [RunEndpoints.view.pair(.verbose)] }
}

/// A run with its tasks at the time of the request.
public struct VersionedRun: Hashable, Sendable {
    public var details: WorkflowRunDetails
    /// The entity tag; nil when the answer has none.
    public var version: String?
}
