import Crypto
import Foundation
import HTTPTestKit
import HTTPTypes
import Hummingbird
import NIOCore
import ProgramTestKit
import Synchronization
import Testing
import WorkflowAPI
import WorkflowClient
import WorkflowModel
import WorkflowOperations
import WorkflowTestKit

@testable import weir

/// Tasks, servers and callers that give back the secret that they got, in every form and on every way into the service.
@Suite("Secrets on every way into the service", .timeLimit(.minutes(10)))
struct SecretTransportTests {
    private let directory: TemporaryDirectory
    private var data: String { directory.path + "/data" }

    /// Without words, so that each part of it is found wherever it is.
    private static let secret = "qZ7é/x+Wv9p\"Lm3K tRd5"
    private static let hookSecret = "wN8ü/j+Bs4g\"Ty6Q hFc2"

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test func noneOfThemLeavesAPartOfItAnywhere() async throws {
        let echo = EchoingJobs(Self.forms(of: Self.secret))
        try await AlertInbox.open { inbox in
            try await LoopbackServer.open {
                echo.answer($0)
            } test: { port in
                try await check(port: port, echo, inbox)
            }
        }
    }

    private func check(port: Int, _ echo: EchoingJobs, _ inbox: AlertInbox) async throws {
        let log = data + ".log"
        let server = try await ServerProcess.start(data, ["--allow-private-alerts", "--log-level", "debug", "--rate-limit", "0"])
        let key = try await server.makeKey()
        let (environment, client) = (server.environment(key), server.client(key))
        func weir(_ words: String..., input: String? = nil) async throws -> Program.Ended {
            try await Program.run(words, environment: environment, input: input)
        }
        let added = try await Program.run([
            "alerts", "receivers", "add", "--data", data, "--tenant", "acme", "--name", "ops", "--url", inbox.url,
            "--allow-private", "--on", "failed,stopped",
        ])
        #expect(added.status == 0, "\(added.messages)")
        #expect(try await weir("secrets", "set", "warehouse", input: Self.secret).status == 0)
        #expect(try await weir("secrets", "set", "arrived", input: Self.hookSecret).status == 0)
        _ = try directory.write(Self.script, to: "leak.py")
        for (name, text) in ["leak": Self.leaking(port), "endless": Self.endless(port), "hooked": Self.hooked] {
            let applied = try await weir("apply", try directory.write(text, to: "\(name).yaml"))
            #expect(applied.status == 0, "\(applied.messages)")
        }

        var shown = ""
        let leaking = try await weir("start", "cg-leak", "--wait", "--json")
        #expect(leaking.status != 0, "\(leaking.messages)")
        let leaked = try #require(try await client.runs(Self.runs(of: "cg-leak")).runs.first)
        let details = try await client.run(leaked.id)
        // Each way was taken.
        for (task, state) in [
            "speak": TaskState.succeeded, "list": .succeeded, "each": .succeeded, "reply": .succeeded,
            "text": .succeeded, "describe": .failed, "exit": .failed, "job": .failed,
        ] {
            let found = details.tasks.first { $0.definitionID == task }
            #expect(found?.state == state, "\(task) is \(String(describing: found?.state)): \(found?.error?.message ?? "")")
            #expect(state != .failed || found?.error?.message.contains("***") == true, "\(found?.error?.message ?? "")")
        }
        #expect(details.tasks.first { $0.definitionID == "each" }?.fan?.counts?.succeeded == Self.forms(of: Self.secret).count)

        let endless = try await client.start(.init(configuration: "cg-endless")).run.id
        try await Patience.wait(until: "the job was polled") { echo.count("/runs/endless") > 2 }
        _ = try await client.stop(endless)
        #expect(try await RunWatch(client: client).end(of: endless) { _ in }.run.state == .canceled)
        #expect(echo.count("/cancel") == 1)

        for form in Self.forms(of: Self.hookSecret) {
            let body = JSONText(.object(["text": .string(form), form: .integer(1)])).text
            for (hook, status) in [("arrived", 202), ("refused", 422)] {
                let called = try await call(server.url + "/hooks/acme/cg-hooked/" + hook, body)
                shown += called.body
                #expect(called.status == status, "\(called)")
            }
        }
        let firings = try await client.firings(of: "cg-hooked").firings
        #expect(firings.count { $0.outcome == .started } == firings.count { $0.outcome == .refused } && firings.count > 8)
        let hooked = try await client.runs(Self.runs(of: "cg-hooked")).runs
        #expect(
            hooked.allSatisfy { $0.origin.parameters["text"]?.string?.contains("***") == true },
            "\(hooked.first.map { "\($0)" } ?? "")")

        await inbox.messages.until { $0.count >= 2 }
        for id in [leaked.id.rawValue, endless.rawValue] {
            for words in [["show", id], ["show", id, "--json"], ["logs", id]] {
                shown += try await Program.run(words, environment: environment).output
            }
        }
        shown += try await weir("triggers", "cg-hooked", "--json").output + leaking.output + leaking.messages
        #expect(shown.contains("***"))
        #expect(try await server.end(with: SIGTERM) == 0)

        var places = [
            (name: "the answers", bytes: Data(shown.utf8)), (name: "the log", bytes: try Data(contentsOf: URL(filePath: log))),
        ]
        places += inbox.messages.value.map { (name: "an alert", bytes: Data($0.body.utf8)) }
        for name in try FileManager.default.subpathsOfDirectory(atPath: data) {
            if let bytes = FileManager.default.contents(atPath: "\(data)/\(name)") { places.append((name, bytes)) }
        }
        #expect(places.contains { $0.name == "weir.db" && $0.bytes.count > 10_000 })
        for place in places {
            for part in Self.parts(of: Self.secret).union(Self.parts(of: Self.hookSecret)) {
                #expect(place.bytes.range(of: Data(part.utf8)) == nil, "\(place.name) has \(part)")
            }
        }
    }

    /// Calls a webhook as GitHub does.
    private func call(_ url: String, _ body: String) async throws -> (status: Int, body: String) {
        let code = HMAC<SHA256>.authenticationCode(for: Data(body.utf8), using: SymmetricKey(data: Data(Self.hookSecret.utf8)))
        let signature = "sha256=" + code.map { String(format: "%02x", $0) }.joined()
        let headers: HTTPFields = [
            .contentType: "application/json", try #require(HTTPField.Name("x-hub-signature-256")): signature,
        ]
        let answer = try await HTTPTransport().send(ClientRequest(.post, url, headers: headers, body: Array(body.utf8)))
        return (answer.status, String(decoding: answer.body, as: UTF8.self))
    }

    private static func runs(of configuration: String) -> RunFilter {
        var filter = RunFilter()
        filter.configurations = TextChoice(included: [ExactText(configuration)])
        return filter
    }
}

// MARK: Forms

extension SecretTransportTests {
    private static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

    private static func percent(_ text: String, upper: Bool) -> String {
        text.utf8.map { byte in
            let isPlain = byte < 0x80 && Character(Unicode.Scalar(byte)).isLetter || (0x30...0x39).contains(byte)
            return isPlain ? String(Unicode.Scalar(byte)) : "%" + String(format: upper ? "%02X" : "%02x", byte)
        }.joined()
    }

    private static func ascii(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            scalar == "\"" ? "\\\"" : scalar.isASCII ? String(scalar) : String(format: "\\u%04x", scalar.value)
        }.joined()
    }

    /// In the same order as in ``script``.
    static func forms(of secret: String) -> [String] {
        [
            secret, base64(secret), base64("user:" + secret), base64("x" + secret),
            base64(secret).replacing("+", with: "-").replacing("/", with: "_"), percent(secret, upper: true),
            percent(secret, upper: false), percent(secret, upper: true).replacing("%20", with: "+"), ascii(secret),
            secret.replacing("/", with: "\\/"),
        ]
    }

    /// Parts of eight bytes of every form, of Base64 those that the secret alone decides.
    private static func parts(of secret: String) -> Set<String> {
        var parts: Set<String> = []
        for form in [secret, percent(secret, upper: true), percent(secret, upper: false), ascii(secret)] {
            let characters = Array(form)
            for begin in 0...(characters.count - 8) { parts.insert(String(characters[begin..<(begin + 8)])) }
        }
        for before in 0..<3 {
            let characters = Array(base64(String(repeating: "x", count: before) + secret))
            let core = characters[((before * 8 + 5) / 6)..<((before + secret.utf8.count) * 8 / 6)]
            for begin in core.startIndex...(core.endIndex - 8) { parts.insert(String(core[begin..<(begin + 8)])) }
        }
        return parts
    }
}

// MARK: Workflows

extension SecretTransportTests {
    /// Writes each form in two pieces, divided at each byte; or leaves all of them in the way that its argument names.
    private static let script = #"""
        import base64, json, os, sys
        from urllib.parse import quote, quote_plus
        secret = os.environ["PASSWORD"]
        encoded = lambda text: base64.b64encode(text.encode()).decode()
        lower = "".join(c if c.isascii() and c.isalnum() else "".join("%%%02x" % b for b in c.encode()) for c in secret)
        plus = quote(secret, safe="").replace("%20", "+")
        forms = [secret, encoded(secret), encoded("user:" + secret), encoded("x" + secret),
                 encoded(secret).replace("+", "-").replace("/", "_"), quote(secret, safe=""), lower, plus,
                 json.dumps(secret)[1:-1], secret.replace("/", "\\/")]
        output = {}
        if sys.argv[1] == "speak":
            for raw in [form.encode() for form in forms]:
                for place in range(len(raw) + 1):
                    stream = 1 + place % 2
                    os.write(stream, b"a " + raw[:place])
                    os.write(3 - stream, b"between\n")
                    os.write(stream, raw[place:] + b" z\n")
        elif sys.argv[1] == "list":
            output = {"files": forms, "run_id": forms[1], "warnings": forms[:5], **{form: form for form in forms}}
        elif sys.argv[1] == "describe":
            output = {"error": {"message": " ".join(forms), "data": {form: [form] for form in forms}}}
        else:
            print(" ".join(forms))
        with open(os.environ["WEIR_OUTPUT"], "w") as file:
            json.dump(output, file)
        sys.exit(65 if sys.argv[1] in ("describe", "exit") else 0)
        """#

    private static func leaking(_ port: Int) -> String {
        let call = "method: POST, json: {key: \"${secrets.warehouse}\"}"
        return """
            id: cg-leak
            name: Leak
            type: test/run
            defaults: {retry: {attempts: 1}, env: {PASSWORD: "${secrets.warehouse}"}}
            stages:
              - name: All
                tasks:
                  - {id: speak, type: test.leak, command: [python3, leak.py, speak]}
                  - {id: list, type: test.leak, command: [python3, leak.py, list]}
                  - {id: each, type: test.leak, needs: [list], for_each: "${outputs.list.files}", command: [echo, "${item}"]}
                  - {id: describe, type: test.leak, command: [python3, leak.py, describe]}
                  - {id: exit, type: test.leak, command: [python3, leak.py, exit]}
                  - {id: reply, type: test.leak, http: {\(call), url: "http://127.0.0.1:\(port)/echo"}}
                  - {id: text, type: test.leak, http: {\(call), url: "http://127.0.0.1:\(port)/text"}}
                  - id: job
                    type: test.leak
                    http: {\(call), url: "http://127.0.0.1:\(port)/submit/fails", poll: {
                      url: "http://127.0.0.1:\(port)/runs/${response.body.run_id}", every: 1s, run_id: echo,
                      done: {path: state, in: [SUCCESS]}, failed: {path: state, in: [FAILED], message: error.text}}}
            """
    }

    private static func endless(_ port: Int) -> String {
        """
        id: cg-endless
        name: Endless
        type: test/run
        stages:
          - name: All
            tasks:
              - id: job
                type: test.leak
                http: {method: POST, json: {key: "${secrets.warehouse}"}, url: "http://127.0.0.1:\(port)/submit/endless", poll: {
                  url: "http://127.0.0.1:\(port)/runs/${response.body.run_id}", every: 1s, run_id: echo,
                  done: {path: state, in: [SUCCESS]},
                  cancel: {url: "http://127.0.0.1:\(port)/cancel", json: {key: "${response.body.echo}"}}}}
        """
    }

    private static let hooked = """
        id: cg-hooked
        name: Hooked
        type: test/run
        parameters:
          text: {type: string, required: false}
          letter: {type: string, pattern: "[a-z]", required: false}
        triggers:
          - {webhook: arrived, parameters: {text: "${trigger.body.text}"}}
          - {webhook: refused, secret: arrived, parameters: {letter: "${trigger.body.text}"}}
        stages:
          - name: All
            tasks: [{id: say, type: test.say, command: [echo, "${parameters.text}"]}]
        """
}

/// A server that gives back what it got, in its replies, its headers, and the states of its jobs.
private final class EchoingJobs: Sendable {
    private let forms: [String]
    private let paths = Mutex<[String]>([])

    init(_ forms: [String]) {
        self.forms = forms
    }

    func count(_ path: String) -> Int { paths.withLock { paths in paths.count { $0 == path } } }

    func answer(_ request: ReceivedRequest) -> Response {
        paths.withLock { $0.append(request.path) }
        let (asked, all) = (count(request.path), forms.joined(separator: " "))
        var members: JSONMembers = ["echo": .string(forms[0]), "forms": .array(forms.map(JSONValue.string))]
        for form in forms { members.add(form, .string(form)) }
        var (status, isJSON) = (HTTPResponse.Status.ok, true)
        switch request.path {
        case "/text": isJSON = false
        case "/cancel": (status, isJSON) = (.conflict, false)
        case "/submit/fails": members.add("run_id", "fails")
        case "/submit/endless": members.add("run_id", "endless")
        case "/runs/fails" where asked > 2:
            members.add("state", "FAILED")
            members.add("error", .object(["text": .string(all)]))
        case "/runs/fails", "/runs/endless": members.add("state", .string("step \(asked) \(all)"))
        default: break
        }
        let body = isJSON ? JSONText(.object(members)).text : all
        return Response(
            status: status,
            headers: [
                .contentType: isJSON ? "application/json" : "text/plain", .location: "https://x.example/" + forms[5],
                .eTag: forms[1],
            ],
            body: .init(byteBuffer: ByteBuffer(string: body)))
    }
}
