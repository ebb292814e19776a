import Foundation
import HTTPTestKit
import HTTPTypes
import Hummingbird
import NIOCore
import ProgramTestKit
import Synchronization
import Testing
import WorkflowModel

@testable import weir

/// A workspace with the endpoints of Databricks' Jobs API that the example calls.
private final class Workspace: Sendable {
    private let end: String
    private let state = Mutex<(requests: [ReceivedRequest], asked: Int)>(([], 0))

    /// - Parameter end: the type of the end of its runs.
    init(endingWith end: String) {
        self.end = end
    }

    var requests: [ReceivedRequest] { state.withLock { $0.requests } }

    func answer(_ request: ReceivedRequest) -> Response {
        let asked = state.withLock { state in
            state.requests.append(request)
            state.asked += request.method == "GET" ? 1 : 0
            return state.asked
        }
        let body =
            switch request.path.split(separator: "?").first ?? "" {
            case "/api/2.2/jobs/runs/submit": #"{"run_id":455644833}"#
            case "/api/2.2/jobs/runs/get" where asked < 2: #"{"run_id":455644833,"status":{"state":"RUNNING"}}"#
            case "/api/2.2/jobs/runs/get":
                #"{"run_id":455644833,"run_page_url":"https://w.example/#job/1/run/2","execution_duration":259754,"#
                    + #""status":{"state":"TERMINATED","termination_details":{"type":"\#(end)","message":"The cell failed."}}}"#
            default: "{}"
            }
        return Response(
            status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(string: body)))
    }
}

@Suite("The example of a run in Databricks", .timeLimit(.minutes(10)))
struct DatabricksExampleTests {
    private static let example = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../examples/databricks/submit-and-wait.yaml").standardizedFileURL

    @Test(arguments: [
        ("SUCCESS", ExitStatus.succeeded, "load-orders: Succeeded"),
        ("CLIENT_ERROR", .failedByCustomer, "CLIENT_ERROR: The cell failed."),
        ("INTERNAL_ERROR", .failedOtherwise, "INTERNAL_ERROR: The cell failed."),
    ])
    func submitsOnceWaitsAndBlames(end: String, status: ExitStatus, words: String) async throws {
        let workspace = Workspace(endingWith: end)
        try await LoopbackServer.open {
            workspace.answer($0)
        } test: { port in
            let directory = try TemporaryDirectory()
            let server = try await ServerProcess.start(directory.path + "/data")
            let environment = server.environment(try await server.makeKey())
            let text = try String(contentsOf: Self.example, encoding: .utf8)
                .replacing("https://example.cloud.databricks.com", with: "http://127.0.0.1:\(port)")
                .replacing("every: 30s", with: "every: 1s")
            let file = try directory.write(text, to: "submit-and-wait.yaml")
            func weir(_ words: String..., input: String? = nil) async throws -> Program.Ended {
                try await Program.run(words, environment: environment, input: input)
            }
            #expect(try await weir("secrets", "set", "databricks", input: "dapi-0123456789").status == 0)
            let applied = try await weir("apply", file)
            #expect(applied.status == 0, "\(applied.messages)")
            let started = try await weir("start", "cg-databricks", "--param", "day=2026-12-01", "--wait")
            #expect(started.status == status.rawValue && started.messages.contains(words), "\(started.messages)")
            let id = started.output.trimmingCharacters(in: .whitespacesAndNewlines)
            let submitted = workspace.requests.filter { $0.path.hasSuffix("/submit") }
            #expect(submitted.count == 1 && submitted.first?.headers["authorization"] == "Bearer dapi-0123456789")
            #expect(submitted.first?.body.contains(#""idempotency_token":"\#(id)""#) == true, "\(submitted)")
            #expect(submitted.first?.body.contains(#""base_parameters":{"day":"2026-12-01"}"#) == true, "\(submitted)")
            #expect(workspace.requests.filter { $0.path == "/api/2.2/jobs/runs/get?run_id=455644833" }.count == 2)
            if end == "SUCCESS" {
                let shown = try await weir("show", id, "--json")
                #expect(shown.output.contains("455644833"), "\(shown.output)")
            }
            #expect(try await server.end(with: SIGTERM) == 0)
        }
    }
}
