import HTTPTypes
import HummingbirdTesting
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

@Suite("The budget of searches")
struct SearchTimeTests {
    /// Remembers the budgets of its searches.
    private struct WatchedLists: RunListStore {
        let lists: any RunListStore
        let times: Watched<[Duration]>

        func runs(matching query: RunQuery) async throws -> RunPage {
            times.change { $0.append(query.budget.time) }
            return try await lists.runs(matching: query)
        }

        func facets(matching query: FacetQuery) async throws -> RunFacets {
            times.change { $0.append(query.budget.time) }
            return try await lists.facets(matching: query)
        }

        func runCounts(matching query: RunCountQuery) async throws -> RunCounts {
            times.change { $0.append(query.budget.time) }
            return try await lists.runCounts(matching: query)
        }

        func runs(withIDs ids: [RunID], of tenant: Tenant) async throws -> [WorkflowRun] {
            try await lists.runs(withIDs: ids, of: tenant)
        }

        func latestRuns(ofEach configurations: [String], of tenant: Tenant, limit: Int) async throws -> [String: [RecentRun]] {
            try await lists.latestRuns(ofEach: configurations, of: tenant, limit: limit)
        }

        func runTypes(of tenant: Tenant, limit: Int) async throws -> [String] { try await lists.runTypes(of: tenant, limit: limit) }

        func stops(of runs: [RunID], tenant: Tenant) async throws -> [RunID: RunStop] {
            try await lists.stops(of: runs, tenant: tenant)
        }

        var changeNumber: UInt64? { lists.changeNumber }
    }

    @Test("is that of the setting, in every list, count, chart and export; page and total of one request share it")
    func setting() async throws {
        let times = Watched<[Duration]>([])
        var settings = ServerSettings(rateLimit: 0)
        settings.searchTime = .milliseconds(200)
        let replacing = { (stores: inout ServerStores) in stores.lists = WatchedLists(lists: stores.lists, times: times) }
        try await withService(settings: settings, replacing: replacing) { service in
            let headers = try await service.headers(.viewer)
            let (browser, _) = try await BrowserSession.signedIn(.viewer, on: service)
            /// The budgets of a request.
            func spent(_ request: () async throws -> TestResponse) async throws -> [Int64] {
                times.change { $0 = [] }
                #expect(try await request().status == .ok)
                return times.value.map(\.milliseconds)
            }
            #expect(try await spent { try await service.get(Paths.runs + "?text=needle", headers) } == [200])
            #expect(try await spent { try await service.get(Paths.runs + "?text=needle&with_total=true", headers) } == [100])
            // This total is known without a search.
            #expect(try await spent { try await service.get(Paths.runs + "?state=failed&with_total=true", headers) } == [200])
            #expect(try await spent { try await service.get(Paths.facets + "?text=needle", headers) } == [200])
            #expect(try await spent { try await service.get(Paths.export + "?text=needle", headers) } == [200])
            let page = try await spent { try await browser.get("/runs?text=needle&created_from=2024-02-01") }
            // The list with its total, the chart, and questions for counts that share the time of one request.
            #expect(page.contains(100) && page.contains(200) && page.count > 3)
            #expect(page.allSatisfy { $0 <= 200 })
        }
    }

    @Test("of the standard service is about 50 ms")
    func standard() {
        #expect(ServerSettings().searchTime == .milliseconds(50))
        #expect(SearchBudget.times.contains(ServerSettings().searchTime))
    }
}
