import HTTPTypes
import HummingbirdTesting
import NIOCore
import NIOPosix
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

@Suite("Malformed requests and earlier versions of HTTP, over a socket")
struct MalformedRequestTests {
    /// Everything that the server sends until it closes.
    /// - Parameters:
    ///   - rest: sent after the server has begun to answer.
    ///   - isHalfClosed: whether the client closes its output.
    private func exchange(
        _ text: String, then rest: String? = nil, isHalfClosed: Bool = false, with service: ServiceUnderTest
    ) async throws -> String {
        let port = try #require(service.client.port)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "localhost", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            if isHalfClosed { outbound.finish() }
            var answer = ByteBuffer()
            var rest = rest
            for try await part in inbound {
                answer.writeImmutableBuffer(part)
                if let text = rest {
                    rest = nil
                    // The server may have closed the connection meanwhile.
                    try? await outbound.write(ByteBuffer(string: text))
                }
            }
            return String(buffer: answer)
        }
    }

    @Test(
        "is answered like every other error",
        arguments: [
            "nonsense\r\n\r\n", "GET\r\n\r\n", "GET /healthz HTTP/9.9\r\n\r\n", "GET /healthz HTTP/1.1\r\nbad header\r\n\r\n",
            "GET /healthz HTTP/1.1\r\nContent-Length: x\r\n\r\n",
            "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{FC}\u{3}\u{3}\r\n\r\n",
        ])
    func malformed(text: String) async throws {
        try await withService(.live) { service in
            let answer = try await exchange(text, with: service)
            #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"), "\(answer)")
            #expect(answer.contains("Content-Type: application/json\r\n"))
            #expect(answer.contains("api-version: 2024-04-01\r\n"))
            #expect(answer.contains(#"{"status":400,"message":"This is not a request of HTTP/1.1.","request_id":"req-"#))
            // Other connections are not affected.
            #expect(try await service.get(Paths.health, [:]).status == .ok)
        }
    }

    @Test(
        "a request of HTTP/1.1 has one Host, and no request has several",
        arguments: [
            ("GET /healthz HTTP/1.1\r\n\r\n", "The request has no Host header. Send one."),
            ("GET /healthz HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", "The request has 2 Host headers. Send one."),
            ("GET /healthz HTTP/1.0\r\nHost: a\r\nHost: b\r\nHost: c\r\n\r\n", "The request has 3 Host headers. Send one."),
            ("POST /api/workflow/runs HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}", "The request has no Host header. Send one."),
        ])
    func hosts(text: String, message: String) async throws {
        try await withService(.live) { service in
            let good = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
            for (before, after) in [("", ""), (good, good)] {
                let answer = try await exchange(before + text + after, with: service)
                #expect(statuses(in: answer) == (before.isEmpty ? [400] : [200, 400]), "\(answer)")
                #expect(answer.contains("\"message\":\"\(message)\",\"request_id\":\"req-"), "\(answer)")
                #expect(answer.contains("\r\nConnection: close\r\n"), "\(answer)")
            }
        }
    }

    @Test("an answer of unknown length has no chunks for a client of HTTP/1.0, and ends with the connection")
    func streamsOfEarlierVersions() async throws {
        try await withService(.live) { service in
            try await service.addRuns([
                try service.run("wf-1", created: "2024-02-01"), try service.run("wf-2", created: "2024-02-02"),
            ])
            let token = try await service.token(for: service.makeKey(.viewer))
            let fields = "Host: acme.localhost\r\nAuthorization: Bearer \(token)\r\n"
            let health = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            for connection in ["", "Connection: keep-alive\r\n"] {
                let request = "GET /api/workflow/runs/export HTTP/1.0\r\n\(fields)\(connection)\r\n"
                let answer = try await exchange(request + health, with: service)
                #expect(answer.hasPrefix("HTTP/1.0 200 OK\r\n") && answer.contains("\r\nConnection: close\r\n"), "\(answer)")
                #expect(!answer.lowercased().contains("transfer-encoding"), "\(answer)")
                let body = try #require(answer.split(separator: "\r\n\r\n", maxSplits: 1).last)
                #expect(body.hasPrefix("{\"id\":\"wf-2\"") && body.hasSuffix("}\n") && body.split(separator: "\n").count == 2)
            }
            let newer = "GET /api/workflow/runs/export HTTP/1.1\r\n\(fields)\r\n"
            let chunked = try await exchange(newer + health, with: service)
            #expect(chunked.lowercased().contains("transfer-encoding: chunked") && statuses(in: chunked) == [200, 200])
            // HEAD has no body, and no chunk: the next answer follows its headers.
            for connection in ["", "Connection: close\r\n"] {
                let request = "HEAD /api/workflow/runs/export HTTP/1.1\r\n\(fields)\(connection)\r\n"
                let head = try await exchange(request + (connection.isEmpty ? health : ""), with: service)
                #expect(!head.split(separator: "\r\n\r\n")[0].lowercased().contains("content-length"), "\(head)")
                #expect(!head.contains("\r\n0\r\n"), "\(head)")
                #expect(statuses(in: head) == (connection.isEmpty ? [200, 200] : [200]), "\(head)")
            }
        }
    }

    @Test("a request of HTTP/1.0 needs no Host")
    func oldProtocol() async throws {
        try await withService(.live) { service in
            let answer = try await exchange("GET /healthz HTTP/1.0\r\n\r\n", with: service)
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"), "\(answer)")
        }
    }

    @Test("headers beyond the limits of the parser are answered while the client still sends")
    func overflow() async throws {
        try await withService(.live) { service in
            let header = "x-large: " + String(repeating: "a", count: Limits.headers * 20)
            let answer = try await exchange("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\(header)\r\n\r\n", with: service)
            #expect(answer.hasPrefix("HTTP/1.1 431 Request Header Fields Too Large\r\n"), "\(answer.prefix(200))")
            #expect(answer.contains(#""status":431"#))
        }
    }

    @Test("a request before it on the same connection is answered first")
    func pipelined() async throws {
        try await withService(.live) { service in
            let answer = try await exchange("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nnonsense\r\n\r\n", with: service)
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"), "\(answer)")
            #expect(statuses(in: answer) == [200, 400])
            #expect(answer.contains(#"{"status":400,"message":"This is not a request of HTTP/1.1.","request_id":"req-"#))
            let inBody = "POST /api/v0/oauth2/token HTTP/1.1\r\nHost: x\r\n\(Self.form)Transfer-Encoding: chunked\r\n\r\nzz\r\n"
            let answers = try await exchange("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" + inBody, with: service)
            #expect(statuses(in: answers) == [200, 400], "\(answers)")
            #expect(answers.contains(#"{"status":400,"message":"This is not a request of HTTP/1.1.","request_id":"req-"#))
        }
    }

    /// The statuses of all answers.
    private func statuses(in text: String) -> [Int] {
        text.split(separator: "HTTP/1.1 ", omittingEmptySubsequences: false).dropFirst().compactMap { Int($0.prefix(3)) }
    }

    private static let form = "Content-Type: application/x-www-form-urlencoded\r\n"

    /// Requests that are refused before their bodies have arrived, with the status.
    private static let refused = [
        ("POST /healthz HTTP/1.1\r\nTransfer-Encoding: chunked\r\n", 405),
        ("POST /healthz HTTP/1.1\r\nContent-Length: 100\r\n", 405),
        ("POST /nowhere HTTP/1.1\r\nContent-Length: 100\r\n", 404),
        ("POST /api/workflow/runs HTTP/1.1\r\nContent-Length: 100\r\n", 401),
        ("POST /api/v0/oauth2/token HTTP/1.1\r\n\(form)Content-Length: 100000\r\n", 413),
        ("POST /api/v0/oauth2/token HTTP/1.1\r\nContent-Length: 100\r\n", 400),
        ("POST /runs HTTP/1.1\r\nContent-Length: 100\r\n", 405),
        ("POST /sign-in HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n", 415),
        ("POST /api/workflow/runs HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 100\r\n", 401),
    ]
    private static let rests = [
        "5;\u{1}=\"\r\nab", "nonsense\r\n\r\n",
        String(repeating: "a", count: 100) + "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ]

    @Test("an answer before the end of its request is the last one of the connection", arguments: refused, rests)
    func early(refused: (head: String, status: Int), rest: String) async throws {
        try await withService(.live) { service in
            let answer = try await exchange(refused.head + "Host: localhost\r\n\r\n", then: rest, with: service)
            #expect(statuses(in: answer) == [refused.status], "\(answer)")
            #expect(answer.lowercased().contains("\r\nconnection: close\r\n"), "\(answer)")
            // Other connections are not affected.
            #expect(try await service.get(Paths.health, [:]).status == .ok)
        }
    }

    @Test("a request that has arrived in full is refused without losing the connection")
    func refusedInFull() async throws {
        try await withService(.live) { service in
            let answer = try await exchange(
                "POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nab"
                    + "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", with: service)
            #expect(statuses(in: answer) == [405, 200], "\(answer)")
        }
    }

    @Test("bytes after the announced length of a body are read as an invalid request")
    func longerThanAnnounced() async throws {
        try await withService(.live) { service in
            let answer = try await exchange(
                "POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nabcdef\r\n\r\n", with: service)
            #expect(statuses(in: answer) == [405, 400], "\(answer)")
            #expect(answer.contains(#""status":400"#) && answer.contains("\r\nConnection: close\r\n"))
        }
    }

    @Test(
        "an invalid body is answered once, like every other error",
        arguments: ["5\r\nab", "zz\r\n", "5;\u{1}=\"\r\nab", "5\r\nabcdefgh\r\n0\r\n\r\n"])
    func malformedBody(body: String) async throws {
        try await withService(.live) { service in
            let head =
                "POST /api/v0/oauth2/token HTTP/1.1\r\nHost: localhost\r\n\(Self.form)Expect: 100-continue\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
            // The handler is reading the body when the invalid part arrives.
            let answer = try await exchange(head, then: body + "nonsense", with: service)
            #expect(statuses(in: answer) == [100, 400], "\(answer)")
            #expect(answer.contains(#"{"status":400,"message":"This is not a request of HTTP/1.1.","request_id":"req-"#))
        }
    }

    @Test("a client with Expect: 100-continue is answered 100 when its body is read")
    func continuing() async throws {
        try await withService(.live) { service in
            let body = "client_id=a&client_secret=b"
            let head =
                "POST /api/v0/oauth2/token HTTP/1.1\r\nHost: localhost\r\n\(Self.form)Expect: 100-continue\r\n"
                + "Connection: close\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
            let answer = try await exchange(head, then: body, with: service)
            #expect(statuses(in: answer) == [100, 401], "\(answer)")
            #expect(answer.contains("invalid_client"))
            // No 100 is needed when the body has arrived already.
            #expect(statuses(in: try await exchange(head + body, with: service)).last == 401)
        }
    }

    @Test("a client that closes its output gets its whole answer")
    func halfClosed() async throws {
        try await withService(.live) { service in
            let answer = try await exchange(
                "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n", isHalfClosed: true, with: service)
            let whole = try await service.get("/openapi.json", [:]).text
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n") && answer.hasSuffix(whole))
        }
    }

    @Test(
        "a connection is closed after the answer when the client asks for it",
        arguments: [
            "GET /healthz HTTP/1.0\r\n\r\n", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: Close\r\n\r\n",
            "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: TE, close\r\nTE: trailers\r\n\r\n",
        ])
    func closing(text: String) async throws {
        try await withService(.live) { service in
            // Returns when the server closes. An idle connection would take a minute.
            let answer = try await exchange(text, with: service)
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"), "\(answer)")
            #expect(answer.contains("\r\nConnection: close\r\n"), "\(answer)")
        }
    }
}
