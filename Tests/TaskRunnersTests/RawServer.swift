import Foundation
import HTTPTestKit
import NIOCore
import NIOPosix
import NIOSSL
import ProgramTestKit
import Synchronization

/// A server on the loopback interface that responds with given bytes, valid HTTP or not.
enum RawServer {
    struct Answer: Sendable {
        var bytes: [UInt8]
        /// Whether the connection is closed after the bytes.
        var closes = true

        init(_ text: String, body: [UInt8] = [], closes: Bool = true) {
            bytes = Array(text.replacing("\n", with: "\r\n").utf8) + body
            self.closes = closes
        }
    }

    /// The received requests, each with the number of its connection.
    final class Log: Sendable {
        private let state = Mutex<[(connection: Int, head: String)]>([])

        var requests: [(connection: Int, head: String)] { state.withLock { $0 } }
        func add(_ connection: Int, _ head: String) { state.withLock { $0.append((connection, head)) } }
    }

    /// - Parameters:
    ///  - certificate: nil for a server without TLS.
    ///  - test: receives the server's port.
    static func open(
        with certificate: TestCertificate? = nil, _ answer: @escaping @Sendable (_ head: String) -> Answer,
        test: (_ port: Int, _ log: Log) async throws -> Void
    ) async throws {
        let log = Log()
        let count = Mutex(0)
        let context = try certificate.map { try NIOSSLContext(configuration: $0.serverConfiguration()) }
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let context { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context)) }
                    let number = count.withLock { count in
                        count += 1
                        return count
                    }
                    try channel.pipeline.syncOperations.addHandler(Handler(number: number, log: log, answer: answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            try await test(server.localAddress?.port ?? 0, log)
        } catch {
            try await server.close()
            throw error
        }
        try await server.close()
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let number: Int
        private let log: Log
        private let answer: @Sendable (String) -> Answer
        private var head = ""

        init(number: Int, log: Log, answer: @escaping @Sendable (String) -> Answer) {
            self.number = number
            self.log = log
            self.answer = answer
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            head += String(buffer: unwrapInboundIn(data))
            guard head.contains("\r\n\r\n") else { return }
            log.add(number, head)
            let answer = answer(head)
            head = ""
            let channel = context.channel
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: answer.bytes))).whenComplete { _ in
                if answer.closes { channel.close(promise: nil) }
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}

/// Bytes made by Python, as test data from independent implementations.
enum Python {
    /// - Parameter expression: evaluates to bytes; `gzip` and `zlib` are imported.
    static func bytes(_ expression: String) throws -> [UInt8] {
        let output = FileManager.default.temporaryDirectory.appending(path: "weir-python-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: output) }
        var program = SpawnedProgram(
            "/usr/bin/env", ["python3", "-c", "import gzip, sys, zlib; sys.stdout.buffer.write(\(expression))"],
            environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"])
        program.output = output.path
        struct Failed: Error {}
        guard try program.run() == 0 else { throw Failed() }
        return try Array(Data(contentsOf: output))
    }
}
