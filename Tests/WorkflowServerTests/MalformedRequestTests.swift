import HTTPTypes
import HummingbirdTesting
import NIOCore
import NIOPosix
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

@Suite("What is no HTTP, or not the newest, over a socket")
struct MalformedRequestTests {
    /// Everything that the server sends until it closes.
    private func exchange(_ text: String, with service: ServiceUnderTest) async throws -> String {
        let port = try #require(service.client.port)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "localhost", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            var answer = ByteBuffer()
            for try await part in inbound { answer.writeImmutableBuffer(part) }
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
            // One bad connection is no trouble to the others.
            #expect(try await service.get(Paths.health, [:]).status == .ok)
        }
    }

    @Test("headers beyond all limits are answered too, while the client still sends")
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
        }
    }

    @Test(
        "a connection is closed after the answer where its client waits for that",
        arguments: [
            "GET /healthz HTTP/1.0\r\n\r\n", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: Close\r\n\r\n",
            "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: TE, close\r\nTE: trailers\r\n\r\n",
        ])
    func closing(text: String) async throws {
        try await withService(.live) { service in
            // Returns when the server closes, which it would also do to a connection that nothing comes from for a minute.
            let answer = try await exchange(text, with: service)
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"), "\(answer)")
            #expect(answer.contains("\r\nConnection: close\r\n"), "\(answer)")
        }
    }
}
