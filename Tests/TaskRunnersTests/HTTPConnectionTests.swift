import AsyncHTTPClient
import HTTPTestKit
import HTTPTypes
import NIOCore
import NIOSSL
import TaskRunners
import Testing
import WorkflowModel

@Suite struct AConnection {
    /// As for tasks, but patient: while other tests run, a connection can take longer than a task waits for one.
    private static var patient: HTTPClient.Configuration {
        var configuration = HTTPRunner.configuration
        configuration.timeout.connect = .minutes(5)
        return configuration
    }

    /// The error of a request.
    private func failure(
        _ url: String, client configuration: HTTPClient.Configuration? = nil
    ) async throws -> RunError {
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration ?? Self.patient)
        let outcome = try await Caller(runner: HTTPRunner(client: client)).run(HTTPCall(method: "GET", url: url))
        try await client.shutdown()
        return try #require(outcome.error)
    }

    /// The error of a request that receives these bytes as the response.
    private func failure(answer: RawServer.Answer) async throws -> RunError {
        var error: RunError?
        try await RawServer.open { _ in
            answer
        } test: { port, _ in
            error = try await failure("http://127.0.0.1:\(port)/")
        }
        return try #require(error)
    }

    @Test(arguments: [
        (
            "HTTP/1.1 200 OK\nContent-Length: 10\n\nabc",
            "it closed the connection after 3 of 10 bytes of the body, before the response was complete"
        ),
        (
            "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\nab",
            "it closed the connection after 2 bytes of the body, before the response was complete"
        ),
        ("HTTP/1.1 200 OK\nbad header\n\n", "a header contains an invalid character"),
        ("HTTP/1.1 200 OK\nb@d\u{7}: x\n\n", "a header contains an invalid character"),
        ("HTTP/1.1 200 OK\nContent-Length: many\n\n", "Content-Length is not a single number"),
        ("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nzz\n", "the size of a chunk is not a number"),
        ("SSH-2.0-OpenSSH_9.6\n", "its response is not HTTP"), ("HTTP/9.9 200 OK\n\n", "the version is not HTTP/1"),
        ("HTTP/1.1 200 OK\nX: \(String(repeating: "x", count: 100_000))\n\n", "the headers are too long"),
        ("", "it closed the connection before"), ("HTTP/1.1 200 OK\nContent-Le", "it closed the connection before"),
    ])
    func namesTheFaultOfTheResponse(answer: String, words: String) async throws {
        let error = try await failure(answer: RawServer.Answer(answer))
        #expect(error.message.hasPrefix("no response from 127.0.0.1:"))
        #expect(error.message.contains(words), "\(error.message)")
        #expect(error.type == "weir.task.http/connect")
        #expect(error.attribution == .platform)
        #expect(!error.message.contains("TLS handshake failed"))
    }

    @Test func namesAPortWithoutTLS() async throws {
        try await Shop.open { _ in
            Shop.answer(.ok)
        } test: { port in
            let error = try await failure("https://127.0.0.1:\(port)/")
            #expect(error.message.contains("it does not use TLS on this port"), "\(error.message)")
        }
    }

    @Test func namesTheFaultOfTheCertificate() async throws {
        let authority = try TestAuthority()
        var trusting = Self.patient
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = try authority.trustRoots()
        trusting.tlsConfiguration = tls
        let cases: [(TestCertificate, HTTPClient.Configuration?, String)] = [
            (try authority.certificate(for: "localhost", isSelfSigned: true), nil, "its certificate is self-signed"),
            (
                try authority.certificate(for: "localhost"), nil,
                "its certificate is issued by an authority that the service does not trust"
            ),
            (try authority.certificate(for: "localhost", validity: -7_200 ... -3_600), trusting, "its certificate expired at 20"),
            (
                try authority.certificate(for: "localhost", validity: 3_600...7_200), trusting,
                "its certificate is not valid before 20"
            ),
            (try authority.certificate(for: "shop.example"), trusting, "its certificate does not match the host name"),
        ]
        for (certificate, configuration, words) in cases {
            try await RawServer.open(with: certificate) { _ in
                RawServer.Answer("HTTP/1.1 200 OK\nContent-Length: 0\n\n")
            } test: { port, log in
                let error = try await failure("https://localhost:\(port)/", client: configuration)
                #expect(error.message.contains(words), "\(error.message)")
                // The request is never sent to an untrusted server.
                #expect(log.requests.isEmpty)
            }
        }
    }

    @Test func isMadeForATrustedCertificate() async throws {
        let authority = try TestAuthority()
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = try authority.trustRoots()
        var configuration = Self.patient
        configuration.tlsConfiguration = tls
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        try await RawServer.open(with: try authority.certificate(for: "localhost")) { _ in
            RawServer.Answer("HTTP/1.1 200 OK\nContent-Length: 2\n\nok")
        } test: { port, _ in
            let outcome = try await Caller(runner: HTTPRunner(client: client)).run(
                HTTPCall(method: "GET", url: "https://localhost:\(port)/"))
            #expect(outcome.output != nil)
        }
        try await client.shutdown()
    }

    /// A reused connection could be closed by the server, or shared with a task of another run.
    @Test func servesOneAttempt() async throws {
        try await RawServer.open { _ in
            RawServer.Answer("HTTP/1.1 200 OK\nContent-Length: 2\nConnection: keep-alive\n\nok", closes: false)
        } test: { port, log in
            try await Caller.with { caller in
                for _ in 1...3 {
                    let outcome = try await caller.run(HTTPCall(method: "GET", url: "http://127.0.0.1:\(port)/"))
                    #expect(outcome.output != nil)
                }
            }
            #expect(log.requests.map(\.connection) == [1, 2, 3])
            #expect(log.requests.allSatisfy { $0.head.lowercased().contains("\r\nconnection: close\r\n") })
        }
    }
}
