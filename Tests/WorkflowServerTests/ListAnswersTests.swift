import HTTPTypes
import HummingbirdTesting
import Synchronization
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer

@Suite("A list that is asked for again")
struct ListAnswersTests {
    /// Runs a test with a service, and counts the lists that its store is asked for.
    private func withCountedLists(_ test: @Sendable (ServiceUnderTest, _ lists: Counter) async throws -> Void) async throws {
        let lists = Counter()
        let count: @Sendable (String) async throws -> Void = { verb in
            if verb == "runs" { lists.count.withLock { $0 += 1 } }
            // Happens behind the requests, and is a change like any other.
            if verb == "recordUse" { throw StoreError(.unavailable, "Not now.") }
        }
        try await withService(before: count) { service in try await test(service, lists) }
    }

    private final class Counter: Sendable {
        let count = Mutex(0)
        var value: Int { count.withLock { $0 } }
    }

    @Test("is read once while nothing changes, whoever asks")
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

    @Test("is read again once a run has been started, and once it has been stopped")
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

    @Test("is another one with other parameters, and for another tenant")
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
}
