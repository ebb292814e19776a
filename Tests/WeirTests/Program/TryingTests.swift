import Foundation
import ProgramTestKit
import Testing
import WorkflowAPI
import WorkflowModel

@testable import weir

@Suite("Validating and comparing configurations", .timeLimit(.minutes(10)))
struct TryingTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func configuration(_ id: String, _ members: String = "", label: String = "One") -> String {
        """
        id: \(id)
        name: Tried
        type: test.tried/run
        \(members)
        stages:
          - name: Only
            tasks:
              - {id: one, type: test.one, label: \(label), command: [python3, one.py], uses: {warehouse: 1}}
              - {id: two, type: test.two, http: {method: GET, url: "https://example.com/"}}
        """
    }

    @Test func validFilesAreListedWithOpenQuestions() async throws {
        let first = try directory.write(configuration("cg-a"), to: "a.yaml")
        let second = try directory.write(
            configuration("cg-b", "alerts: [{to: ops, on: [failed]}]\nschedule: {cron: \"0 2 * * *\", timezone: Europe/Berlin}"),
            to: "b.yaml")
        let ended = try await Program.run(["validate", first, second])
        #expect(ended.status == 0, "\(ended.messages)")
        #expect(
            ended.output == """
                \(first): cg-a is valid, with 1 stage, 2 tasks
                \(second): cg-b is valid, with 1 stage, 2 tasks, 1 schedule
                Not checked, because it depends on the service and its workers:
                \(first): the resource warehouse, the program python3, the addresses of 1 HTTP task
                \(second): the receiver ops, the resource warehouse, the program python3, the addresses of 1 HTTP task

                """)
        let json = try await Program.run(["validate", "--json", first])
        #expect(
            json.output == #"{"data":[{"file":"\#(first)","id":"cg-a","name":"Tried","type":"test.tried/run","tasks":2,"#
                + #""not_checked":["the resource warehouse","the program python3","the addresses of 1 HTTP task"]}]}"# + "\n")
    }

    @Test func problemsOfAllFilesAreReportedAtOnce() async throws {
        let good = try directory.write(configuration("cg-a"), to: "a.yaml")
        let bad = try directory.write(configuration("cg-b", "surprise: 1"), to: "b.yaml")
        let twice = try directory.write(configuration("cg-a"), to: "c.yaml")
        let nowhere = try directory.write(
            configuration("cg-d", "schedule: {cron: \"0 2 * * *\", timezone: Europe/Nowhere}"), to: "d.yaml")
        let ended = try await Program.run(["validate", good, bad, twice])
        #expect(ended.status == ExitStatus.data.rawValue && ended.output.isEmpty)
        #expect(ended.messages.contains("\(bad):4: ") && ended.messages.contains("also the id of \(good)"), "\(ended.messages)")
        let zone = try await Program.run(["validate", nowhere])
        #expect(zone.status == ExitStatus.data.rawValue && zone.messages.contains("Europe/Nowhere"), "\(zone.messages)")
        #expect(try await Program.run(["validate", directory.path + "/none.yaml"]).status == ExitStatus.noInput.rawValue)
        #expect(try await Program.run(["validate", "-"], input: configuration("cg-e")).status == 0)
        #expect(try await Program.run(["validate", "-", "-"], input: "").status == ExitStatus.usage.rawValue)
    }

    @Test func workflowsThatCallEachOtherInACircleAreRefusedWithoutAService() async throws {
        func calling(_ id: String, _ other: String) throws -> String {
            let text = "id: \(id)\nname: N\ntype: t/run\nstages:\n  - name: Only\n    tasks:\n"
            return try directory.write(text + "      - {id: call, type: t, workflow: {config: \(other)}}\n", to: "\(id).yaml")
        }
        let (alone, first, second) = (try calling("cg-a", "cg-a"), try calling("cg-b", "cg-c"), try calling("cg-c", "cg-b"))
        let one = try await Program.run(["validate", alone])
        #expect(one.status == ExitStatus.data.rawValue)
        #expect(one.messages == "weir: \(alone):7: The workflow `cg-a` calls itself, so that its runs would never end.\n")
        let both = try await Program.run(["validate", first, second])
        #expect(both.status == ExitStatus.data.rawValue && both.messages.contains("\(first):7: "), "\(both.messages)")
        #expect(both.messages.contains("\(second):7: ") && both.messages.contains("cg-c → cg-b → cg-c."), "\(both.messages)")
        // One of them alone depends on the service.
        #expect(try await Program.run(["validate", first]).output.contains("the workflow cg-c"))
    }

    @Test func aFileThatIsTooLargeIsRefusedWithItsLimit() async throws {
        let file = try directory.write(configuration("cg-a") + String(repeating: "# long\n", count: 150_000), to: "a.yaml")
        let ended = try await Program.run(["validate", file])
        #expect(ended.status == ExitStatus.data.rawValue)
        #expect(ended.messages == "weir: \(file): The text of a configuration may have at most 256 KiB; this one has more.\n")
    }

    @Test func aDryRunShowsDifferencesAndStoresNothing() async throws {
        let server = try await ServerProcess.start(directory.path + "/data", ["--rate-limit", "0"])
        let environment = server.environment(try await server.makeKey())
        func weir(_ arguments: String...) async throws -> Program.Ended {
            try await Program.run(arguments, environment: environment)
        }
        #expect(
            try await Program.run(["tenants", "set", "acme", "--resource", "warehouse=1", "--data", directory.path + "/data"])
                .status
                == 0)
        let (same, changed) = (try directory.write(configuration("cg-a"), to: "a.yaml"), directory.path + "/b.yaml")
        try directory.write(configuration("cg-b"), to: "b.yaml")
        #expect(try await weir("apply", same, changed).status == 0)
        try directory.write(configuration("cg-b", label: "Other"), to: "b.yaml")
        let new = try directory.write(configuration("cg-c"), to: "c.yaml")

        let dry = try await weir("apply", "--dry-run", same, changed, new)
        #expect(dry.status == 0, "\(dry.messages)")
        let line = "      - {id: one, type: test.one, label: One, command: [python3, one.py], uses: {warehouse: 1}}"
        #expect(
            dry.output == """
                \(same): cg-a is unchanged
                \(changed): cg-b changes from version 1
                @@ -5,5 +5,5 @@
                 stages:
                   - name: Only
                     tasks:
                -\(line)
                +\(line.replacing("One", with: "Other"))
                       - {id: two, type: test.two, http: {method: GET, url: "https://example.com/"}}
                \(new): cg-c is new

                """)
        #expect(dry.messages == "1 new, 1 changed, 1 unchanged. Nothing was stored.\n")
        let json = try await weir("apply", "--dry-run", "--json", changed)
        #expect(json.output.contains(#""change":"updated""#) && json.output.contains(#""differences":["@@ -5,5 +5,5 @@""#))
        let listed = try await weir("configs", "--json").output
        #expect(!listed.contains("cg-c") && !listed.contains(#""number":2"#))

        // Moved to another directory, with the same text.
        try FileManager.default.createDirectory(atPath: directory.path + "/moved", withIntermediateDirectories: false)
        let moved = try directory.write(configuration("cg-a"), to: "moved/a.yaml")
        let elsewhere = try await weir("apply", "--dry-run", moved)
        #expect(elsewhere.output.hasSuffix("directory: \(directory.path) → \(directory.path)/moved\n"), "\(elsewhere.output)")

        let bad = try directory.write(configuration("cg-d", "surprise: 1"), to: "d.yaml")
        #expect(try await weir("apply", "--dry-run", new, bad).status == ExitStatus.data.rawValue)
        #expect(try await weir("apply", "--dry-run", "--check", new).status == ExitStatus.usage.rawValue)
        #expect(try await server.end(with: SIGTERM) == 0)
        #expect(try await weir("apply", "--dry-run", new).status == ExitStatus.unavailable.rawValue)
    }

    @Test func runsShowTheCommitAndRerunsSayThatItHasChanged() async throws {
        let server = try await ServerProcess.start(directory.path + "/data", ["--rate-limit", "0"])
        let key = try await server.makeKey()
        let repository = try TestRepository(in: try Self.subdirectory("code", of: directory))
        var environment = server.environment(key)
        for (name, value) in repository.environment { environment[name] = value }
        func weir(_ arguments: String...) async throws -> Program.Ended {
            try await Program.run(arguments, environment: environment)
        }
        let file = try directory.write(
            "id: cg-a\nname: A\ntype: a.b\nstages: [{name: S, tasks: [{id: t, type: x.y, command: [\"true\"]}]}]\n",
            to: "code/a.yaml")
        try repository.git("init", "--quiet")
        let old = try repository.commit()
        #expect(try await weir("apply", file).status == 0)
        let started = try await weir("start", "cg-a", "--wait")
        #expect(started.status == 0, "\(started.messages)")
        let id = started.output.trimmingCharacters(in: .whitespacesAndNewlines)
        let first = try await weir("show", id).output
        #expect(first.contains(old.prefix(12)) && !first.contains("changed since"), "\(first)")
        #expect(!(try await weir("rerun", id).messages.contains("changed")))

        try directory.write("print()", to: "code/b.py")
        #expect(try await weir("apply", "--dry-run", file).output.hasSuffix("with uncommitted changes\n"))
        #expect(try await weir("apply", file).status == 0)
        #expect(try await weir("show", id).output.contains("\(old.prefix(12)) (changed since: \(old.prefix(12)) with uncommitted"))
        let new = try repository.commit()
        #expect(try await weir("apply", file).status == 0)
        #expect(try await weir("apply", "--dry-run", file).output == "\(file): cg-a is unchanged\n")
        for version in ["launched", "current"] {
            let rerun = try await weir("rerun", id, "--version", version)
            #expect(rerun.status == 0)
            #expect(
                rerun.messages
                    == "The directory has changed since the run: \(old.prefix(12)) then, \(new.prefix(12)) now.\n", "\(version)")
        }
        #expect(try await weir("configs", "--json").output.contains(#""code":{"commit":"\#(new)","dirty":false}"#))
        #expect(try await server.end(with: SIGTERM) == 0)
    }

    private static func subdirectory(_ name: String, of directory: TemporaryDirectory) throws -> String {
        let path = directory.path + "/" + name
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        return path
    }
}
