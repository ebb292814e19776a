import Foundation
import ProgramTestKit
import Testing
import WorkflowAPI
import WorkflowModel

@testable import weir

@Suite("Finding runs with a service", .timeLimit(.minutes(10)))
struct FindingRunsTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private static let workflow = """
        id: cg-test
        name: Test
        type: test.group/run
        labels: {team: crm}
        stages:
          - name: Only
            tasks:
              - {id: speak, label: Speak, type: test.speak, command: [sh, -c, 'exit $(cat code)']}
        """

    /// A service with three runs: one that succeeded, one that failed, and one with a label of its own that failed.
    private func service() async throws -> (server: ServerProcess, environment: [String: String]) {
        let server = try await ServerProcess.start(directory.path + "/data", ["--rate-limit", "0"])
        let environment = server.environment(try await server.makeKey())
        let file = try directory.write(Self.workflow, to: "workflow.yaml")
        try directory.write("0", to: "code")
        let applied = try await Program.run(["apply", file], environment: environment)
        #expect(applied.status == 0 && applied.output.contains("team=crm"), "\(applied.messages)")
        #expect(try await Program.run(["start", "cg-test", "--wait"], environment: environment).status == 0)
        try directory.write("3", to: "code")
        for labels in [[], ["--label", "ticket=OPS-417"]] {
            let failed = try await Program.run(["start", "cg-test", "--wait"] + labels, environment: environment)
            #expect(failed.status == ExitStatus.failedByCustomer.rawValue, "\(failed.messages)")
        }
        return (server, environment)
    }

    private static func ids(_ ended: Program.Ended) throws -> [RunID] {
        try RunListAnswer(json: Array(ended.output.utf8)).runs.map(\.id)
    }

    @Test func aSearchOptionsAndAViewFindTheSameRuns() async throws {
        let (server, environment) = try await service()
        func weir(_ arguments: String...) async throws -> Program.Ended {
            let ended = try await Program.run(arguments, environment: environment)
            #expect(ended.status == 0, "\(arguments): \(ended.messages)")
            return ended
        }
        let failed = try Self.ids(try await weir("runs", "state:failed workflow:cg-test since:1d", "--json"))
        #expect(failed.count == 2)
        #expect(try Self.ids(try await weir("runs", "--state", "failed", "--config-id", "cg-test", "--json")) == failed)
        #expect(try Self.ids(try await weir("runs", "attribution:customer", "label:team:crm", "--format", "json")) == failed)
        #expect(try Self.ids(try await weir("runs", "--json", "sort:-created")).suffix(2) == failed.reversed())
        #expect(try Self.ids(try await weir("runs", "--label", "ticket=OPS-417", "--json")) == [failed[0]])
        #expect(try Self.ids(try await weir("runs", "-label:ticket:OPS-417", "state:failed", "--json")) == [failed[1]])

        let saved = try await weir("views", "save", "failed-today", "state:failed since:1d")
        #expect(saved.messages.contains("failed-today"))
        #expect(try Self.ids(try await weir("runs", "--view", "failed-today", "--json")) == failed)
        #expect(try Self.ids(try await weir("runs", "--view", "failed-today", "label:ticket:OPS-417", "--json")) == [failed[0]])
        #expect(try await weir("views").output.contains("state:failed since:1d"))
        #expect(try await weir("views", "show", "failed-today").output.contains("state:failed since:1d"))
        _ = try await weir("views", "delete", "failed-today")
        for verb in [["views", "show", "failed-today"], ["runs", "--view", "failed-today"], ["views", "delete", "failed-today"]] {
            #expect(try await Program.run(verb, environment: environment).status == ExitStatus.noInput.rawValue, "\(verb)")
        }

        let counts = try await weir("runs", "--by", "state,workflow")
        #expect(
            counts.output.contains("Failed        2    67%") && counts.output.contains("cg-test      3   100%"), "\(counts.output)")
        #expect(counts.messages == "3 runs match.\n")
        let document = try RunFacets(json: Array(try await weir("runs", "--by", "state", "--json").output.utf8))
        #expect(document.values[.state]?.first == .init(text: "failed", runs: 2))

        let table = try await weir("runs", "label:ticket:OPS-417")
        #expect(table.output.contains("cg-test") && table.output.contains("team=crm, ticket=OPS-417"))
        let shown = try await weir("show", failed[0].rawValue)
        #expect(shown.output.contains("Test (cg-test)") && shown.output.contains("team=crm, ticket=OPS-417"))
        #expect(try await server.end(with: SIGTERM) == 0)
    }

    @Test func anExportIsImportedUnchanged() async throws {
        let (server, environment) = try await service()
        let file = directory.path + "/runs.ndjson"
        let exported = try await Program.run(["runs", "--format", "ndjson", "--output", file], environment: environment)
        #expect(exported.status == 0, "\(exported.messages)")
        #expect(exported.output.isEmpty && exported.messages.hasPrefix("Exported 3 runs to \(file) in "))
        let printed = try await Program.run(["runs", "--format", "ndjson", "--output", "-"], environment: environment)
        #expect(printed.output == directory.text(of: "runs.ndjson"))

        let csv = try await Program.run(["runs", "state:failed", "--format", "csv"], environment: environment)
        #expect(csv.output.hasPrefix("id,name,type,state,") && csv.output.split(separator: "\r\n").count == 3)

        let refused = try await Program.run(
            ["runs", "--format", "csv", "--output", directory.path + "/none/runs.csv"], environment: environment)
        #expect(refused.status == ExitStatus.cannotCreate.rawValue)
        #expect(try await server.end(with: SIGTERM) == 0)

        let other = ["--data", directory.path + "/other", "--tenant", "acme"]
        _ = try await ServerProcess.makeKey(on: ["--data", directory.path + "/other"])
        let imported = try await Program.run(["import", file, "--json"] + other)
        #expect(imported.status == 0 && imported.output.contains(#""added":3"#), "\(imported.messages)")
    }

    @Test func theShellCompletesSearches() async throws {
        let (server, environment) = try await service()
        func complete(_ word: String) async throws -> [Substring] {
            let call = ["---completion", "runs", "--", "positional@0", "2", String(word.count), "weir", "runs", word]
            let ended = try await Program.run(call, environment: environment)
            #expect(ended.status == 0, "\(ended.messages)")
            return ended.output.split(separator: "\n")
        }
        #expect(try await complete("workflow:cg").contains("workflow:cg-test"))
        #expect(try await complete("state:fa").contains("state:failed"))
        #expect(try await complete("type:test").contains("type:test.group/run"))
        #expect(try await server.end(with: SIGTERM) == 0)
        #expect(try await complete("workflow:cg").isEmpty)
        let script = try await Program.run(["--generate-completion-script", "bash"])
        #expect(script.status == 0 && script.output.contains("complete -o filenames"))
    }
}
