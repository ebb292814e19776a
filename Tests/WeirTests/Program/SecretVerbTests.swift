import Foundation
import ProgramTestKit
import Testing

@testable import weir

@Suite("Secrets on the command line", .timeLimit(.minutes(10)))
struct SecretVerbTests {
    private let directory: TemporaryDirectory
    private var data: String { directory.path + "/data" }

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test func aSecretIsSetListedAndDeletedAndItsKeyChangedWhileTheServiceRuns() async throws {
        let server = try await ServerProcess.start(data, ["--workers", "0"])
        let environment = server.environment(try await server.makeKey())
        func weir(_ words: String..., input: String? = nil) async throws -> Program.Ended {
            try await Program.run(["secrets"] + words, environment: environment, input: input)
        }
        #expect(try await weir("list").messages == "No secret yet. Set one with weir secrets set NAME.\n")
        #expect(try await Program.run(["secrets", "rekey", "--data", data]).messages.contains("Nothing changed"))
        let set = try await weir("set", "warehouse", input: "correct horse\n")
        #expect(set.status == 0 && set.messages == "Set the secret warehouse, version 1.\n", "\(set.messages)")
        let file = try directory.write("battery staple", to: "value")
        let json = try await weir("set", "warehouse", "--file", file, "--json")
        #expect(json.output.contains(#""version": 2"#) || json.output.contains(#""version":2"#))
        let list = try await weir("list")
        #expect(list.output.contains("warehouse"))
        for ended in [set, json, list] { #expect(!(ended.output + ended.messages).contains("staple")) }

        let before = try Data(contentsOf: URL(filePath: data + "/secrets.key"))
        let rekeyed = try await Program.run(["secrets", "rekey", "--data", data])
        #expect(rekeyed.status == 0 && rekeyed.messages.hasPrefix("Encrypted 1 secret under the key "), "\(rekeyed.messages)")
        #expect(try Data(contentsOf: URL(filePath: data + "/secrets.key")) != before)
        #expect(try await Program.run(["check", "--data", data]).messages == "No problems found.\n")
        #expect(try await weir("delete", "warehouse").messages == "Deleted the secret warehouse.\n")
        #expect(try await weir("delete", "warehouse").status == ExitStatus.noInput.rawValue)
        #expect(try await server.end(with: SIGTERM) == 0)
    }

    @Test(arguments: [
        (["set", "1st"], "correct horse", ExitStatus.usage, "Accepted: 1 to 64 letters"),
        (["set", "a"], "hunter2", .data, "The value in standard input has 7 bytes"),
        (["set", "a"], "", .data, "The value in standard input has 0 bytes"),
        (["set", "a", "--file", "/none"], "", .noInput, "/none cannot be read: no such file."),
        (["set", "a"], String(repeating: "x", count: 20_000), .data, "Standard input has more than 16384 bytes"),
        (["set", "a", "value"], "", .usage, "value"),
    ]) func aWrongSecretIsRefusedBeforeAnyRequest(words: [String], input: String, status: ExitStatus, message: String) async throws
    {
        let environment = ["WEIR_URL": "http://127.0.0.1:1", "WEIR_TENANT": "acme", "WEIR_TOKEN": "x"]
        let ended = try await Program.run(["secrets"] + words, environment: environment, input: input)
        #expect(ended.status == status.rawValue && ended.messages.contains(message), "\(ended.status): \(ended.messages)")
        #expect(!ended.messages.contains("hunter2"))
    }

    @Test func anotherKeyIsReportedAtTheStartByTheCheckAndByASet() async throws {
        let first = try await ServerProcess.start(data, ["--workers", "0"])
        let key = try await first.makeKey()
        let set = try await Program.run(["secrets", "set", "a"], environment: first.environment(key), input: "correct horse")
        #expect(set.status == 0)
        #expect(try await first.end(with: SIGTERM) == 0)

        let other = try directory.write(Data(repeating: 7, count: 32).base64EncodedString(), to: "other.key")
        let options = ["--workers", "0", "--secrets-key-file", other]
        // Others may read it.
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: other)
        let refused = try await Program.run(["serve", "--data", data, "--port", "0"] + options)
        #expect(refused.status == ExitStatus.noInput.rawValue && refused.messages.contains("chmod 600"), "\(refused.messages)")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: other)

        let check = try await Program.run(["check", "--data", data, "--secrets-key-file", other])
        #expect(check.status == ExitStatus.data.rawValue && check.output.contains("acme/a"), "\(check.output)")
        #expect(check.messages.contains("Give the service the key file that the secrets were set with"))

        let second = try await ServerProcess.start(data, options)
        let again = try await Program.run(["secrets", "set", "b"], environment: second.environment(key), input: "correct horse")
        #expect(again.status == ExitStatus.unavailable.rawValue, "\(again.messages)")
        #expect(again.messages.contains("All nodes need the same --secrets-key-file."))
        #expect(try await second.end(with: SIGTERM) == 0)
        let log = try String(contentsOfFile: data + ".log", encoding: .utf8)
        #expect(log.contains("secrets cannot be decrypted") && log.contains("All nodes need the same --secrets-key-file."))

        let rekeyed = try await Program.run(["secrets", "rekey", "--data", data, "--secrets-key-file", other])
        #expect(rekeyed.status == ExitStatus.data.rawValue && rekeyed.messages.contains("acme/a"))
        #expect(try await Program.run(["check", "--data", data]).messages == "No problems found.\n")
    }

    @Test func aCredentialInAConfigurationIsAWarning() async throws {
        let server = try await ServerProcess.start(data, ["--workers", "0"])
        let environment = server.environment(try await server.makeKey())
        let text = """
            id: cg-daily
            name: Daily
            type: test/run
            stages:
              - name: Load
                tasks:
                  - {id: load, type: test.load, command: [load, --password=hunter2hunter2]}
            """
        let file = try directory.write(text, to: "daily.yaml")
        for words in [["apply", "--check", file], ["apply", file]] {
            let ended = try await Program.run(words, environment: environment)
            #expect(ended.status == 0 && ended.messages.contains("daily.yaml:7: An item of `command` looks like a credential"))
            #expect(ended.messages.contains("Warning: ") && !ended.messages.contains("hunter2"), "\(ended.messages)")
        }
        let offline = try await Program.run(["apply", "--check", file], environment: ["WEIR_URL": "http://127.0.0.1:1"])
        #expect(offline.messages.contains("looks like a credential"))
        #expect(try await server.end(with: SIGTERM) == 0)
    }

    @Test func aTaskGetsASecretAndLeavesNoneOfItAnywhere() async throws {
        let secret = "corréct/horse+battery"
        let server = try await ServerProcess.start(data)
        let environment = server.environment(try await server.makeKey())
        let script = """
            import base64, json, os, sys, urllib.parse
            secret = os.environ["PASSWORD"]
            raw = secret.encode()
            for part in (b"plain " + raw[:7], raw[7:] + b"\\n"):
                os.write(1, part); os.write(2, part)
            print("encoded", base64.b64encode(raw).decode(), urllib.parse.quote(secret, safe=""), json.dumps(secret))
            print("length", len(secret))
            sys.stdout.flush()
            with open(os.environ["WEIR_OUTPUT"], "w") as file:
                json.dump({"url": "https://me:" + secret + "@db", "length": len(secret), "warnings": ["bad " + secret]}, file)
            """
        _ = try directory.write(script, to: "leak.py")
        let text = """
            id: cg-leak
            name: Leak
            type: test/run
            stages:
              - name: All
                tasks:
                  - {id: leak, type: test.leak, command: [python3, leak.py], env: {PASSWORD: "${secrets.warehouse}"}}
                  - {id: fail, type: test.fail, command: [sh, fail.sh], env: {PASSWORD: "${secrets.warehouse}"}, needs: [leak]}
            """
        _ = try directory.write("echo \"no access with $PASSWORD\"; exit 3\n", to: "fail.sh")
        let file = try directory.write(text, to: "leak.yaml")
        func weir(_ words: String..., input: String? = nil) async throws -> Program.Ended {
            try await Program.run(words, environment: environment, input: input)
        }
        let applied = try await weir("apply", file)
        #expect(applied.status == 0 && applied.messages.contains("The secret \"warehouse\" is not set."), "\(applied.messages)")
        let missing = try await weir("start", "cg-leak", "--wait")
        #expect(missing.status == ExitStatus.failedByCustomer.rawValue, "\(missing.output)\(missing.messages)")
        let why = try await weir("runs", "--json")
        #expect(why.output.contains("The secret warehouse is not set."), "\(why.output)")

        #expect(try await weir("secrets", "set", "warehouse", input: secret + "\n").status == 0)
        #expect(try await weir("apply", file).messages.contains("is not set") == false)
        let started = try await weir("start", "cg-leak", "--wait", "--json")
        #expect(started.status == ExitStatus.failedByCustomer.rawValue)
        let runs = try await weir("runs", "--json")
        #expect(runs.output.contains("exit code 3: no access with ***"), "\(runs.output)")
        let id = try #require(
            try JSONSerialization.jsonObject(with: Data(runs.output.utf8)) as? [String: Any]
        ).id
        let logs = try await weir("logs", id, "leak")
        let streams = try await [weir("logs", id, "leak", "--stream", "stdout"), weir("logs", id, "leak", "--stream", "stderr")]
        #expect(
            streams[0].output.contains("plain ***\n") && streams[0].output.contains("encoded *** *** \"***\"\n"), "\(logs.output)")
        #expect(streams[1].output == "plain ***\n", "\(logs.output)")
        #expect(logs.output.contains("length \(secret.count)"))
        let shown = try await weir("show", id, "--json")
        #expect(try await server.end(with: SIGTERM) == 0)

        let forms = [
            secret, Data(secret.utf8).base64EncodedString(), "corr%C3%A9ct%2Fhorse%2Bbattery", "corr\\u00e9ct",
            Data(("plain " + secret).utf8).base64EncodedString(),
        ]
        var places = [(name: "output", bytes: Data((started.output + runs.output + logs.output + shown.output).utf8))]
        for name in try FileManager.default.subpathsOfDirectory(atPath: data) {
            if let bytes = FileManager.default.contents(atPath: "\(data)/\(name)") { places.append((name, bytes)) }
        }
        places.append(("log", try Data(contentsOf: URL(filePath: data + ".log"))))
        #expect(places.contains { $0.name == "weir.db" && !$0.bytes.isEmpty })
        for place in places {
            for form in forms { #expect(place.bytes.range(of: Data(form.utf8)) == nil, "\(place.name) has \(form)") }
        }
    }
}

extension [String: Any] {
    /// The id of the newest run of a list.
    fileprivate var id: String { ((self["data"] as? [[String: Any]])?.first?["id"] as? String) ?? "" }
}
