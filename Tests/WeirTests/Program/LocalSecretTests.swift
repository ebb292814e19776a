import Foundation
import HTTPTestKit
import HTTPTypes
import Hummingbird
import NIOCore
import ProgramTestKit
import Testing

@testable import weir

@Suite("Secrets and proxies of runs without a service", .timeLimit(.minutes(10)))
struct LocalSecretTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func weir(
        _ arguments: [String], environment: [String: String] = [:], input: String? = nil
    ) async throws -> Program.Ended {
        var environment = environment
        environment["TMPDIR"] = directory.path
        return try await Program.run(["run"] + arguments, environment: environment, input: input)
    }

    private func file(_ tasks: String) throws -> String {
        try directory.write(
            "id: cg-local\nname: Local\ntype: test.local/run\nstages:\n  - name: Only\n    tasks:\n\(tasks)\n", to: "local.yaml")
    }

    private static let tasks = #"""
              - {id: load, type: t.a, env: {A: "${secrets.warehouse}", B: "${secrets.deploy-key}"},
                 command: [sh, -c, 'echo "got $A"; test "$A$B" = geheimnis-eins-geheimnis-zwei- && echo both; env | grep -c WEIR_SECRET; exit 0']}
              - {id: other, type: t.b, command: [echo, other]}
        """#

    @Test func comeFromFilesStandardInputAndTheEnvironmentAndAreMasked() async throws {
        let file = try file(Self.tasks)
        let secret = try directory.write("geheimnis-eins-\n", to: "warehouse.txt")
        let expected = "load | got ***\nload | both\nload | 0\n"
        // The file wins over the environment.
        let environment = ["WEIR_SECRET_DEPLOY_KEY": "geheimnis-zwei-", "WEIR_SECRET_WAREHOUSE": "another value"]
        let line = [file, "--task", "load", "--secret", "warehouse=@\(secret)"]
        let ended = try await weir(line, environment: environment)
        #expect(ended.status == 0 && ended.output == expected, "\(ended.messages)")
        let piped = try await weir(line + ["--secret", "deploy-key=@-"], input: "geheimnis-zwei-")
        #expect(piped.status == 0 && piped.output == expected, "\(piped.messages)")
    }

    @Test func areMaskedInErrors() async throws {
        let file = try file(
            #"      - {id: load, type: t.a, env: {A: "${secrets.a}"}, command: [sh, -c, 'echo "no access with $A" >&2; exit 1']}"#)
        let ended = try await weir([file], environment: ["WEIR_SECRET_A": "geheimnis"])
        #expect(ended.status != 0 && ended.messages.contains("no access with ***"), "\(ended.messages)")
        #expect(!(ended.messages + ended.output).contains("geheimnis"))
    }

    @Test func thatAreMissingOrWrongAreNamedBeforeTheFirstTask() async throws {
        let file = try file(Self.tasks)
        let short = try directory.write("short\n", to: "short.txt")
        for (line, status, complaint) in [
            (
                [String](), ExitStatus.data,
                "The task load needs the secret warehouse. Give it as a file with --secret warehouse=@FILE, from standard input with "
                    + "--secret warehouse=@-, or in the variable WEIR_SECRET_WAREHOUSE."
            ),
            (
                ["--task", "other", "--secret", "warehouse=@\(file)"], .data,
                "--secret gives warehouse, which no task of this run names."
            ),
            (
                ["--secret", "warehouse=@\(short)"], .data,
                "has 5 bytes without white space around it. Accepted: text of 8 to 16384"
            ),
            (["--secret", "warehouse=@\(directory.path)/none"], .noInput, "no such file"),
            (["--secret", "warehouse=geheimnis"], .usage, "never from the command line, which other users can see"),
            (["--secret", "warehouse"], .usage, "Accepted: warehouse=@file, or warehouse=@- for standard input."),
            (["--secret", "geheimnis/x=@file"], .usage, "--secret needs name=@file, with a name of 1 to 64 letters"),
            (["--secret", "a=@\(short)", "--secret", "a=@\(short)"], .usage, "--secret gives a twice"),
            (["--secret", "a=@-", "--secret", "b=@-"], .usage, "Standard input (-) can be read only once."),
        ] {
            let ended = try await weir([file] + line)
            #expect(ended.status == status.rawValue && ended.messages.contains(complaint), "\(line): \(ended.messages)")
            #expect(ended.output.isEmpty && !ended.messages.contains("geheimnis"), "\(ended.messages)")
        }
        // Without the task that names them, none is needed.
        let ended = try await weir([file, "--task", "other"])
        #expect(ended.status == 0 && ended.output == "other | other\n", "\(ended.messages)")
        let wrong = try await weir([file], environment: ["WEIR_SECRET_WAREHOUSE": "short"])
        #expect(
            wrong.messages.contains("The value of the secret warehouse in WEIR_SECRET_WAREHOUSE has 5 bytes"), "\(wrong.messages)")
    }

    /// The proxy of the environment carries both kinds of calls. Its password is in nothing that the run leaves, and not in the
    /// environment of commands.
    @Test func aProxyOfTheEnvironmentIsUsedAndItsPasswordStaysThere() async throws {
        let certificate = try TestAuthority().certificate(for: "service.invalid")
        let file = try file(
            """
                  - {id: plain, type: t.a, http: {url: "http://service.invalid/plain"}}
                  - {id: secure, type: t.b, http: {url: "https://service.invalid/secure"}, retry: {attempts: 1}}
                  - {id: look, type: t.c, when: always, command: [sh, -c, 'env | grep -i -c proxy; exit 0']}
            """)
        try await LoopbackServer.open { _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain"], body: .init(byteBuffer: ByteBuffer(string: "welcome")))
        } test: { plain in
            try await LoopbackServer.open(with: certificate) { _ in
                Response(status: .ok)
            } test: { secure in
                try await TunnelProxy.open(user: "me", password: "geheimnis", to: ["80": plain, "443": secure]) { proxy in
                    let address = "http://me:geheimnis@127.0.0.1:\(proxy.port)"
                    let ended = try await weir([file], environment: ["HTTP_PROXY": address, "HTTPS_PROXY": address])
                    #expect(ended.output.contains("plain  | welcome\n") && ended.output.contains("look   | 0\n"), "\(ended)")
                    // The authority of the test is not one of the machine.
                    #expect(ended.status == ExitStatus.failedOtherwise.rawValue, "\(ended.messages)")
                    #expect(ended.messages.contains("its certificate is not trusted"), "\(ended.messages)")
                    #expect(Set(proxy.targets) == ["service.invalid:80", "service.invalid:443"])
                    let password = Data("me:geheimnis".utf8).base64EncodedString()
                    for text in [ended.output, ended.messages] {
                        #expect(!text.contains("geheimnis") && !text.contains(password), "\(text)")
                    }
                }
            }
        }
    }
}
