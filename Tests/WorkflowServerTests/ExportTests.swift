import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

@Suite("GET /api/workflow/runs/export")
struct ExportTests {
    private func with(_ accept: String, _ headers: HTTPFields) -> HTTPFields {
        var headers = headers
        headers[.accept] = accept
        return headers
    }

    @Test("is NDJSON in the form of the list, with a file name")
    func lines() async throws {
        try await withService { service in
            let headers = try await QuestionedRuns.seed(service)
            let response = try await service.get(Paths.export, headers)
            #expect(response.status == .ok)
            #expect(response.headers[.contentType] == "application/x-ndjson")
            #expect(response.headers[.contentDisposition] == "attachment; filename=\"weir-runs-acme-20240210T172932Z.ndjson\"")
            #expect(response.headers[.vary] == "Accept, Accept-Encoding" && response.headers[.cacheControl] == "no-store")
            #expect(response.headers[HeaderNames.version] == "2024-04-01")
            let list = try await service.get(Paths.runs, headers).text
            let lines = response.text.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.count == 7 && lines.last?.isEmpty == true)
            #expect("{\"data\":[\(lines.dropLast().joined(separator: ","))]}" == list)
            let theirs = try await service.get(Paths.export, try await service.headers(.viewer, of: ServiceUnderTest.other)).text
            #expect(theirs.hasPrefix(#"{"id":"wf-x","#) && theirs.split(separator: "\n").count == 1)
        }
    }

    @Test("is CSV where the client wants that")
    func rows() async throws {
        try await withService { service in
            let headers = try await QuestionedRuns.seed(service)
            let response = try await service.get(Paths.export + "?config_id=cg-daily", with("text/csv, */*;q=0.1", headers))
            #expect(response.headers[.contentType] == "text/csv; charset=utf-8; header=present")
            #expect(response.headers[.contentDisposition] == "attachment; filename=\"weir-runs-acme-20240210T172932Z.csv\"")
            let rows = response.text.split(separator: "\r\n", omittingEmptySubsequences: false)
            #expect(rows.count == 4 && rows.last?.isEmpty == true)
            #expect(rows[0].hasPrefix("id,name,type,state,"))
            #expect(rows[1].hasPrefix("wf-c,Daily,campaign.send,succeeded,acme,2024-01-03T00:00:00.000Z,"))
            #expect(
                rows[2].hasSuffix(
                    ",cg-daily,team=crm;tier=gold,full,2024-01-01T00:00:00.000Z,2025-01-01T00:00:00.000Z,,nightly,,3,,,")
            )
            // The header stands there without a run, too.
            let none = try await service.get(Paths.export + "?text=nothing", with("text/csv", headers))
            #expect(none.text.hasPrefix("id,name,") && none.text.split(separator: "\r\n").count == 1)
            #expect(try await service.get(Paths.export + "?text=nothing", headers).body.readableBytes == 0)
        }
    }

    @Test("has the runs of the list with the same filters and order", arguments: QuestionedRuns.filters)
    func filters(query: String, expected: String) async throws {
        try await withService { service in
            let headers = try await QuestionedRuns.seed(service)
            let response = try await service.get("\(Paths.export)?\(query)", headers)
            #expect(try Self.ids(in: response) == expected.map { "wf-\($0)" }, "\(response.text)")
        }
    }

    private static func ids(in response: TestResponse) throws -> [String] {
        try response.text.split(separator: "\n").map { line in
            try importedRun(fromLine: Array(line.utf8), tenant: ServiceUnderTest.acme).run.id.rawValue
        }
    }

    @Test("what it writes can be imported into another tenant's place, and is then the same")
    func roundTrip() async throws {
        try await withService { service in
            let headers = try await QuestionedRuns.seed(service)
            let exported = try await service.get(Paths.export, headers).text
            let runs = try exported.split(separator: "\n").map {
                try importedRun(fromLine: Array($0.utf8), tenant: ServiceUnderTest.acme)
            }
            try await withService { copy in
                _ = try await copy.store.importRuns(runs, into: ServiceUnderTest.acme)
                #expect(try await copy.get(Paths.export, try await copy.headers(.viewer)).text == exported)
            }
        }
    }

    @Test("has who stopped a run, when and why, which an import keeps")
    func stops() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            _ = try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", headers)
            for reason in ["wrong month", nil] {
                let started = try await service.post(Paths.runs, headers, json: #"{"config_id":"cg-daily"}"#)
                let id = RunID(rawValue: try #require(try started.json()["id"]?.string))
                let stop = RunStop(
                    requestedAt: service.clock.now, requestedBy: Principal(id: "wk_1", name: "Ada"), reason: reason)
                _ = try await service.store.stopRun(id, of: ServiceUnderTest.acme, for: stop)
            }
            let exported = try await service.get(Paths.export, headers).text
            #expect(exported.contains(#""principal_name":"Ada","reason":"wrong month"}"#), "\(exported)")
            let runs = try exported.split(separator: "\n").map {
                try importedRun(fromLine: Array($0.utf8), tenant: ServiceUnderTest.acme)
            }
            #expect(runs.compactMap(\.stop?.requestedBy.name) == ["Ada", "Ada"])
            try await withService { copy in
                _ = try await copy.store.importRuns(runs, into: ServiceUnderTest.acme)
                #expect(try await copy.get(Paths.export, try await copy.headers(.viewer)).text == exported)
            }
        }
    }

    @Test("needs an acceptable format, and names both")
    func notAcceptable() async throws {
        try await withService { service in
            let headers = try await service.headers(.viewer)
            for accept in ["application/json", "text/html", "text/csv;q=0"] {
                let error = try await service.get(Paths.export, with(accept, headers)).error(.notAcceptable)
                #expect(error == "The header Accept names no media type of an export. Accepted: application/x-ndjson, text/csv.")
            }
            for query in ["?limit=5", "?next_token=a", "?with_total=true", "?format=csv"] {
                #expect(try await service.get(Paths.export + query, headers).error(.invalid).contains("Unknown parameter"))
            }
        }
    }

    @Test("goes on through pages that ended early, and pages without a run")
    func shortPages() async throws {
        let reads = Watched(0)
        let replacing = { (stores: inout ServerStores) in
            let query = { @Sendable (query: RunQuery) -> RunQuery in
                #expect(query.limit == Limits.exportPage && !query.withTotal)
                var query = query
                query.budget = SearchBudget(time: .zero)
                return query
            }
            stores.lists = InterceptedRunLists(lists: stores.lists, query: query) { reads.change { $0 += 1 } }
        }
        try await withService(replacing: replacing) { service in
            let first = try #require(Timestamp(iso8601: "2024-02-01"))
            let runs = try (0..<3_000).map { index in
                var run = try service.run("wf-\(10_000 + index)", created: (first + .seconds(index)).iso8601)
                if index == 10 || index == 2_990 { run.name = "Ünusual" }
                return run
            }
            try await service.addRuns(runs)
            let headers = try await service.headers(.viewer)
            let rare = try await service.get(Paths.export + "?text=%C3%BCn&not_text=zz", headers)
            #expect(try Self.ids(in: rare) == ["wf-12990", "wf-10010"])
            #expect(reads.value > 2)
            let all = try await service.get(Paths.export + "?order=asc", headers)
            #expect(try Self.ids(in: all) == runs.map(\.id.rawValue))
        }
    }

    @Test("an error of the first page is an error response")
    func firstPage() async throws {
        let replacing = { (stores: inout ServerStores) in
            stores.lists = InterceptedRunLists(lists: stores.lists) { throw StoreError(.unavailable, "Not now.") }
        }
        try await withService(replacing: replacing) { service in
            let headers = try await service.headers(.viewer)
            // More often than there are slots: a failed export gives its slot back.
            for _ in 0...Limits.concurrentExports { _ = try await service.get(Paths.export, headers).error(.unavailable) }
        }
    }

    @Test("an error of a later page cuts the response, so that the client notices, and gives its slot back")
    func laterPage() async throws {
        let reads = Watched(0)
        let replacing = { (stores: inout ServerStores) in
            stores.lists = InterceptedRunLists(lists: stores.lists) {
                guard
                    reads.change({
                        $0 += 1
                        return $0
                    }) < 3
                else { throw StoreError(.unavailable, "Not now.") }
            }
        }
        try await withService(.ahc(), replacing: replacing) { service in
            let first = try #require(Timestamp(iso8601: "2024-02-01"))
            try await service.addRuns(
                try (0..<2_500).map { try service.run("wf-\(10_000 + $0)", created: (first + .seconds($0)).iso8601) })
            let headers = try await service.headers(.viewer)
            for _ in 0...Limits.concurrentExports {
                await #expect(throws: (any Error).self) { try await service.get(Paths.export, headers) }
                reads.change { $0 = 0 }
            }
            reads.change { $0 = -10 }
            #expect(try await service.get(Paths.export, headers).text.split(separator: "\n").count == 2_500)
        }
    }

    @Test("a tenant has a limit of exports at the same time, and another tenant has its own")
    func slots() async throws {
        let gate = Watched(false)
        let waiting = Watched(0)
        let replacing = { (stores: inout ServerStores) in
            stores.lists = InterceptedRunLists(lists: stores.lists) {
                waiting.change { $0 += 1 }
                await gate.until { $0 }
            }
        }
        try await withService(replacing: replacing) { service in
            let headers = try await service.headers(.viewer)
            let others = try await service.headers(.viewer, of: ServiceUnderTest.other)
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<Limits.concurrentExports {
                    group.addTask { try await service.get(Paths.export, headers).status.code }
                }
                await waiting.until { $0 == Limits.concurrentExports }
                let refused = try await service.get(Paths.export, headers)
                #expect(try refused.error(.rateLimited).contains("has \(Limits.concurrentExports) exports at the moment"))
                #expect(refused.headers[.retryAfter] == "5")
                group.addTask { try await service.get(Paths.export, others).status.code }
                await waiting.until { $0 == Limits.concurrentExports + 1 }
                gate.change { $0 = true }
                for try await status in group { #expect(status == 200) }
            }
            #expect(try await service.get(Paths.export, headers).status == .ok)
            // HEAD reads no body, and keeps no slot. The length is not known.
            for _ in 0...Limits.concurrentExports {
                let head = try await service.send(.head, Paths.export, headers: headers)
                #expect(head.status == .ok && head.headers[.contentLength] == nil)
            }
        }
    }
}
