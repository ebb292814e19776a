import HTTPTypes
import NIOCore
public import WorkflowAPI
public import WorkflowModel

extension WorkflowClient {
    /// Counts the runs that a bulk operation would act on.
    public func preview(_ order: BulkOrder) async throws(ClientError) -> BulkPreview {
        let body = BulkRequest(order, isDryRun: true).document
        return try read(try await send(BulkEndpoints.create, json: body), BulkPreview.init(json:))
    }

    /// Requests a bulk operation.
    public func request(_ order: BulkOrder) async throws(ClientError) -> BulkOperation {
        try read(try await send(BulkEndpoints.create, json: BulkRequest(order).document), BulkOperation.init(json:))
    }

    /// A page of bulk operations, newest first.
    public func bulkOperations(limit: Int? = nil, nextToken: String? = nil) async throws(ClientError) -> BulkListAnswer {
        let query = [PageParameters.limit.pair(limit), PageParameters.nextToken.pair(nextToken)]
        return try read(try await send(BulkEndpoints.list, query: query), BulkListAnswer.init(json:))
    }

    public func bulkOperation(_ id: BulkID) async throws(ClientError) -> BulkOperation {
        try read(try await send(BulkEndpoints.show, id.rawValue), BulkOperation.init(json:))
    }

    /// A page of the receipts of a bulk operation, in their order.
    public func receipts(
        of id: BulkID, _ outcome: BulkOutcome? = nil, limit: Int? = nil, nextToken: String? = nil
    ) async throws(ClientError) -> BulkReceiptsAnswer {
        let query = [
            BulkEndpoints.outcome.pair(outcome), PageParameters.limit.pair(limit), PageParameters.nextToken.pair(nextToken),
        ]
        return try read(try await send(BulkEndpoints.receipts, id.rawValue, query: query), BulkReceiptsAnswer.init(json:))
    }

    /// Ends a bulk operation that is running.
    public func abort(_ id: BulkID) async throws(ClientError) -> BulkOperation {
        try read(try await send(BulkEndpoints.abort, id.rawValue), BulkOperation.init(json:))
    }

    /// Deletes a run that has ended.
    public func deleteRun(_ id: RunID) async throws(ClientError) {
        _ = try await send(BulkEndpoints.deleteRun, id.rawValue)
    }

    /// Sets and removes labels of a run.
    /// - Returns: all its labels.
    public func changeLabels(of id: RunID, _ change: LabelChange) async throws(ClientError) -> RunLabels {
        try read(try await send(BulkEndpoints.labelRun, id.rawValue, json: change.document), RunLabels.init(json:))
    }
}
