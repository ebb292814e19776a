import Crypto
import Foundation
import ProgramTestKit
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import weir

@Suite("Alerts of the program", .timeLimit(.minutes(10)))
struct AlertProgramTests {
    private let directory: TemporaryDirectory
    private var data: String { directory.path + "/data" }

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func receivers(_ words: String...) async throws -> Program.Ended {
        if words.first == "add" { _ = try await ServerProcess.makeKey(on: ["--data", data]) }
        return try await Program.run(["alerts", "receivers"] + words + ["--data", data])
    }

    private func configuration(_ alerts: String) throws -> String {
        try directory.write(
            """
            id: cg-broken
            name: Broken
            type: test/run
            alerts: \(alerts)
            stages:
              - name: All
                tasks:
                  - {id: fail, type: test.fail, command: ["false"]}
            """, to: "broken.yaml")
    }

    @Test func aLinkNamesTheBoundPort() async throws {
        try await AlertInbox.open { inbox in
            let added = try await receivers(
                "add", "--tenant", "acme", "--name", "ops", "--url", inbox.url, "--allow-private", "--on", "failed")
            #expect(added.status == 0, "\(added.messages)")
            // On a port that the system chooses.
            let server = try await ServerProcess.start(data, ["--allow-private-alerts"])
            let environment = server.environment(try await server.makeKey())
            #expect(try await Program.run(["apply", try configuration("[]")], environment: environment).status == 0)
            #expect(try await Program.run(["start", "cg-broken", "--wait"], environment: environment).status == 1)
            await inbox.messages.until { $0.count == 1 }
            let message = try #require(inbox.messages.value.first)
            let json = try #require(JSONValue(json: Array(message.body.utf8)))
            let link = try #require(json["data"]?["link"]?.string)
            let port = try #require(URLComponents(string: server.url)?.port)
            #expect(port != 0 && URLComponents(string: link)?.port == port, "\(link)")
            #expect(try await server.end(with: SIGTERM) == 0)
        }
    }

    @Test func aRunThatFailsReachesItsReceiver() async throws {
        try await AlertInbox.open { inbox in
            let added = try await receivers(
                "add", "--tenant", "acme", "--name", "ops", "--url", inbox.url, "--allow-private", "--json")
            #expect(added.status == 0, "\(added.messages)")
            let secret = try #require(JSONValue(json: Array(added.output.utf8))?["secret"]?.string)

            let server = try await ServerProcess.start(data, ["--allow-private-alerts", "--public-url", "https://weir.example/"])
            let environment = server.environment(try await server.makeKey())
            func weir(_ words: String...) async throws -> Program.Ended { try await Program.run(words, environment: environment) }
            let refused = try await weir("apply", try configuration("[{to: unknown}]"))
            #expect(refused.status != 0 && refused.messages.contains("the tenant has ops"), "\(refused.messages)")
            let applied = try await weir("apply", try configuration("[{to: ops, on: [failed], attribution: customer}]"))
            #expect(applied.status == 0, "\(applied.messages)")
            #expect(try await weir("start", "cg-broken", "--wait").status == 1)
            await inbox.messages.until { $0.count == 1 }

            let message = try #require(inbox.messages.value.first)
            let json = try #require(JSONValue(json: Array(message.body.utf8)))
            #expect(json["type"]?.string == "run.failed")
            #expect(json["data"]?["run"]?["error"]?["attribution"]?.string == "customer")
            let run = try #require(json["data"]?["run"]?["id"]?.string)
            #expect(json["data"]?["link"]?.string == "https://weir.example/runs/\(run)")
            try check(message, with: secret)

            let listed = try await weir("alerts", "--json")
            #expect(listed.output.contains("\(run)_failed_ops"), "\(listed.output)")
            // Through the control socket.
            let rotated = try await receivers("rotate", "ops", "--tenant", "acme", "--json")
            let second = try #require(JSONValue(json: Array(rotated.output.utf8))?["secret"]?.string)
            #expect(second != secret)
            #expect(try await weir("alerts", "resend", "\(run)_failed_ops").status == 0)
            await inbox.messages.until { $0.count == 2 }
            let again = try #require(inbox.messages.value.last)
            #expect(again.headers["webhook-id"] == message.headers["webhook-id"])
            try check(again, with: secret)
            try check(again, with: second)
            let tested = try await weir("alerts", "receivers", "test", "ops")
            #expect(
                tested.status == 0 && tested.messages.contains("The receiver ops accepted the test: HTTP 204 No Content."),
                "\(tested.messages)")
            await inbox.messages.until { $0.count == 3 }
            let test = try #require(inbox.messages.value.last)
            #expect(JSONValue(json: Array(test.body.utf8))?["type"]?.string == "receiver.test" && !test.body.contains("run"))
            try check(test, with: second)
            let unknown = try await weir("alerts", "receivers", "test", "none")
            #expect(
                unknown.status == 66 && unknown.messages.contains("There is no receiver with that name."), "\(unknown.messages)")
            #expect(try await receivers("drop", "ops", "--tenant", "acme").status == 0)
            let silent = try await weir("alerts")
            #expect(
                silent.messages.contains("A rule of cg-broken sends no alerts: receiver ops is disabled or not found."),
                "\(silent.messages)")
            #expect(!server.log.contains(secret) && !server.log.contains("whsec_"))
            #expect(try await server.end(with: SIGTERM) == 0)
        }
    }

    /// Computes the signature of the standard independently of the service.
    private func check(_ message: AlertInbox.Message, with secret: String) throws {
        let key = try #require(Data(base64Encoded: String(secret.dropFirst("whsec_".count))))
        let id = try #require(message.headers["webhook-id"])
        let time = try #require(message.headers["webhook-timestamp"])
        let code = HMAC<SHA256>.authenticationCode(for: Data("\(id).\(time).\(message.body)".utf8), using: SymmetricKey(data: key))
        let signatures = try #require(message.headers["webhook-signature"]).split(separator: " ")
        #expect(signatures.contains("v1,\(Data(code).base64EncodedString())"))
    }

    @Test func addressesOfThisMachineAndPlainHTTPAreRefused() async throws {
        for (url, said) in [
            ("https://127.0.0.1/", "--alerts-allow"), ("https://localhost/", "--alerts-allow"), ("http://1.1.1.1/", "https://"),
            ("https://0x7f.1/", "four decimal numbers"), ("nowhere", "https://"),
        ] {
            let refused = try await receivers("add", "--tenant", "acme", "--name", "ops", "--url", url)
            #expect(refused.status != 0 && refused.messages.contains(said), "\(url): \(refused.messages)")
        }
    }

    @Test func receiversAreAdministeredWithoutAService() async throws {
        #expect(try await receivers("list").status == ExitStatus.noInput.rawValue)
        let added = try await receivers(
            "add", "--tenant", "acme", "--name", "chat", "--kind", "slack", "--url", "https://1.1.1.1/T/B/X", "--on",
            "failed,tick-missed", "--attribution", "platform", "--type", "a.b", "--configuration", "cg-1")
        #expect(added.status == 0 && added.output.contains("whsec_"), "\(added.messages)")
        let twice = try await receivers("add", "--tenant", "acme", "--name", "chat", "--url", "https://1.1.1.1/")
        #expect(twice.status != 0 && twice.messages.contains("exists already"))
        let listed = try await receivers("list", "--tenant", "acme")
        #expect(listed.output.contains("https://1.1.1.1/…") && listed.output.contains("failed, tick missed"), "\(listed.output)")
        #expect(!listed.output.contains("T/B/X") && !listed.output.contains("whsec_"))
        for verb in ["rotate", "enable", "drop"] {
            let unknown = try await receivers(verb, "other", "--tenant", "acme")
            #expect(unknown.status == ExitStatus.noInput.rawValue && unknown.messages.contains("has no receiver other"))
            #expect(try await receivers(verb, "chat", "--tenant", "acme").status == 0)
        }
        let bad = try await receivers("add", "--tenant", "acme", "--name", "a", "--url", "https://1.1.1.1/", "--on", "failing")
        #expect(
            bad.status == ExitStatus.usage.rawValue
                && bad.messages.contains("failed, succeeded, stopped, warning, slow, tick-missed"))
    }
}
