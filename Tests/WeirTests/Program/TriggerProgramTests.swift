import Foundation
import ProgramTestKit
import Testing
import WorkflowAPI
import WorkflowClient
import WorkflowModel

@testable import weir

@Suite("Triggers with the real program", .timeLimit(.minutes(10)))
struct TriggerProgramTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private static func workflow(_ id: String, _ more: String) -> String {
        """
        id: \(id)
        name: Title
        type: test.group/run
        parameters: {region: {type: string, default: eu}}
        \(more)
        stages:
          - name: Only
            tasks: [{id: work, type: test.work, command: [echo, "${parameters.region}"]}]
        """
    }

    @Test func theEndOfARunStartsTheNextOneAndBothSaySo() async throws {
        let server = try await ServerProcess.start(directory.path + "/data", ["--rate-limit", "0"])
        let key = try await server.makeKey()
        let environment = server.environment(key)
        func weir(_ arguments: String...) async throws -> Program.Ended {
            try await Program.run(arguments, environment: environment)
        }
        let report = try directory.write(
            Self.workflow(
                "cg-report", #"triggers: [{after: cg-sources, on: [any], parameters: {region: "${trigger.parameters.region}"}}]"#),
            to: "report.yaml")
        let warned = try await weir("apply", report)
        #expect(warned.status == 0 && warned.messages.contains("A trigger comes after \"cg-sources\""), "\(warned.messages)")
        #expect(try await weir("triggers", "cg-report").messages == "No trigger has fired yet.\n")
        let sources = try directory.write(Self.workflow("cg-sources", ""), to: "sources.yaml")
        #expect(try await weir("apply", sources).messages.contains("A trigger comes after") == false)
        let started = try await weir("start", "cg-sources", "--param", "region=us", "--wait", "--json")
        #expect(started.status == 0, "\(started.messages)")
        let client = server.client(key)
        try await Patience.wait(until: "the trigger has started its run") {
            try await client.firings(of: "cg-report").firings.first?.outcome == .started
        }
        let firing = try #require(try await client.firings(of: "cg-report").firings.first)
        let run = try #require(firing.run)
        let list = try await weir("triggers", "cg-report")
        #expect(list.output.contains("cg-sources succeeded") && list.output.contains(run.rawValue), "\(list.output)")
        #expect(try await weir("triggers", "cg-report", "--json").output.contains(#""outcome""#))
        let shown = try await weir("show", run.rawValue)
        #expect(shown.output.contains("Triggered by") && shown.output.contains("of cg-sources"), "\(shown.output)")
        #expect(shown.output.contains("us"))
        guard case .run(let source, _, _) = firing.cause else {
            Issue.record("\(firing.cause)")
            return
        }
        let before = try await weir("show", source.rawValue)
        #expect(before.output.contains("Triggered") && before.output.contains("\(run) of cg-report"), "\(before.output)")
        #expect(try await client.run(source).firings == [firing])
        #expect(try await weir("triggers", "cg-none").status == ExitStatus.noInput.rawValue)
        #expect(try await weir("triggers", "cg-report", "--from", "2026-02", "--to", "2026-01").status == ExitStatus.usage.rawValue)
        #expect(try await server.end(with: SIGTERM) == 0)
    }
}
