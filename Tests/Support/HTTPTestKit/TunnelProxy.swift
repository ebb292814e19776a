import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A real proxy on the loopback interface: it answers `CONNECT` (RFC 9110, section 9.3.6) and carries bytes in both directions.
public final class TunnelProxy: Sendable {
    /// The servers on the loopback interface that stand for all others, by the port that is asked for.
    private let servers: [String: Int]
    private let authorization: String?
    private let listener: Mutex<(any Channel)?> = Mutex(nil)
    private let state = Mutex<(targets: [String], heads: [String], bytes: [UInt8])>(([], [], []))

    private init(user: String?, password: String, servers: [String: Int]) {
        self.servers = servers
        authorization = user.map { "Basic " + Data("\($0):\(password)".utf8).base64EncodedString() }
    }

    public var port: Int { listener.withLock { $0?.localAddress?.port } ?? 0 }
    /// The targets of the tunnels that were opened, in their order.
    public var targets: [String] { state.withLock { $0.targets } }
    /// The received requests.
    public var heads: [String] { state.withLock { $0.heads } }
    /// All bytes from clients that went through tunnels, as the proxy sees them.
    public var seen: String { state.withLock { String(decoding: $0.bytes, as: UTF8.self) } }

    /// - Parameters:
    ///   - user: nil for a proxy that needs no user.
    ///   - servers: where tunnels lead, by the port that is asked for.
    public static func open(
        user: String? = nil, password: String = "", to servers: [String: Int],
        test: (TunnelProxy) async throws -> Void
    ) async throws {
        let proxy = TunnelProxy(user: user, password: password, servers: servers)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Client(proxy)) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        proxy.listener.withLock { $0 = channel }
        do {
            try await test(proxy)
        } catch {
            try await channel.close()
            throw error
        }
        try await channel.close()
    }

    private enum Decision {
        case tunnel(port: Int)
        case refusal(String)
    }

    private func decision(about head: String) -> Decision {
        let lines = head.components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ").map(String.init)
        state.withLock { $0.heads.append(head) }
        guard words.count == 3, words[0] == "CONNECT" else { return .refusal("405 Method Not Allowed") }
        if let authorization {
            let given = lines.first { $0.lowercased().hasPrefix("proxy-authorization: ") }?.dropFirst("proxy-authorization: ".count)
            guard given.map({ String($0) }) == authorization else { return .refusal("407 Proxy Authentication Required") }
        }
        guard let port = servers[String(words[1].split(separator: ":").last ?? "")] else { return .refusal("502 Bad Gateway") }
        state.withLock { $0.targets.append(words[1]) }
        return .tunnel(port: port)
    }

    private func carried(_ bytes: ByteBuffer) {
        state.withLock { $0.bytes += Array(buffer: bytes) }
    }

    /// The connection of a client: a request, then bytes for the server.
    private final class Client: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let proxy: TunnelProxy
        private var head = ByteBuffer()
        private var isDecided = false
        private var server: (any Channel)?

        init(_ proxy: TunnelProxy) { self.proxy = proxy }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var bytes = unwrapInboundIn(data)
            if let server {
                proxy.carried(bytes)
                server.writeAndFlush(bytes, promise: nil)
                return
            }
            head.writeBuffer(&bytes)
            let text = String(buffer: head)
            guard !isDecided, text.hasSuffix("\r\n\r\n") else { return }
            isDecided = true
            switch proxy.decision(about: text) {
            case .refusal(let status):
                let answer = ByteBuffer(string: "HTTP/1.1 \(status)\r\nContent-Length: 0\r\n\r\n")
                let channel = context.channel
                channel.writeAndFlush(answer).whenComplete { _ in channel.close(promise: nil) }
            case .tunnel(let port): connect(to: port, context)
            }
        }

        private func connect(to port: Int, _ context: ChannelHandlerContext) {
            let client = context.channel
            ClientBootstrap(group: context.eventLoop)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Server(client)) }
                }
                .connect(host: "127.0.0.1", port: port)
                .assumeIsolated()
                .whenComplete { result in
                    guard case .success(let server) = result else { return client.close(promise: nil) }
                    self.server = server
                    client.writeAndFlush(ByteBuffer(string: "HTTP/1.1 200 Connection established\r\n\r\n"), promise: nil)
                }
        }

        func channelInactive(context: ChannelHandlerContext) {
            server?.close(promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }

    /// The connection to a server.
    private final class Server: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let client: any Channel

        init(_ client: any Channel) { self.client = client }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            client.writeAndFlush(unwrapInboundIn(data), promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) {
            client.close(promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
