import Foundation
import ProgramTestKit
import Testing
import WorkflowModel
import WorkflowOperations

@testable import weir

@Suite("Applying configurations", .timeLimit(.minutes(10)))
struct ApplyTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func configuration(_ id: String, _ members: String = "", uses: String = "{}") -> String {
        """
        id: \(id)
        name: Applied
        type: test.applied/run
        \(members)
        stages:
          - name: Only
            tasks:
              - {id: one, type: test.one, command: [pwd], uses: \(uses)}
        """
    }

    private func withService(
        _ test: (_ weir: @escaping @Sendable ([String], String?) async throws -> Program.Ended) async throws -> Void
    ) async throws {
        let server = try await ServerProcess.start(directory.path + "/data", ["--rate-limit", "0"])
        let environment = server.environment(try await server.makeKey())
        try await test { try await Program.run($0, environment: environment, input: $1) }
        #expect(try await server.end(with: SIGTERM) == 0)
    }

    @Test(arguments: [
        ("alerts: [{to: unknown, on: [failed]}]", "{}", "unknown, which does not exist"), ("", "{warehouse: 1}", "not a resource"),
        ("schedule: {cron: \"0 2 * * *\", timezone: Europe/Nowhere}", "{}", "Europe/Nowhere"),
    ])
    func serviceSideChecksPrecedeStoring(members: String, uses: String, complaint: String) async throws {
        let good = try directory.write(configuration("cg-a"), to: "a.yaml")
        let bad = try directory.write(configuration("cg-b", members, uses: uses), to: "b.yaml")
        try await withService { weir in
            for line in [["apply", "--check", good, bad], ["apply", good, bad]] {
                let ended = try await weir(line, nil)
                #expect(ended.status == ExitStatus.data.rawValue, "\(ended.messages)")
                #expect(ended.messages.contains("\(bad):") && ended.messages.contains(complaint), "\(ended.messages)")
                #expect(!ended.messages.contains("valid"))
            }
            #expect(try await weir(["configs", "--json"], nil).output == "{\"data\":[]}\n")
            let checked = try await weir(["apply", "--check", "--json", good], nil)
            #expect(
                checked.output == #"{"data":[{"id":"cg-a","name":"Applied","type":"test.applied/run","change":"created"}]}"# + "\n")
            #expect(try await weir(["apply", "--check", good], nil).messages == "The file is valid.\n")
            #expect(try await weir(["configs", "--json"], nil).output == "{\"data\":[]}\n")
        }
    }

    @Test func aCheckWithoutAServiceListsUncheckedReferences() async throws {
        let plain = try directory.write(configuration("cg-a"), to: "a.yaml")
        let claiming = try directory.write(
            configuration(
                "cg-b", "alerts: [{to: ops, on: [failed]}]\nschedule: {cron: \"0 2 * * *\", timezone: Europe/Berlin}",
                uses: "{warehouse: 1}"),
            to: "b.yaml")
        let nobody = ["WEIR_URL": "http://127.0.0.1:1"]
        let fine = try await Program.run(["apply", "--check", plain], environment: nobody)
        #expect(fine.status == 0 && fine.messages == "The file is valid.\n", "\(fine.messages)")
        let partly = try await Program.run(["apply", "--check", plain, claiming], environment: nobody)
        #expect(partly.status == 0)
        #expect(!partly.messages.contains("valid"))
        #expect(
            partly.messages.hasSuffix("\(claiming): the receiver ops, the resource warehouse, the time zone Europe/Berlin\n"),
            "\(partly.messages)")
        let nowhere = try directory.write(
            configuration("cg-c", "schedule: {cron: \"0 2 * * *\", timezone: Europe/Nowhere}"), to: "c.yaml")
        #expect(try await Program.run(["apply", "--check", nowhere], environment: nobody).status == ExitStatus.data.rawValue)
    }

    @Test func standardInputAndPipesAreRead() async throws {
        try await withService { weir in
            let text = configuration("cg-in")
            let applied = try await weir(["apply", "-"], text)
            #expect(applied.status == 0, "\(applied.messages)")
            #expect(try await weir(["apply", "/dev/stdin"], configuration("cg-device")).status == 0)
            let wrong = try await weir(["apply", "-"], text + "\nsurprise: 1\n")
            #expect(wrong.status == ExitStatus.data.rawValue)
            #expect(wrong.messages.contains("standard input:9: "), "\(wrong.messages)")
            let long = try await weir(["apply", "-"], String(repeating: "#", count: 300_000))
            #expect(long.status == ExitStatus.data.rawValue && long.messages.contains("256 KiB"), "\(long.messages)")
            #expect(try await weir(["apply", "-", "-"], text).status == ExitStatus.usage.rawValue)
            #expect(try await weir(["apply", directory.path], nil).messages.contains("it is a directory"))
            let pipe = directory.path + "/pipe"
            try #require(mkfifo(pipe, 0o600) == 0)
            async let piped = weir(["apply", pipe], nil)
            try await OwnThread.run { [self] in
                let end = try FileHandle(forWritingTo: URL(fileURLWithPath: pipe))
                try end.write(contentsOf: Data(configuration("cg-pipe").utf8))
                try end.close()
            }
            #expect(try await piped.status == 0)
            let listed = try await weir(["configs", "--json"], nil).output
            #expect(["cg-in", "cg-device", "cg-pipe"].allSatisfy { listed.contains("\"\($0)\"") }, "\(listed)")
        }
    }

    @Test func configurationsAreNamedWhenTheirTableCannotBeWritten() async throws {
        let server = try await ServerProcess.start(directory.path + "/data", ["--rate-limit", "0"])
        let environment = server.environment(try await server.makeKey())
        let files = try ["cg-a", "cg-b"].map { try directory.write(configuration($0), to: $0 + ".yaml") }
        let ended = try await Program.run(["apply"] + files, environment: environment, output: "/dev/full")
        #expect(ended.status == ExitStatus.cannotWrite.rawValue)
        #expect(ended.messages.hasSuffix("no space is left on the device. Stored: cg-a, cg-b.\n"), "\(ended.messages)")
        let listed = try await Program.run(["configs", "--json"], environment: environment).output
        #expect(listed.contains("\"cg-a\"") && listed.contains("\"cg-b\""))
        #expect(try await server.end(with: SIGTERM) == 0)
    }
}
