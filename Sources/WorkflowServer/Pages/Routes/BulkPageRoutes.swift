import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowOperations
import WorkflowPages

/// Bulk operations: their list, the form that requests one, and their progress.
struct BulkPageRoutes: Sendable {
    let service: PageService

    var routes: [PageRoute] {
        let path = PageAddress.bulk + "/{id}"
        return [
            PageRoute(.get, PageAddress.bulk, .policy(.viewer)) { call in try await list(call) },
            PageRoute(.post, PageAddress.bulk, .policy(.operator)) { call in try await request(call) },
            PageRoute(.get, PageAddress.newBulk, .policy(.operator)) { call in try await ask(call) },
            PageRoute(.get, path, .policy(.viewer)) { call in try await show(call) },
            PageRoute(.get, path + "/live", .policy(.viewer)) { call in try await follow(call) },
            PageRoute(.post, path + "/abort", .policy(.operator)) { call in try await abort(call) },
        ]
    }

    private func list(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let query = BulkQuery(of: visitor.tenant, from: try call.place(), limit: BulkListPage.length)
        let page = try await service.stores.bulk.bulkOperations(matching: query)
        return .html(service.pages.document(BulkListPage(page), for: visitor))
    }

    private func ask(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let form = try form(call.query, for: visitor)
        let preview = try await service.api.bulkRequests.preview(of: form.selection, tenant: visitor.tenant)
        return .html(service.pages.document(BulkPreviewPage(preview, form, for: visitor), for: visitor))
    }

    /// A problem is shown above the form with a new preview, so that the next try is about what is there now.
    private func request(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let form = try form(call.form, for: visitor)
        guard let expected = Int(try call.field(BulkForm.expectName)), expected >= 0 else {
            throw APIError.invalid("The form does not say how many runs were previewed. Open it again from the history.")
        }
        func answer(_ problem: String, _ kind: APIError.Kind) async throws -> Response {
            let preview = try await service.api.bulkRequests.preview(of: form.selection, tenant: visitor.tenant)
            let page = BulkPreviewPage(preview, form, problem: problem, for: visitor)
            return .html(service.pages.document(page, for: visitor), status: .init(code: kind.rawValue))
        }
        do {
            let principal = Principal(id: visitor.key, name: visitor.name)
            let operation = try await service.api.bulkRequests.create(
                try form.order(expecting: expected), of: visitor.tenant, by: principal)
            return .seeOther(PageAddress.bulk(operation.id))
        } catch let problem as AddressProblem {
            return try await answer(problem.message, .invalid)
        } catch let problem as APIError where problem.kind == .conflict {
            return try await answer(problem.message, .conflict)
        }
    }

    private func show(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        var page = try await page(call, for: visitor)
        if page.live != nil {
            let look = page.look(with: service.pages)
            service.looks.remember(look)
            page = page.followed(from: look)
        }
        return .html(service.pages.document(page, for: visitor))
    }

    private func follow(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let seen = SeenRegions(call.seenTag, among: service.looks)
        let pages = service.pages
        return try await EventStream(service: service).response(to: call) {
            seen.step(to: try await page(call, for: visitor).look(with: pages))
        }
    }

    private func page(_ call: PageCall, for visitor: Visitor) async throws -> BulkOperationPage {
        let outcome = try call.parameter("outcome").map { text throws(APIError) -> BulkOutcome in
            guard let outcome = BulkOutcome(rawValue: text) else {
                throw .invalid(
                    "Unknown outcome \(text.quoted). Accepted: \(BulkOutcome.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            return outcome
        }
        // Before the receipts: when it has ended, all of them are there.
        guard let operation = try await service.stores.bulk.bulkOperation(call.bulkID(), of: visitor.tenant) else {
            throw APICall.noSuchBulkOperation
        }
        let query = BulkReceiptQuery(
            of: operation.id, tenant: visitor.tenant, outcome: outcome, behind: try call.place() ?? 0,
            limit: BulkOperationPage.length)
        guard let receipts = try await service.stores.bulk.bulkReceipts(matching: query) else {
            throw APICall.noSuchBulkOperation
        }
        return BulkOperationPage(operation, receipts, of: query, for: visitor)
    }

    private func abort(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let id = try call.bulkID()
        let principal = Principal(id: visitor.key, name: visitor.name)
        guard
            try await service.stores.bulk.abortBulkOperation(id, of: visitor.tenant, by: principal, at: service.now) != nil
        else { throw APICall.noSuchBulkOperation }
        return .seeOther(PageAddress.bulk(id))
    }

    /// Reads the form in an address or a body.
    /// - Throws: ``APIError``: 400 for a form that names no runs or no action, 403 for an action that the visitor may not do.
    private func form(_ fields: QueryString, for visitor: Visitor) throws(APIError) -> BulkForm {
        func text(_ name: String) throws(APIError) -> String { try fields.single(name) ?? "" }
        guard let kind = BulkAction.Kind(rawValue: try text(BulkForm.actionName)) else {
            throw .invalid("Choose what to do: \(BulkAction.Kind.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        guard visitor.policy.includes(kind.policy) else {
            throw APIError(
                .forbidden,
                "This needs a key with the policy \(kind.policy.acceptedNames); your key has \(visitor.policy.rawValue).")
        }
        func choice<Value: RawRepresentable<String>>(_ name: String, among values: [Value]) throws(APIError) -> Value? {
            let chosen = try text(name)
            guard !chosen.isEmpty else { return nil }
            guard let value = values.first(where: { $0.rawValue == chosen }) else {
                let accepted = values.map(\.rawValue).joined(separator: ", ")
                throw .invalid("Unknown \(name) \(chosen.quoted). Accepted: \(accepted).")
            }
            return value
        }
        return BulkForm(
            kind, try selection(fields), reason: try text("reason"), start: try choice("from", among: RerunStart.allCases),
            version: try choice("version", among: RerunVersion.allCases) ?? .current,
            resolution: try choice("resolution", among: Resolution.allCases.filter(\.actsInPlace)) ?? .retry,
            labels: try text("labels"), perSecond: try text("per_second"))
    }

    /// The runs that are chosen, or all that match: the fields of a search are there in both cases.
    private func selection(_ fields: QueryString) throws(APIError) -> BulkSelection {
        if fields.pairs.contains(where: { $0.name == BulkForm.everythingName }) {
            let own = BulkForm.ownNames + ["form_token"]
            let search = fields.pairs.filter { !own.containsExactly($0.name) }.map { (name: $0.name, value: $0.value) }
            do {
                return .filter(try HistoryAddress(parameters: search, at: service.now).filter)
            } catch {
                throw .invalid(error.message)
            }
        }
        var known: Set<RunID> = []
        let runs = fields.pairs.filter { $0.name == BulkForm.runName && $0.value.utf8.count <= RunID.longestID }
            .map { RunID(rawValue: $0.value) }.filter { known.insert($0).inserted }
        guard (1...BulkLimits.ids).contains(runs.count) else {
            throw .invalid("No run is chosen. Go back and choose some runs, or all that match.")
        }
        return .runs(runs)
    }
}

extension PageCall {
    fileprivate func bulkID() throws(APIError) -> BulkID {
        guard let text = pathValues.first, APICall.isPossibleID(text) else { throw APICall.noSuchBulkOperation }
        return BulkID(rawValue: text)
    }

    /// The number in the parameter `after`; nil without one.
    fileprivate func place() throws(APIError) -> Int? {
        guard let text = try parameter("after") else { return nil }
        guard let place = Int(text), place >= 0 else { throw .invalid("Invalid position in the list; start with the first page.") }
        return place
    }
}
