import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowOperations

/// Bulk operations, and the acts on single runs that they have in common with them.
struct BulkRoutes: Sendable {
    let service: APIService

    var routes: [Route] {
        [
            Route(BulkEndpoints.create) { call in try await create(call) },
            Route(BulkEndpoints.list) { call in try await list(call) },
            Route(BulkEndpoints.show) { call in try await show(call) },
            Route(BulkEndpoints.receipts) { call in try await receipts(call) },
            Route(BulkEndpoints.abort) { call in try await abort(call) },
            Route(BulkEndpoints.deleteRun) { call in try await deleteRun(call) },
            Route(BulkEndpoints.labelRun) { call in try await labelRun(call) },
        ]
    }

    private func create(_ call: APICall) async throws -> Response {
        let grant = try call.granted()
        let request = try BulkRequest(body: try await call.jsonBody(of: BulkEndpoints.create))
        let (order, needed) = (request.order, request.order.action.kind.policy)
        guard grant.key.policy.includes(needed) else {
            throw Authenticator.insufficientPolicy(grant.key.policy, needed: needed)
        }
        if request.isDryRun {
            let preview = try await service.bulkRequests.preview(
                of: order.selection, tenant: grant.tenant, expecting: order.expected)
            return .json(preview.document)
        }
        let operation = try await service.bulkRequests.create(order, of: grant.tenant, by: grant.key.principal)
        return .json(operation.document, status: .created, headers: [.location: Paths.bulk(operation.id)])
    }

    private func list(_ call: APICall) async throws -> Response {
        let tenant = try call.granted().tenant
        let limit = try call.parameters[PageParameters.limit] ?? RunQuery.defaultLimit
        let place = try call.parameters.place { service.pageTokens.openBulkOperation($0, tenant: tenant) }
        let page = try await service.stores.bulk.bulkOperations(matching: BulkQuery(of: tenant, from: place, limit: limit))
        return .json(page.document(nextToken: page.next.map { service.pageTokens.seal(bulkOperation: $0, tenant: tenant) }))
    }

    private func show(_ call: APICall) async throws -> Response {
        let operation = try await service.stores.bulk.bulkOperation(call.bulkID(), of: call.granted().tenant)
        guard let operation else { throw APICall.noSuchBulkOperation }
        return .json(operation.document)
    }

    private func receipts(_ call: APICall) async throws -> Response {
        var query = BulkReceiptQuery(
            of: try call.bulkID(), tenant: try call.granted().tenant, outcome: try call.parameters[BulkEndpoints.outcome],
            limit: try call.parameters[PageParameters.limit] ?? RunQuery.defaultLimit)
        query.place = try call.parameters.place { [query] in service.pageTokens.open($0, of: query) } ?? 0
        guard let page = try await service.stores.bulk.bulkReceipts(matching: query) else { throw APICall.noSuchBulkOperation }
        return .json(page.document(nextToken: page.next.map { service.pageTokens.seal($0, of: query) }))
    }

    private func abort(_ call: APICall) async throws -> Response {
        let grant = try call.granted()
        let operation = try await service.stores.bulk.abortBulkOperation(
            call.bulkID(), of: grant.tenant, by: grant.key.principal, at: service.time.now)
        guard let operation else { throw APICall.noSuchBulkOperation }
        return .json(operation.document)
    }

    private func deleteRun(_ call: APICall) async throws -> Response {
        switch try await service.stores.bulk.deleteRun(call.runID(), of: call.granted().tenant) {
        case .deleted?: return .empty(.noContent)
        case .hasNotEnded?: throw APIError(.conflict, BulkResult.hasNotEnded.reason ?? "")
        case nil: throw APICall.noSuchRun
        }
    }

    private func labelRun(_ call: APICall) async throws -> Response {
        let (id, tenant) = (try call.runID(), try call.granted().tenant)
        let change = try LabelChange(body: try await call.jsonBody(of: BulkEndpoints.labelRun))
        switch try await service.stores.bulk.changeLabels(of: id, tenant: tenant, change) {
        case .changed(let labels)?, .unchanged(let labels)?: return .json(labels.document)
        case .tooMany(let count)?: throw APIError(.conflict, LabelOutcome.problem(with: count))
        case nil: throw APICall.noSuchRun
        }
    }
}

extension APICall {
    /// The same answer for an operation that does not exist and for another tenant's.
    static let noSuchBulkOperation = APIError(.notFound, "There is no bulk operation with that id.")

    /// - Throws: ``APIError`` (404) for a text that is not the id of an operation.
    func bulkID() throws(APIError) -> BulkID {
        guard let text = pathValues.first, APICall.isPossibleID(text) else { throw Self.noSuchBulkOperation }
        return BulkID(rawValue: text)
    }
}
