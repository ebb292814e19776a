import AsyncHTTPClient
import Foundation
import HTTPTestKit
import HTTPTypes
import NIOCore
import NIOSSL
import Synchronization
import Testing
import WorkflowModel

@testable import TaskRunners

/// Calls with https through a real proxy to a real TLS server, as the environment says.
@Suite("A tunnel to a server with TLS", .timeLimit(.minutes(5)))
struct HTTPTunnelTests {
    private let authority: TestAuthority
    private let server: TestCertificate
    private let client: TestCertificate

    init() throws {
        authority = try TestAuthority()
        var server = try authority.certificate(for: "service.invalid")
        server.clients = authority
        self.server = server
        client = try authority.certificate(for: "client")
    }

    private struct Result {
        var outcome: TaskOutcome
        var report: Recorder
        var received: [ReceivedRequest]
        var proxy: TunnelProxy
    }

    /// Calls the server, whose name only the proxy knows; a direct call resolves it, too.
    /// - Parameter environment: made from the address of the proxy.
    private func call(
        password: String = "geheim", _ environment: @escaping @Sendable (String) -> [String: String]
    ) async throws -> Result {
        let (authority, server) = (authority, server)
        let identity = ClientCertificate(certificate: client.pem, key: client.key)
        let received = Mutex<[ReceivedRequest]>([])
        let found = Mutex<(TaskOutcome, Recorder, TunnelProxy)?>(nil)
        try await LoopbackServer.open(with: server) { request in
            received.withLock { $0.append(request) }
            return Shop.answer(.ok, "welcome")
        } test: { port in
            try await TunnelProxy.open(user: "me", password: password, to: ["\(port)": port]) { proxy in
                var call = HTTPCall(
                    method: "GET", url: "https://service.invalid:\(port)/secret-path",
                    headers: [HTTPCall.Header(name: "authorization", value: "Bearer of-the-call")])
                call.clientCertificate = identity
                var tls = TLSConfiguration.makeClientConfiguration()
                tls.trustRoots = try authority.trustRoots()
                var configuration = HTTPRunner.configuration
                configuration.timeout.connect = .minutes(5)
                configuration.tlsConfiguration = tls
                var direct = configuration
                direct.dnsOverride = ["service.invalid": "127.0.0.1"]
                let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: direct)
                let settings = try ProxySettings(environment: environment("http://me:geheim@127.0.0.1:\(proxy.port)"))
                let proxies = ProxyClients(settings, configuration: configuration)
                let report = Recorder()
                let outcome = try await Caller(runner: HTTPRunner(client: client, proxies: proxies, tls: tls))
                    .run(call, reporting: report)
                try await client.shutdown()
                try await proxies.shutdown()
                found.withLock { $0 = (outcome, report, proxy) }
            }
        }
        let (outcome, report, proxy) = try #require(found.withLock { $0 })
        return Result(outcome: outcome, report: report, received: received.withLock { $0 }, proxy: proxy)
    }

    private static let credentials = Data("me:geheim".utf8).base64EncodedString()

    @Test func carriesTheCallWithItsClientCertificateAndShowsTheProxyNothingOfIt() async throws {
        let result = try await call { ["HTTPS_PROXY": $0, "HTTP_PROXY": "http://127.0.0.1:1"] }
        let values = try #require(result.outcome.output?.values, "\(result.outcome)")
        #expect(JSONValue(json: values.text.utf8)?["body"] == .string("welcome"))
        #expect(result.proxy.targets.count == 1 && result.proxy.heads.count == 1)
        #expect(result.proxy.targets.first?.hasPrefix("service.invalid:") == true)
        // The proxy sees the name of the server, and encrypted bytes.
        for text in ["secret-path", "of-the-call", "PRIVATE KEY"] { #expect(!result.proxy.seen.contains(text)) }
        #expect(!result.proxy.heads[0].contains("of-the-call"))
        // The server sees the call alone.
        let request = try #require(result.received.first)
        #expect(request.path == "/secret-path" && request.headers["authorization"] == "Bearer of-the-call")
        #expect(request.headers["proxy-authorization"] == nil && !"\(request.headers)".contains(Self.credentials))
        #expect(!result.report.text.contains("geheim") && !values.text.contains("geheim"))
    }

    @Test func isLeftOutForServersOfNoProxy() async throws {
        let direct = try await call { ["HTTPS_PROXY": $0, "NO_PROXY": "other.example,.invalid"] }
        #expect(direct.outcome.output != nil && direct.received.count == 1 && direct.proxy.heads.isEmpty)
        let used = try await call { ["https_proxy": $0, "NO_PROXY": "service.invalid:1,invalid.example"] }
        #expect(used.outcome.output != nil && used.received.count == 1 && used.proxy.targets.count == 1)
    }

    @Test func thatTheProxyRefusesIsNamedWithoutItsPassword() async throws {
        let result = try await call(password: "another") { ["HTTPS_PROXY": $0] }
        let error = try #require(result.outcome.error)
        #expect(error.attribution == .platform && result.proxy.targets.isEmpty && result.received.isEmpty)
        #expect(error.message.contains("does not accept the user and the password"), "\(error.message)")
        for text in [error.message, result.report.text] {
            #expect(!text.contains("geheim") && !text.contains(Self.credentials), "\(text)")
        }
    }
}
