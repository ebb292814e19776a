import AsyncHTTPClient
import Foundation
import NIOCore
import Testing
import WorkflowModel

@testable import TaskRunners

@Suite("Proxies of HTTP tasks")
struct HTTPProxyTests {
    private static func target(_ host: String, _ port: Int = 80, isSecure: Bool = false) -> HTTPTaskRequest.Target {
        HTTPTaskRequest.Target(host: host, port: port, isSecure: isSecure)
    }

    @Test func areReadFromTheEnvironment() throws {
        let settings = try ProxySettings(environment: [
            "HTTP_PROXY": "http://proxy.example:3128", "https_proxy": "user:p%40ss@secure.example", "HTTPS_PROXY": "http://ignored",
        ])
        #expect(settings.http == ProxySettings.Proxy(host: "proxy.example", port: 3128))
        #expect(settings.https == ProxySettings.Proxy(host: "secure.example", port: 80, user: "user", password: "p@ss"))
        #expect(settings.proxy(for: Self.target("a.example")) == settings.http)
        #expect(settings.proxy(for: Self.target("a.example", 443, isSecure: true)) == settings.https)
        let none = try ProxySettings(environment: ["HTTP_PROXY": "", "NO_PROXY": "a"])
        #expect(none.proxy(for: Self.target("a.example")) == nil)
        #expect(try ProxySettings(environment: ["HTTP_PROXY": "http://[fd00::1]:8080/"]).http?.host == "fd00::1")
    }

    @Test(arguments: [
        "https://proxy.example", "socks5://proxy.example:1080", "http://", "http://proxy.example:0", "http://proxy.example:99999",
        "http://me:geheim@proxy.example/path", "not a host",
    ])
    func thatCannotBeUsedAreRefusedWithoutTheirPassword(text: String) {
        let error = #expect(throws: ProxySettings.Problem.self) { try ProxySettings(environment: ["HTTPS_PROXY": text]) }
        #expect(error?.message.hasPrefix("HTTPS_PROXY is not the address of a proxy. Accepted: ") == true)
        #expect(error?.message.contains("geheim") == false)
    }

    @Test(arguments: [
        ("*", "a.example", true), ("a.example", "a.example", true), ("A.Example", "a.EXAMPLE", true),
        ("example", "a.example", true),
        (".example", "a.example", true), ("*.example", "a.example", true), ("b.example", "a.example", false),
        ("ample", "a.example", false), ("a.example:80", "a.example", true), ("a.example:81", "a.example", false),
        ("x, a.example ,y", "a.example", true), ("10.0.0.0/8", "10.1.2.3", true), ("10.0.0.0/8", "11.1.2.3", false),
        ("10.1.2.3", "10.1.2.3", true), ("fd00::/8", "fd00::7", true), ("", "a.example", false), (".", "a.example", false),
        // This machine is always called directly.
        ("", "localhost", true), ("", "a.localhost", true), ("", "127.0.0.9", true), ("", "::1", true),
    ])
    func areNotUsedForExceptions(list: String, host: String, isExcepted: Bool) throws {
        let settings = try ProxySettings(environment: ["HTTP_PROXY": "proxy.example", "NO_PROXY": list])
        #expect((settings.proxy(for: Self.target(host)) == nil) == isExcepted)
    }

    /// A call through a real tunnel: the proxy connects to a server that only the proxy knows.
    private func call(
        environment: (Int) -> [String: String], answer: @escaping @Sendable (String) -> RawServer.Answer
    ) async throws -> (outcome: TaskOutcome, heads: [String]) {
        var found: (TaskOutcome, [String])?
        try await RawServer.open(with: nil, answer) { port, log in
            var configuration = HTTPRunner.configuration
            configuration.timeout.connect = .minutes(5)
            let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
            let proxies = ProxyClients(try ProxySettings(environment: environment(port)), configuration: configuration)
            let caller = Caller(runner: HTTPRunner(client: client, proxies: proxies))
            let outcome = try await caller.run(HTTPCall(method: "GET", url: "http://service.invalid/path"))
            try await client.shutdown()
            try await proxies.shutdown()
            found = (outcome, log.requests.map(\.head))
        }
        return try #require(found)
    }

    @Test func carryTheCallThroughATunnel() async throws {
        let (outcome, heads) = try await call {
            ["HTTP_PROXY": "http://me:secret@127.0.0.1:\($0)"]
        } answer: { head in
            head.hasPrefix("CONNECT ")
                ? RawServer.Answer("HTTP/1.1 200 Connected\n\n", closes: false)
                : RawServer.Answer("HTTP/1.1 200 OK\nContent-Length: 2\n\nok")
        }
        let values = try #require(outcome.output?.values, "\(outcome)")
        #expect(JSONValue(json: values.text.utf8)?["body"] == .string("ok"))
        #expect(heads.count == 2)
        let credentials = Data("me:secret".utf8).base64EncodedString()
        #expect(heads.first?.hasPrefix("CONNECT service.invalid:80 HTTP/1.1\r\n") == true, "\(heads)")
        #expect(heads.first?.lowercased().contains("proxy-authorization: basic \(credentials.lowercased())") == true, "\(heads)")
        #expect(heads.last?.hasPrefix("GET /path HTTP/1.1\r\n") == true && heads.last?.contains(credentials) == false, "\(heads)")
    }

    @Test(arguments: [
        ("407 Proxy Authentication Required", "does not accept the user"), ("502 Bad Gateway", "did not connect to it"),
    ])
    func thatRefuseAreNamed(status: String, words: String) async throws {
        let (outcome, _) = try await call {
            ["HTTP_PROXY": "http://me:secret@127.0.0.1:\($0)"]
        } answer: { _ in
            RawServer.Answer("HTTP/1.1 \(status)\nContent-Length: 0\n\n")
        }
        let error = try #require(outcome.error)
        #expect(error.attribution == .platform && error.message.contains(words), "\(error.message)")
        #expect(error.message.contains("the proxy 127.0.0.1:") && !error.message.contains("secret"), "\(error.message)")
    }

    @Test func thatCannotBeReachedAreNamed() async throws {
        let (outcome, heads) = try await call { _ in
            ["HTTP_PROXY": "http://127.0.0.1:1"]
        } answer: { _ in
            RawServer.Answer("HTTP/1.1 200 OK\nContent-Length: 0\n\n")
        }
        #expect(heads.isEmpty)
        let message = try #require(outcome.error).message
        #expect(message.contains("the proxy 127.0.0.1:1 cannot be reached: it refused the connection"), "\(message)")
    }
}
