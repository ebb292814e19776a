import Foundation
import HTTPTypes
import ProgramTestKit
import Testing
import WorkflowAPI
import WorkflowClient
import WorkflowModel

@testable import weir

@Suite("The verbs against a service", .timeLimit(.minutes(10)))
struct VerbTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private static let workflow = """
        id: cg-test
        name: Test
        type: test.group/run
        stages:
          - name: Only
            tasks:
              - id: speak
                label: Speak
                type: test.speak
                command: [sh, -c, 'echo "mode $WEIR_RUN_MODE in $(basename "$PWD")"']
              - id: end
                label: End
                type: test.end
                command: [sh, -c, "echo aside >&2; echo out; exit $(cat code)"]
                needs: [speak]
                retry: {attempts: 2, first_delay: 10ms}
        """

    private static let endless = """
        id: cg-endless
        name: Endless
        type: test.group/run
        stages:
          - name: Only
            tasks:
              - {id: wait, label: Wait, type: test.wait, command: [sh, -c, "echo waiting; exec sleep 600"]}
        """

    @Test func aWorkflowIsAppliedStartedListedShownAndReadAndOneIsStopped() async throws {
        let server = try await ServerProcess.start(directory.path + "/data", ["--rate-limit", "0"])
        let environment = server.environment(try await server.makeKey())
        func weir(_ arguments: String...) async throws -> Program.Ended {
            try await Program.run(arguments, environment: environment)
        }
        let file = try directory.write(Self.workflow, to: "workflow.yaml")
        let other = try directory.write(Self.endless, to: "endless.yaml")
        try directory.write("0", to: "code")
        let applied = try await weir("apply", file, other)
        #expect(applied.status == 0, "\(applied.messages)")
        #expect(try await weir("configs").output.contains("cg-endless"))

        let started = try await weir("start", "cg-test", "--run-mode", "source", "--wait")
        #expect(started.status == 0, "\(started.messages)")
        let id = started.output.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(started.messages.contains("speak: Succeeded\n"))
        #expect(started.messages.contains("\(id): Succeeded after "))
        #expect(try await weir("logs", id, "speak").output == "mode source in \((directory.path as NSString).lastPathComponent)\n")
        #expect(try await weir("logs", id, "Speak", "--follow").output.hasPrefix("==> speak, attempt 1 <==\nmode source"))
        #expect(try await weir("logs", id, "nonsense").status == ExitStatus.noInput.rawValue)
        for arguments in [["logs", id, "end"], ["logs", id]] {
            let errors = try await Program.run(arguments + ["--stream", "stderr", "--timestamps"], environment: environment)
            let lines = errors.output.split(separator: "\n").filter { $0.hasSuffix(" aside") }
            #expect(lines.count == 1 && !errors.output.contains(" out"), "\(errors.output)")
            #expect(lines.first.flatMap { Timestamp(iso8601: String($0.dropLast(" aside".count))) } != nil, "\(errors.output)")
        }
        let none = try await weir("logs", id, "speak", "--stream", "stderr")
        #expect(none.output.isEmpty && none.messages.contains("speak has no output on stderr"), "\(none.messages)")
        #expect(try await weir("logs", id, "end", "--stream", "stdout", "--follow").output == "==> end, attempt 1 <==\nout\n")

        // A succeeded run stays succeeded, so the conflict is not temporary.
        #expect(try await weir("rerun", id, "--from-failure").status == ExitStatus.data.rawValue)

        // The result of a run is the exit code of the wait.
        for (code, status) in [("3", ExitStatus.failedByCustomer), ("75", .failedOtherwise)] {
            try directory.write(code, to: "code")
            let failed = try await weir("start", "cg-test", "--wait")
            #expect(failed.status == status.rawValue, "\(failed.messages)")
        }
        let listed = try await weir("runs", "--state", "failed", "--with-total", "--limit", "1")
        #expect(listed.output.contains("Failed (platform)") && !listed.output.contains("Failed (customer)"))
        #expect(listed.messages.contains("2 runs match."))
        let failedID = try #require(listed.output.split(separator: "\n").last?.split(separator: " ").first)
        let shown = try await weir("show", String(failedID))
        #expect(shown.output.contains("platform: ") && shown.output.contains("Failed (platform)"))
        #expect(try await weir("runs", "--all", "--limit", "1", "--json").output.components(separatedBy: "\"id\"").count - 1 == 3)

        #expect(try await weir("resolve", String(failedID)).output.contains("which keeps the results of the other tasks."))
        let resolved = try await weir("resolve", String(failedID), "end", "skip", "--reason", "known")
        #expect(resolved.status == 0, "\(resolved.messages)")
        let carrier = resolved.output.trimmingCharacters(in: .whitespacesAndNewlines)
        let carried = try await weir("show", carrier).output
        #expect(carried.contains("Skipped by a person") && carried.contains("known") && carried.contains("Succeeded"))
        #expect(try await weir("resolve", carrier, "end", "skip").status == ExitStatus.data.rawValue)
        #expect(try await weir("resolve", carrier, "nonsense", "skip").status == ExitStatus.noInput.rawValue)

        let endless = try await weir("start", "cg-endless", "--idempotency-key", "once")
        let again = try await weir("start", "cg-endless", "--idempotency-key", "once")
        #expect(endless.output == again.output)
        let endlessID = endless.output.trimmingCharacters(in: .whitespacesAndNewlines)
        async let waited = weir("logs", endlessID, "--follow")
        let stopped = try await weir("stop", endlessID, "--wait")
        #expect(stopped.status == 0)
        #expect(stopped.messages == "\(endlessID) is stopped.\n")
        #expect(try await waited.status == 0)
        #expect(try await weir("stop", endlessID).messages == "\(endlessID) is stopped.\n")
        #expect(try await server.end(with: SIGTERM) == 0)
    }

    @Test func aBadConfigurationIsNamedAndNothingIsStored() async throws {
        let server = try await ServerProcess.start(directory.path + "/data")
        let environment = server.environment(try await server.makeKey())
        let good = try directory.write(Self.endless, to: "good.yaml")
        let bad = try directory.write(
            Self.workflow.replacingOccurrences(of: "command: [sh, -c, 'echo", with: "comand: [sh, -c, 'echo"), to: "bad.yaml")
        let applied = try await Program.run(["apply", good, bad], environment: environment)
        #expect(applied.status == ExitStatus.data.rawValue)
        #expect(applied.messages.contains("\(bad):10: "))
        #expect(try await Program.run(["configs", "--json"], environment: environment).output == "{\"data\":[]}\n")
        #expect(try await Program.run(["apply", directory.path + "/none.yaml"]).status == ExitStatus.noInput.rawValue)
        #expect(try await Program.run(["apply", "--check", good]).status == 0)
        #expect(try await server.end(with: SIGTERM) == 0)
    }

    @Test func missingPermissionsAreReported() async throws {
        let server = try await ServerProcess.start(directory.path + "/data")
        let viewer = server.environment(try await server.makeKey(policy: "viewer"))
        #expect(try await Program.run(["runs"], environment: viewer).status == 0)
        #expect(try await Program.run(["start", "cg-test"], environment: viewer).status == ExitStatus.notAllowed.rawValue)
        let anybody = try await Program.run(["runs"], environment: ["WEIR_URL": server.url, "WEIR_TENANT": "acme"])
        #expect(anybody.status == ExitStatus.notAllowed.rawValue)
        #expect(anybody.messages.contains("WEIR_TOKEN"))
        #expect(try await Program.run(["show", "wf-none"], environment: viewer).status == ExitStatus.noInput.rawValue)
        let token = try await Program.run(["token"], environment: viewer).output.trimmingCharacters(in: .whitespacesAndNewlines)
        let withToken = ["WEIR_URL": server.url, "WEIR_TENANT": "acme", "WEIR_TOKEN": token]
        #expect(try await Program.run(["runs", "--json"], environment: withToken).output == "{\"data\":[]}\n")
        #expect(try await server.end(with: SIGTERM) == 0)
        let nobody = try await Program.run(["runs"], environment: withToken)
        #expect(nobody.status == ExitStatus.unavailable.rawValue)
    }

    @Test func anIssuerGetsTokensOfKeysThatLast() async throws {
        let server = try await ServerProcess.start(directory.path + "/data")
        let issuerKey = try await server.makeKey(policy: "issuer")
        let issuer = server.environment(issuerKey)
        let viewerKey = try await server.makeKey(policy: "viewer")
        let viewer = try #require(viewerKey["client_id"])
        #expect(try await Program.run(["runs"], environment: issuer).status == ExitStatus.notAllowed.rawValue)
        let issued = try await Program.run(["token", "--days", "30", viewer], environment: issuer)
        #expect(issued.status == 0, "\(issued.messages)")
        let withToken = [
            "WEIR_URL": server.url, "WEIR_TENANT": "acme",
            "WEIR_TOKEN": issued.output.trimmingCharacters(in: .whitespacesAndNewlines),
        ]
        #expect(try await Program.run(["runs", "--json"], environment: withToken).output == "{\"data\":[]}\n")
        // Without a key id, the token is for WEIR_CLIENT_ID.
        let own = try await Program.run(["token", "--days", "1", "--json"], environment: issuer)
        let answer = try #require(JSONValue(json: own.output.utf8))
        guard case .integer(let seconds)? = answer["expires_in"] else { throw ExitStatus.data }
        // A day, less the time of the request.
        #expect((86_000...86_400).contains(seconds) && answer["expires_at"]?.string != nil)
        #expect(try await Program.run(["token", "wk_nobody"], environment: issuer).status == ExitStatus.noInput.rawValue)
        #expect(try await Program.run(["token", viewer], environment: withToken).status == ExitStatus.notAllowed.rawValue)
        #expect(try await Program.run(["token", "--days", "366"], environment: issuer).status == ExitStatus.usage.rawValue)
        #expect(try await Program.run(["token", "--days", "3"], environment: withToken).status == ExitStatus.usage.rawValue)
        #expect(try await server.end(with: SIGTERM) == 0)
    }

    /// Sends the request of the printed curl command.
    private static func checkCurlLine(of demo: ServerProcess) async throws {
        let line = try #require(demo.introduction.first { $0.hasPrefix("curl ") })
        let words = line.split(separator: "'", omittingEmptySubsequences: false).map(String.init)
        try #require(words.count == 7 && words[0] == "curl -s -H " && words[2] == " -H " && words[4] == " " && words[6].isEmpty)
        var headers = HTTPFields()
        for header in [words[1], words[3]] {
            let parts = header.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            try headers.append(HTTPField(name: #require(HTTPField.Name(parts[0])), value: parts[1]))
        }
        let answer = try await HTTPTransport().send(ClientRequest(.get, words[5], headers: headers))
        #expect(answer.status == 200)
        // Besides the four started runs, the schedule may have started some.
        let own = try RunListAnswer(json: answer.body).runs.filter { $0.principal != .schedule }
        #expect(own.count == 4)
    }

    @Test func cutOutputIsReported() async throws {
        let server = try await ServerProcess.start(directory.path + "/data", ["--output-limit", "1KiB"])
        let environment = server.environment(try await server.makeKey())
        let text = Self.endless.replacingOccurrences(of: "echo waiting; exec sleep 600", with: "seq 1 5000")
        let file = try directory.write(text, to: "much.yaml")
        #expect(try await Program.run(["apply", file], environment: environment).status == 0)
        let started = try await Program.run(["start", "cg-endless", "--wait"], environment: environment)
        let id = started.output.trimmingCharacters(in: .whitespacesAndNewlines)
        let printed = try await Program.run(["logs", id], environment: environment).output
        let marker = try #require(printed.split(separator: "\n").first)
        let cut = try #require(Int(marker.split(separator: " ")[1]))
        #expect(marker == "[weir: \(cut) bytes cut]")
        let kept = printed.utf8.count - marker.utf8.count - 1
        #expect(kept == 1_024)
        #expect(cut + kept == (1...5_000).map { "\($0)\n".utf8.count }.reduce(0, +))
        #expect(printed.hasSuffix("\n4999\n5000\n"))
        #expect(try await server.end(with: SIGTERM) == 0)
    }

    @Test func theDemoRunsItsWorkflows() async throws {
        let examples = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../examples").path
        let demo = try await ServerProcess.start(
            directory.path + "/demo", verb: "demo", ["--examples", examples, "--rate-limit", "0"], until: "Press Ctrl-C")
        try await Self.checkCurlLine(of: demo)
        let key = try await demo.makeKey(tenant: DemoSetUp.tenantName)
        let environment = demo.environment(key)
        let listed = try await Program.run(["runs", "--json"], environment: environment)
        let scheduled = listed.output.components(separatedBy: "\"principal_name\":\"Automated workflow\"").count
        #expect(listed.output.components(separatedBy: "\"id\"").count - scheduled == 4)
        let daily = try await Program.run(["start", "cg-daily", "--wait"], environment: environment)
        #expect(daily.status == 0, "\(daily.messages)")
        let failing = try await Program.run(["start", "og-predictive", "--wait"], environment: environment)
        #expect(failing.status == ExitStatus.failedByCustomer.rawValue, "\(failing.messages)")
        #expect(try await demo.end(with: SIGTERM) == 0)
    }
}
