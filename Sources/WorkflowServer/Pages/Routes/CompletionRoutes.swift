import Hummingbird
import NIOCore
import WorkflowAPI
import WorkflowModel
import WorkflowPages

/// Completions for the search box.
struct CompletionRoutes: Sendable {
    /// The time for counting a tenant's values: they are only proposals.
    private static let time = Duration.milliseconds(20)
    /// Runs whose labels are proposed.
    private static let labelledRuns = 200

    let service: PageService

    var routes: [PageRoute] {
        [PageRoute(.get, PageAddress.completions, .policy(.viewer)) { call in try await complete(call) }]
    }

    private func complete(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let text = try call.query.single(PageAddress.searchText) ?? ""
        let cursor = try call.parameter("cursor").flatMap { Int($0) } ?? text.utf16.count
        guard text.utf8.count <= RunSearch.longestText else {
            return .json(JSONWriter.document { $0.array(of: [Int]()) { _, _ in } })
        }
        let values = try await values(of: RunSearch.completedKey(of: text, cursor: cursor), tenant: visitor.tenant)
        let completions = RunSearch.completions(of: text, cursor: cursor) { _ in values }
        return .json(
            JSONWriter.document { document in
                document.array(of: completions) { document, completion in
                    document.object { object in
                        object.name("text")
                        object.string(completion.insertion)
                        object.name("from")
                        object.integer(completion.range.lowerBound)
                        object.name("to")
                        object.integer(completion.range.upperBound)
                        if let summary = completion.summary {
                            object.name("summary")
                            object.string(summary)
                        }
                    }
                }
            })
    }

    /// The values of a key that the tenant's runs have, the most frequent ones first.
    private func values(of key: SearchKey?, tenant: Tenant) async throws -> [(text: String, summary: String?)] {
        switch key {
        case .type:
            let types = try await service.stores.lists.runTypes(of: tenant, limit: FacetQuery.limits.upperBound)
            return types.map { ($0, FacetNames([]).name(of: $0, .type)) }
        case .workflow: return try await counted(.configuration, tenant)
        case .by: return try await counted(.principal, tenant)
        case .error: return try await counted(.errorType, tenant)
        case .label:
            let query = RunQuery(tenant: tenant, limit: Self.labelledRuns)
            let labels = Set(try await service.stores.lists.runs(matching: query).runs.flatMap(\.origin.labels))
            return labels.sorted().map { ($0.description, nil) }
        default: return []
        }
    }

    private func counted(_ facet: RunFacet, _ tenant: Tenant) async throws -> [(text: String, summary: String?)] {
        var query = FacetQuery(tenant: tenant, filter: RunFilter(), facets: [facet], limit: FacetQuery.limits.upperBound)
        query.budget.time = min(Self.time, service.api.settings.searchTime)
        let answer = try await service.stores.lists.facets(matching: query)
        var names = FacetNames([])
        try await service.name((answer.values[facet] ?? []).map(\.text), of: facet, in: &names, tenant: tenant)
        return (answer.values[facet] ?? []).map { ($0.text, names.name(of: $0.text, facet)) }
    }
}
