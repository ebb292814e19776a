import HTTPTypes
import HummingbirdTesting
import Synchronization
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

@Suite("A list that is requested again")
struct ListAnswersTests {
    /// Runs a test with a service, and counts the lists that it reads from its store.
    private func withCountedLists(_ test: @Sendable (ServiceUnderTest, _ lists: Counter) async throws -> Void) async throws {
        let lists = Counter()
        let replacing = { (stores: inout ServerStores) in
            stores.lists = InterceptedRunLists(lists: stores.lists) { lists.count.withLock { $0 += 1 } }
            // Recording the use of a key changes the store, and happens after the request.
            stores.keys = InterceptedKeys(keys: stores.keys) { method in
                if method == "recordKeyUses" { throw StoreError(.unavailable, "Not now.") }
            }
        }
        try await withService(replacing: replacing) { service in try await test(service, lists) }
    }

    private final class Counter: Sendable {
        let count = Mutex(0)
        var value: Int { count.withLock { $0 } }
    }

    @Test("is read once while the store is unchanged, for every key of the tenant")
    func isReadOnce() async throws {
        try await withCountedLists { service, lists in
            let (one, two) = (try await service.headers(.viewer), try await service.headers(.admin))
            let first = try await service.get(Paths.runs + "?limit=12&with_total=true", one)
            for headers in [one, two, one] {
                let again = try await service.get(Paths.runs + "?limit=12&with_total=true", headers)
                #expect(again.text == first.text)
                #expect(again.headers[.eTag] == first.headers[.eTag])
            }
            #expect(lists.value == 1)
            var headers = one
            headers[.ifNoneMatch] = first.headers[.eTag]
            #expect(try await service.get(Paths.runs + "?limit=12&with_total=true", headers).status == .notModified)
            #expect(lists.value == 1)
        }
    }

    @Test("is read again after a run was started, and after it was stopped")
    func isReadAgain() async throws {
        try await withCountedLists { service, lists in
            let headers = try await service.headers(.admin)
            #expect(try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", headers).status == .created)
            let total = { try await service.get(Paths.runs + "?with_total=true", headers).json()["total"] }
            #expect(try await total() == .integer(0))
            let started = try await service.post(Paths.runs, headers, json: #"{"config_id":"cg-daily"}"#)
            let id = RunID(rawValue: try #require(try started.json()["id"]?.string))
            #expect(try await total() == .integer(1))
            #expect(try await service.get(Paths.runs, headers).text.contains(#""state":"scheduled""#))
            _ = try await service.post(Paths.run(id) + "/stop", headers, json: "")
            #expect(try await service.get(Paths.runs, headers).text.contains(#""state":"canceled""#))
            #expect(lists.value == 4)
        }
    }

    @Test("differs for other parameters and another tenant")
    func isAnotherOne() async throws {
        try await withCountedLists { service, lists in
            let (acme, other) = (try await service.headers(.admin), try await service.headers(.admin, of: ServiceUnderTest.other))
            #expect(try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", acme).status == .created)
            #expect(try await service.post(Paths.runs, acme, json: #"{"config_id":"cg-daily"}"#).status == .created)
            #expect(try await service.get(Paths.runs, acme).text.contains("wf-"))
            #expect(try await service.get(Paths.runs, other).text == #"{"data":[]}"#)
            #expect(try await service.get(Paths.runs + "?state=failed", acme).text == #"{"data":[]}"#)
            #expect(lists.value == 3)
        }
    }

    @Test("is read again when its search or its count was cut short, as a repetition may get further", arguments: [true, false])
    func isCutShort(searchIsCut: Bool) async throws {
        let lists = Counter()
        let isBusy = Watched(true)
        let replacing = { (stores: inout ServerStores) in
            let page = { @Sendable (page: RunPage) -> RunPage in
                guard isBusy.value else { return page }
                var page = page
                if searchIsCut {
                    page.endedEarly = true
                    page.next = page.runs.last.flatMap { RunCursor(of: $0, by: .created) }
                } else {
                    page.total = .moreThan(1)
                }
                return page
            }
            stores.lists = InterceptedRunLists(lists: stores.lists, page: page) { lists.count.withLock { $0 += 1 } }
            stores.keys = InterceptedKeys(keys: stores.keys) { method in
                if method == "recordKeyUses" { throw StoreError(.unavailable, "Not now.") }
            }
        }
        try await withService(replacing: replacing) { service in
            try await service.addRuns([
                service.run("wf-a", created: "2024-02-01"), service.run("wf-b", created: "2024-02-02"),
            ])
            let headers = try await service.headers(.viewer)
            let path = Paths.runs + "?with_total=true"
            for reads in 1...2 {
                let cut = try await service.get(path, headers)
                #expect(cut.status == .ok && lists.value == reads)
                #expect(cut.headers[HeaderNames.searchedTo] == (searchIsCut ? "2024-02-01T00:00:00.000Z" : nil))
                #expect(cut.headers[HeaderNames.totalCounted] == (searchIsCut ? nil : "1"))
                #expect(try (cut.json()["next_token"] != nil) == searchIsCut)
                #expect(try cut.json()["total"] == (searchIsCut ? .integer(2) : nil))
            }
            isBusy.change { $0 = false }
            for _ in 1...2 {
                let whole = try await service.get(path, headers)
                #expect(whole.headers[HeaderNames.searchedTo] == nil && whole.headers[HeaderNames.totalCounted] == nil)
                #expect(try whole.json()["total"] == .integer(2) && whole.json()["next_token"] == nil)
            }
            #expect(lists.value == 3)
        }
    }
}
