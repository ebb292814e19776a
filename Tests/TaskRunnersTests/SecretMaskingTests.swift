import Foundation
import HTTPTypes
import Hummingbird
import Testing
import WorkflowModel

@testable import TaskRunners

/// Nothing that a task leaves behind has a secret, on each way out of it.
@Suite("Secrets are masked")
struct SecretMaskingTests {
    private static let secret = "corréct/horse \"battery\" staple"
    private static let forms = [
        secret, Data(secret.utf8).base64EncodedString(), Data("user:\(secret)".utf8).base64EncodedString(),
        "corr%C3%A9ct%2Fhorse%20%22battery%22%20staple", "corr%c3%a9ct%2fhorse+%22battery%22+staple",
        #"corr\u00e9ct\/horse \"battery\" staple"#,
    ]

    private func mask() throws -> SecretMask { SecretMask([try SecretValue(Self.secret)]) }

    private func isClean(_ text: String) -> Bool {
        !Self.forms.contains { text.contains($0) || text.contains(JSONValue.string($0).text.dropFirst().dropLast()) }
    }

    private func run(_ script: String, _ arguments: [String], reporting report: Recorder) async throws -> TaskOutcome {
        let workshop = try CommandWorkshop()
        var attempt = try workshop.attempt(["python3", "-c", script] + arguments)
        attempt.mask = try mask()
        return await workshop.runner.run(attempt, reporting: report)
    }

    @Test("in output that a command writes in two pieces, and in the line that its error quotes", arguments: forms)
    func output(form: String) async throws {
        let report = Recorder()
        let script = """
            import os, sys
            text = ("pw=" + sys.argv[1] + ".\\n").encode()
            os.write(2, text[:9]); os.write(2, text[9:])
            os.write(1, text[:-1])
            sys.exit(3)
            """
        let outcome = try await run(script, [form], reporting: report)
        #expect(isClean(report.text) && report.text.contains("***"), "\(report.text)")
        guard case .failed(let error, _, _) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(isClean(error.message) && error.message.contains("***"), "\(error.message)")
    }

    @Test("on each stream, though the other one prints between its two parts", arguments: forms)
    func interleaved(form: String) async throws {
        let report = Recorder()
        let script = """
            import os, sys
            text = ("pw=" + sys.argv[1] + ".\\n").encode()
            for begin, end in ((0, 9), (9, len(text))):
                os.write(1, text[begin:end]); os.write(2, text[begin:end])
            """
        _ = try await run(script, [form], reporting: report)
        let masked = try mask().masked("pw=\(form).\n")
        #expect(report.text(of: .stdout) == masked && report.text(of: .stderr) == masked, "\(report.text)")
        #expect(isClean(report.text) && masked.contains("***"))
    }

    @Test("in a line that is longer than the part which its error quotes")
    func cutLine() async throws {
        let report = Recorder()
        let outcome = try await run(
            "import sys; print('x' * int(sys.argv[2]) + sys.argv[1] * 40); sys.exit(3)",
            [Self.secret, String(CommandLimits.lineInMessage - 10)], reporting: report)
        guard case .failed(let error, _, _) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(!error.message.contains("corr") && error.message.contains("x***"), "\(error.message)")
        #expect(!report.text.contains("corr"))
    }

    @Test("in outputs, warnings and the id of the work", arguments: forms)
    func outputs(form: String) async throws {
        let script = """
            import json, os, sys
            with open(os.environ["WEIR_OUTPUT"], "w") as file:
                json.dump({"a": {sys.argv[1]: [1, "b " + sys.argv[1]]}, "run_id": sys.argv[1], "warnings": [sys.argv[1]]}, file)
            """
        let outcome = try await run(script, [form], reporting: Recorder())
        guard case .succeeded(let output) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        let texts = [try #require(output.values?.text), try #require(output.runID)] + output.warnings.texts
        for text in texts { #expect(isClean(text) && text.contains("***"), "\(text)") }
        #expect(JSONValue(json: texts[0].utf8) != nil)
    }

    @Test("in the error that a command describes", arguments: forms)
    func describedError(form: String) async throws {
        let script = """
            import json, os, sys
            with open(os.environ["WEIR_OUTPUT"], "w") as file:
                json.dump({"error": {"message": "No " + sys.argv[1], "data": {"key": sys.argv[1]}}}, file)
            sys.exit(3)
            """
        let outcome = try await run(script, [form], reporting: Recorder())
        guard case .failed(let error, _, _) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(isClean(error.message) && error.message.contains("***"), "\(error.message)")
        let data = try #require(error.data?.text)
        #expect(isClean(data) && data.contains("***"))
    }

    @Test("in the complaint about a file of outputs that is no JSON", arguments: forms + [String(repeating: secret, count: 4)])
    func invalidOutputs(form: String) async throws {
        let script = "import os, sys; open(os.environ['WEIR_OUTPUT'], 'w').write(sys.argv[1])"
        let outcome = try await run(script, [form], reporting: Recorder())
        guard case .failed(let error, _, _) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(error.message.contains("is not valid JSON"), "\(error.message)")
        for part in ["corr", "Y29ycsOp", "horse"] { #expect(!error.message.contains(part), "\(error.message)") }
    }

    @Test("of which a program has printed the beginning when it is killed")
    func killed() async throws {
        let report = Recorder()
        let script = "import os, signal, sys; os.write(1, sys.argv[1][:-1].encode()); os.kill(os.getpid(), signal.SIGKILL)"
        let outcome = try await run(script, [Self.secret], reporting: report)
        guard case .failed(let error, _, _) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(report.text.contains("***") && !report.text.contains("corr"), "\(report.text)")
        #expect(!error.message.contains("corr"), "\(error.message)")
    }

    @Test("in an error message that is cut where a secret stands")
    func cutError() async throws {
        let script = """
            import json, os, sys
            with open(os.environ["WEIR_OUTPUT"], "w") as file:
                json.dump({"error": {"message": "x" * int(sys.argv[2]) + sys.argv[1]}}, file)
            sys.exit(3)
            """
        let outcome = try await run(script, [Self.secret, String(CommandLimits.errorMessage - 12)], reporting: Recorder())
        guard case .failed(let error, _, _) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(!error.message.contains("corr") && error.message.hasSuffix("x***"))
    }

    @Test(
        "in the reply of a server, in its headers, and in the output about it", arguments: forms,
        ["text/plain", "application/json"])
    func reply(form: String, type: String) async throws {
        let body = type == "text/plain" ? "key \(form) end" : JSONValue.object(["key": .string(form), form: .integer(1)]).text
        try await Shop.open { _ in
            var answer = Shop.answer(.ok, body, type: type)
            answer.headers[.location] = "https://shop.example/\(form.utf8.allSatisfy { $0 < 0x80 } ? form : "x")"
            return answer
        } test: { port in
            try await Caller.with { caller in
                var attempt = try caller.attempt(HTTPCall(method: "GET", url: "http://127.0.0.1:\(port)/"))
                attempt.mask = try self.mask()
                let report = Recorder()
                guard case .succeeded(let output) = await caller.runner.run(attempt, reporting: report) else {
                    Issue.record("The call failed.")
                    return
                }
                let text = try #require(output.values?.text)
                #expect(self.isClean(text) && text.contains("***"), "\(text)")
                #expect(JSONValue(json: text.utf8) != nil)
                #expect(self.isClean(report.text) && report.text.contains("***"), "\(report.text)")
            }
        }
    }

    @Test("in a reply that is cut where a secret stands")
    func cutReply() async throws {
        let body = String(repeating: "x", count: HTTPLimits.replyKept - 12) + Self.secret + " end"
        try await Shop.open { _ in
            Shop.answer(.ok, body)
        } test: { port in
            try await Caller.with { caller in
                var attempt = try caller.attempt(HTTPCall(method: "GET", url: "http://127.0.0.1:\(port)/"))
                attempt.mask = try self.mask()
                guard case .succeeded(let output) = await caller.runner.run(attempt, reporting: Recorder()) else {
                    Issue.record("The call failed.")
                    return
                }
                let text = try #require(output.values?.text)
                #expect(!text.contains("corr") && text.contains("x***"))
            }
        }
    }
}
