import HTTPTypes
import NIOCore
import Synchronization
import Testing
import WorkflowAPI
import WorkflowClient
import WorkflowModel
import WorkflowTestKit

/// Answers with pieces, and with an error behind them where there is one.
private final class PiecewiseTransport: ClientTransport {
    struct Script: Sendable {
        var status = 200
        var headers: HTTPFields = [:]
        var pieces: [String]
        var failure: ClientError?
    }

    private let scripts: Mutex<[Script]>
    private let asked = Mutex<[ClientRequest]>([])

    init(_ scripts: Script...) {
        self.scripts = Mutex(scripts)
    }

    var requests: [ClientRequest] { asked.withLock { $0 } }

    func send(_ request: ClientRequest) async throws(ClientError) -> ClientAnswer {
        let script = try next(request)
        return ClientAnswer(status: script.status, headers: script.headers, body: Array(script.pieces.joined().utf8))
    }

    func stream(_ request: ClientRequest) async throws(ClientError) -> ClientStream {
        let script = try next(request)
        let body = ClientBytes {
            var rest = script.pieces[...]
            return { () async throws(ClientError) in
                if let piece = rest.popFirst() { return Array(piece.utf8) }
                if let failure = script.failure { throw failure }
                return nil
            }
        }
        return ClientStream(status: script.status, headers: script.headers, body: body)
    }

    private func next(_ request: ClientRequest) throws(ClientError) -> Script {
        asked.withLock { $0.append(request) }
        let script = scripts.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        guard let script else { throw ClientError(.unreachable, "Nothing more in the script.") }
        return script
    }
}

@Suite("The client's questions")
struct ClientQuestionTests {
    private let clock = TestClock()
    private let cut = ClientError(.unreachable, "The connection was lost.")

    private func client(_ transport: PiecewiseTransport) -> WorkflowClient {
        WorkflowClient(
            ClientSettings(url: "http://weir.example", tenant: Tenant("acme"), credentials: .token("t0")), transport: transport,
            time: clock)
    }

    @Test func aListNamesItsOrderAndTellsHowFarItWasSearched() async throws {
        let transport = PiecewiseTransport(
            .init(
                headers: [HeaderNames.totalCounted: "120000", HeaderNames.searchedTo: "600000"],
                pieces: [#"{"data":[],"next_token":"n"}"#]))
        var filter = RunFilter(state: .failed)
        filter.configurations = TextChoice("cg-daily")
        let page = try await client(transport).runs(filter, sort: RunSort(by: .runtime, .ascending), withTotal: true)
        #expect(
            transport.requests.map(\.url) == [
                "http://weir.example/api/workflow/runs?state=failed&config_id=cg-daily&sort=runtime&order=asc&with_total=true"
            ])
        #expect(page.total == .moreThan(120_000) && page.endedEarly && page.searchedTo == .runtime(.seconds(600)))
        #expect(page.runs.isEmpty && page.nextToken == "n")
    }

    @Test func facetsAreAskedForByName() async throws {
        let transport = PiecewiseTransport(
            .init(pieces: [#"{"total":1,"counted":1,"complete":true,"facets":{"type":[{"value":"a","runs":1}]}}"#]))
        let facets = try await client(transport).facets(RunFilter(type: "a"), by: [.type, .configuration], limit: 3)
        #expect(
            transport.requests.map(\.url) == ["http://weir.example/api/workflow/runs/facets?by=type%2Cconfig_id&limit=3&type=a"])
        #expect(facets == RunFacets(total: .exactly(1), values: [.type: [.init(text: "a", runs: 1)]]))
    }

    @Test func statisticsAreAskedForByDayAndFilter() async throws {
        let transport = PiecewiseTransport(
            .init(pieces: [String(buffer: RunStatistics().document)]), .init(pieces: [String(buffer: RunStatistics().document)]))
        let client = client(transport)
        #expect(try await client.statistics() == RunStatistics())
        let filter = StatisticsFilter(
            window: TimeWindow(from: Timestamp(milliseconds: 0)), states: WorkflowState.failed.runStates, types: TextChoice("a"),
            attributions: [.platform])
        _ = try await client.statistics(filter, by: [.day, .configuration], limit: 7)
        #expect(
            transport.requests.map(\.url) == [
                "http://weir.example/api/workflow/statistics",
                "http://weir.example/api/workflow/statistics?from=1970-01-01T00%3A00%3A00.000Z&by=day%2Cconfig_id&limit=7"
                    + "&state=failed&type=a&attribution=platform",
            ])
    }

    @Test func viewsHaveNamesInTheirPaths() async throws {
        let view = #"{"name":"a/b","search":"dec","saved_at":"2024-02-10T17:29:32.687Z","saved_by":{"id":"k","name":"CI"}}"#
        let transport = PiecewiseTransport(
            .init(pieces: ["{\"data\":[\(view)]}"]), .init(pieces: [view]), .init(status: 201, pieces: [view]),
            .init(status: 204, pieces: []))
        let client = client(transport)
        #expect(try await client.views().map(\.name) == ["a/b"])
        #expect(try await client.view(named: "a/b").search == "dec")
        #expect(try await client.saveView("dec", as: "a/b").savedBy.name == "CI")
        try await client.deleteView(named: "a/b")
        #expect(transport.requests.map(\.method) == [.get, .get, .put, .delete])
        let path = "http://weir.example/api/workflow/views"
        #expect(transport.requests.map(\.url) == [path, path + "/a%2Fb", path + "/a%2Fb", path + "/a%2Fb"])
        #expect(transport.requests[2].body.map { String(decoding: $0, as: UTF8.self) } == #"{"search":"dec"}"#)
    }

    @Test func aStartWithLabelsGoesToItsConfiguration() async throws {
        let run = """
            {"id":"wf-1","name":"D","type":"a","state":"scheduled","tenant":"acme","created_at":"2024-02-10T17:29:32.687Z",\
            "task_instances":[]}
            """
        let transport = PiecewiseTransport(.init(status: 201, pieces: [run]), .init(status: 201, pieces: [run]))
        let client = client(transport)
        var order = StartRequest(configuration: "cg daily", runMode: .full)
        _ = try await client.start(order)
        order.labels = RunLabels([RunLabel(key: "team", value: "crm")].compactMap { $0 })
        _ = try await client.start(order, idempotencyKey: "once")
        #expect(
            transport.requests.map(\.url) == [
                "http://weir.example/api/workflow/runs", "http://weir.example/api/workflow/configs/cg%20daily/runs",
            ])
        let bodies = transport.requests.map { String(decoding: $0.body ?? [], as: UTF8.self) }
        #expect(
            bodies == [#"{"config_id":"cg daily","run_mode":"full"}"#, #"{"labels":{"team":"crm"},"run_mode":"full"}"#])
        #expect(transport.requests[1].headers[HeaderNames.idempotencyKey] == "\"once\"")
    }

    @Test func anExportArrivesInPieces() async throws {
        let transport = PiecewiseTransport(.init(pieces: ["id,na", "me\r\n", "wf-1,"]))
        let bytes = try await client(transport).export(sort: RunSort(by: .ended), as: .csv)
        var pieces: [String] = []
        for try await piece in bytes { pieces.append(String(decoding: piece, as: UTF8.self)) }
        #expect(pieces == ["id,na", "me\r\n", "wf-1,"])
        let request = try #require(transport.requests.first)
        #expect(request.url == "http://weir.example/api/workflow/runs/export?sort=ended&order=desc")
        #expect(request.headers[.accept] == "text/csv" && request.headers[.authorization] == "Bearer t0")
    }

    @Test(
        arguments: [
            ([], []), (["a\nb\n"], ["a", "b"]), (["a", "\n", "b"], ["a", "b"]),
            (["a\n\nb", "c\nd", "", "e\n"], ["a", "bc", "de"]),
            (["\n\n"], []), (["", "a"], ["a"]), (["a\n", "\nb\n"], ["a", "b"]),
        ] as [([String], [String])])
    func linesOfAnExportAreJoinedOverPieces(pieces: [String], lines: [String]) async throws {
        let bytes = try await client(PiecewiseTransport(.init(pieces: pieces))).export()
        var found: [String] = []
        for try await line in bytes.lines { found.append(String(decoding: line, as: UTF8.self)) }
        #expect(found == lines)
    }

    @Test func aCutExportFailsBehindWhatHasArrived() async throws {
        for readsLines in [false, true] {
            let transport = PiecewiseTransport(.init(pieces: ["a\nb\n"], failure: cut))
            let bytes = try await client(transport).export()
            var count = 0
            await #expect(throws: cut) {
                if readsLines {
                    for try await _ in bytes.lines { count += 1 }
                } else {
                    for try await _ in bytes { count += 1 }
                }
            }
            #expect(count == (readsLines ? 2 : 1))
        }
    }

    @Test func aRefusedExportSaysWhy() async throws {
        let refusal = #"{"status":400,"message":"Unknown parameter.","request_id":"r1"}"#
        let transport = PiecewiseTransport(.init(status: 400, pieces: [String(refusal.prefix(9)), String(refusal.dropFirst(9))]))
        let error = await #expect(throws: ClientError.self) { try await client(transport).export() }
        #expect(error == ClientError(.refused(.invalid), "Unknown parameter.", requestID: "r1"))
    }

    @Test func anExportWaitsForItsTurn() async throws {
        let busy = PiecewiseTransport.Script(
            status: 429, headers: [.retryAfter: "5"], pieces: [#"{"status":429,"message":"Later."}"#])
        let transport = PiecewiseTransport(busy, .init(pieces: ["a\n"]))
        let client = client(transport)
        async let export = client.export()
        await clock.untilSleeping(for: .seconds(5))
        clock.advance(by: .seconds(5))
        var lines = 0
        for try await _ in try await export.lines { lines += 1 }
        #expect(lines == 1 && transport.requests.count == 2)
    }
}
