import AsyncHTTPClient
import HTTPTestKit
import HTTPTypes
import Hummingbird
import NIOCore
import NIOSSL
import Synchronization
import Testing
import WorkflowModel

@testable import TaskRunners

/// Calls of real servers that demand a certificate of their clients.
@Suite("A client certificate", .timeLimit(.minutes(5)))
struct HTTPClientCertificateTests {
    private let authority: TestAuthority
    private let server: TestCertificate

    init() throws {
        authority = try TestAuthority()
        var server = try authority.certificate(for: "localhost")
        server.clients = authority
        self.server = server
    }

    /// With a runner that trusts the authority.
    private func withRunner(_ body: (HTTPRunner) async throws -> Void) async throws {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = try authority.trustRoots()
        var configuration = HTTPRunner.configuration
        configuration.timeout.connect = .minutes(5)
        configuration.tlsConfiguration = tls
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            try await body(HTTPRunner(client: client, tls: tls))
        } catch {
            try await client.shutdown()
            throw error
        }
        try await client.shutdown()
    }

    private static func call(_ url: String, _ certificate: TestCertificate?, follow: Int = 0) -> HTTPCall {
        var call = HTTPCall(method: "GET", url: url)
        call.follow = follow
        call.clientCertificate = certificate.map { ClientCertificate(certificate: $0.pem, key: $0.key) }
        return call
    }

    private func outcome(_ call: HTTPCall, reporting report: Recorder = Recorder()) async throws -> TaskOutcome {
        var outcome: TaskOutcome?
        try await withRunner { outcome = try await Caller(runner: $0).run(call, reporting: report) }
        return try #require(outcome)
    }

    @Test func isAcceptedByAServerThatDemandsIt() async throws {
        let (client, server) = (try authority.certificate(for: "client"), server)
        try await LoopbackServer.open(with: server) { _ in
            Shop.answer(.ok, "welcome")
        } test: { port in
            let values = try await outcome(Self.call("https://localhost:\(port)/", client)).output?.values
            #expect(JSONValue(json: try #require(values).text.utf8)?["body"] == .string("welcome"))
        }
    }

    @Test func isNamedWhenItIsMissingOrRefused() async throws {
        let received = Mutex(0)
        let stranger = try TestAuthority(named: "Another authority")
        let cases: [(TestCertificate?, String)] = [
            (nil, "it requires a client certificate. Give the call one with `client_certificate`"),
            (try stranger.certificate(for: "client"), "it does not trust the authority that issued the client certificate"),
            (
                try authority.certificate(for: "client", validity: -7_200 ... -3_600),
                "it does not accept the client certificate, which expired at 20"
            ),
        ]
        try await LoopbackServer.open(with: server) { _ in
            received.withLock { $0 += 1 }
            return Shop.answer(.ok)
        } test: { port in
            for (certificate, words) in cases {
                let error = try #require(try await outcome(Self.call("https://localhost:\(port)/", certificate)).error)
                #expect(error.message.hasPrefix("no response from localhost:\(port): \(words)"), "\(error.message)")
                #expect(error.type == "weir.task.http/certificate" && error.attribution == .customer)
            }
        }
        #expect(received.withLock { $0 } == 0)
    }

    @Test func thatCannotBeUsedFailsTheTaskBeforeTheCall() async throws {
        let (client, other) = (try authority.certificate(for: "client"), try authority.certificate(for: "other"))
        let half = String(client.key.prefix(client.key.count / 2))
        let cases: [(String, String, String)] = [
            ("not a certificate", client.key, "`certificate` of `client_certificate` holds no certificate in PEM"),
            ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", client.key, "a certificate that is damaged"),
            (client.pem, "not a key at all", "`key` of `client_certificate` holds no private key in PEM"),
            (client.pem, half, "a private key that is damaged, cut off, or of a kind that is not supported"),
            (
                client.pem, "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----",
                "is encrypted with a passphrase. Set the secret without it: openssl pkey -in key.pem"
            ),
            (client.pem, other.key, "does not belong to `certificate`"), ("\(other.pem)\n\(client.pem)", client.key, "comes first"),
        ]
        for (certificate, key, words) in cases {
            var call = HTTPCall(method: "GET", url: "https://localhost:1/")
            call.clientCertificate = ClientCertificate(certificate: certificate, key: key)
            let report = Recorder()
            let error = try #require(try await outcome(call, reporting: report).error)
            #expect(error.message.contains(words), "\(error.message)")
            #expect(error.type == "weir.task.http/certificate" && error.attribution == .customer && report.events == [])
            for line in key.split(separator: "\n") where !line.hasPrefix("-----") && line.count > 8 {
                #expect(!error.message.contains(line))
            }
        }
    }

    @Test func canStandBesideItsKeyInOneText() async throws {
        let client = try authority.certificate(for: "client")
        let both = "some words\n\(client.key)\n\(client.pem)"
        try await LoopbackServer.open(with: server) { _ in
            Shop.answer(.ok)
        } test: { port in
            var call = Self.call("https://localhost:\(port)/", nil)
            call.clientCertificate = ClientCertificate(certificate: both, key: both)
            let outcome = try await outcome(call)
            #expect(outcome.output != nil)
        }
    }

    @Test func followsARedirectionToTheSameHostOnly() async throws {
        let (client, server) = (try authority.certificate(for: "client"), server)
        let others = Mutex(0)
        try await LoopbackServer.open(with: server) { _ in
            others.withLock { $0 += 1 }
            return Shop.answer(.ok)
        } test: { other in
            try await LoopbackServer.open(with: server) { request in
                var response = Shop.answer(.found)
                switch request.path {
                case "/same": response.headers[.location] = "/there"
                case "/other": response.headers[.location] = "https://localhost:\(other)/"
                default: return Shop.answer(.ok, "there")
                }
                return response
            } test: { port in
                let url = "https://localhost:\(port)"
                #expect(try await outcome(Self.call("\(url)/same", client, follow: 1)).output != nil)
                // The other server would accept the certificate, and does not see it.
                let error = try #require(try await outcome(Self.call("\(url)/other", client, follow: 1)).error)
                #expect(error.message.hasPrefix("no response from localhost:\(other): it requires a client"), "\(error.message)")
            }
        }
        #expect(others.withLock { $0 } == 0)
    }

    /// A job whose server demands the certificate for each of its calls, with the secrets put in as the engine does.
    @Test func isThatOfEachCallOfAJob() async throws {
        let client = try authority.certificate(for: "client")
        let lines = Mutex<[String]>([])
        try await LoopbackServer.open(with: server) { request in
            lines.withLock { $0.append("\(request.method) \(request.path)") }
            return Shop.answer(.ok, #"{"id":7,"state":"DONE"}"#, type: "application/json")
        } test: { port in
            try await withRunner { runner in
                let begun = await runner.run(try job(port, client, nil), reporting: Recorder())
                guard case .waiting(let wait, _) = begun else {
                    Issue.record("\(begun)")
                    return
                }
                #expect(!wait.memo.text.contains("PRIVATE KEY"))
                let report = Recorder()
                let ended = await runner.run(try job(port, client, wait), reporting: report)
                #expect(ended.output != nil)
                await runner.cancelOutside(try job(port, client, wait), reporting: report)
                #expect(report.text.contains("/7/cancel: 200 OK"), "\(report.text)")
            }
        }
        #expect(lines.withLock { $0 } == ["POST /jobs", "GET /jobs/7", "POST /jobs/7/cancel"])
    }

    private func job(_ port: Int, _ client: TestCertificate, _ wait: TaskWait?) throws -> TaskAttempt {
        let url = "https://localhost:\(port)/jobs"
        let text = """
            id: jobs
            name: Jobs
            type: test/run
            stages:
              - name: All
                tasks:
                  - id: job
                    type: spark.job
                    http:
                      method: POST
                      url: "\(url)"
                      client_certificate: {certificate: "${secrets.cert}", key: "${secrets.key}"}
                      poll:
                        url: "\(url)/${response.body.id}"
                        done: {path: state, in: [DONE]}
                        cancel: {url: "\(url)/${response.body.id}/cancel"}
            """
        let configuration = try ConfigurationReader().read(ConfigurationSource(text: text, format: .yaml), file: "jobs.yaml")
        let definition = try #require(configuration.tasks.first)
        let secrets = [ExactText("cert"): try SecretValue(client.pem), ExactText("key"): try SecretValue(client.key)]
        let run = RunContext(
            id: RunID(rawValue: "wf-1"), tenant: "acme", configuration: "jobs", name: "Jobs", createdAt: .earliest, mode: .full)
        let values = AttemptValues(
            of: run, parameters: RunParameters(), outputs: [:], secrets: secrets,
            response: wait.map { ResponseValues(json: JSONValue(json: $0.memo.text.utf8)?["response"]) },
            naming: definition.references)
        return TaskAttempt(
            tenant: try #require(Tenant("acme")), run: run.id, task: TaskID(rawValue: "wft-1"), number: 1, configuration: "jobs",
            definition: wait == nil ? try definition.substituted(from: values) : try definition.substitutedToResume(from: values),
            runMode: .full, mask: SecretMask(secrets.values.map { $0 }), resumed: wait.map { ResumedAttempt($0) })
    }
}
