import Dispatch
import NIOCore
import NIOPosix
import Synchronization
import WorkflowTestKit

/// A proxy between the nodes and their database that injects faults.
final class FaultyProxy: Sendable {
    enum Upstream: Sendable {
        case port(Int)
        case socket(String)
    }

    private typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    let port: Int
    /// Counts of injected faults, which tests wait for.
    let record = Watched(ProxyRecord())
    private let faults = Mutex(ProxyFaults())
    private let upstream: Mutex<Upstream>
    /// Open client connections.
    private let open = Mutex<[ObjectIdentifier: any Channel]>([:])
    private let listener: any Channel

    static func start(to upstream: Upstream) async throws -> FaultyProxy {
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "127.0.0.1", port: 0) { Self.wrapped($0) }
        let proxy = FaultyProxy(to: upstream, listener: server.channel)
        Task(executorPreference: ProxyThread()) { await proxy.serve(server) }
        return proxy
    }

    private init(to upstream: Upstream, listener: any Channel) {
        self.upstream = Mutex(upstream)
        self.listener = listener
        port = listener.localAddress?.port ?? 0
    }

    /// Sets the faults from now on. Connections that are already silent stay silent.
    func change(_ body: @Sendable (inout ProxyFaults) -> Void) {
        faults.withLock { body(&$0) }
    }

    /// Sets the target of new connections.
    func lead(to other: Upstream) {
        upstream.withLock { $0 = other }
    }

    /// Cuts all connections.
    func cut() {
        let channels = open.withLock { Array($0.values) }
        record.change { $0.cut += channels.count }
        for channel in channels { channel.close(promise: nil) }
    }

    func stop() async {
        try? await listener.close()
        for channel in open.withLock({ Array($0.values) }) { try? await channel.close() }
    }

    // MARK: Connections

    private func serve(_ server: NIOAsyncChannel<Connection, Never>) async {
        try? await server.executeThenClose { clients in
            await withDiscardingTaskGroup { group in
                do {
                    for try await client in clients {
                        group.addTask { await self.serve(client) }
                    }
                } catch {
                    // The listener is closed: no more clients.
                }
            }
        }
    }

    private func serve(_ client: Connection) async {
        let key = ObjectIdentifier(client.channel)
        open.withLock { $0[key] = client.channel }
        defer { open.withLock { $0[key] = nil } }
        // When one side of a connection ends, the other one ends too.
        try? await client.executeThenClose { fromClient, toClient in
            guard !faults.withLock({ $0.refuses }) else {
                record.change { $0.refused += 1 }
                return
            }
            let server = try await connect()
            record.change { $0.connections += 1 }
            try await server.executeThenClose { fromServer, toServer in
                let conversation = Watched(Conversation())
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        var isSilent = false
                        for try await bytes in fromClient {
                            isSilent = isSilent || self.faults.withLock { $0.hangs }
                            if isSilent { continue }
                            conversation.change { $0.clientSaid(bytes.readableBytesView) }
                            try await toServer.write(bytes)
                        }
                    }
                    group.addTask { [loop = client.channel.eventLoop] in
                        // Lost bytes cannot be replaced, so a silent connection stays silent.
                        var isSilent = false
                        for try await bytes in fromServer {
                            guard !isSilent else {
                                self.swallow(bytes.readableBytes)
                                continue
                            }
                            let replies = conversation.change { $0.serverSaid(bytes.readableBytesView) }
                            switch try await self.pass(replies, to: toClient, on: loop) {
                            case .goesOn: break
                            case .isCut: return
                            case .isSilent: isSilent = true
                            }
                        }
                    }
                    defer { group.cancelAll() }
                    try await group.next()
                }
            }
        }
    }

    private enum Passage {
        case goesOn
        case isCut
        case isSilent
    }

    /// - Returns: the fate of the connection.
    private func pass(
        _ replies: [Conversation.Reply], to client: NIOAsyncChannelOutboundWriter<ByteBuffer>, on loop: any EventLoop
    ) async throws -> Passage {
        for reply in replies {
            let bytes: [UInt8]
            switch reply {
            case .commit(_, let purpose) where faults.withLock({ $0.loses(purpose) }):
                record.change { $0.lostCommits[purpose, default: 0] += 1 }
                return .isCut
            case .commit(let those, let purpose) where faults.withLock({ $0.hangsAfter.contains(purpose) }):
                record.change { $0.hungCommits[purpose, default: 0] += 1 }
                swallow(those.count)
                return .isSilent
            case .bytes(let those), .commit(let those, _): bytes = those
            }
            if let delay = faults.withLock({ $0.delay }) {
                record.change { $0.delayed += 1 }
                try await loop.scheduleTask(in: TimeAmount(delay)) {}.futureResult.get()
            }
            if faults.withLock({ $0.swallows || $0.hangs }) {
                swallow(bytes.count)
                return .isSilent
            }
            try await client.write(ByteBuffer(bytes: bytes))
        }
        return .goesOn
    }

    private func swallow(_ count: Int) {
        record.change { $0.swallowed += count }
    }

    private func connect() async throws -> Connection {
        let bootstrap = ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        return switch upstream.withLock({ $0 }) {
        case .port(let port): try await bootstrap.connect(host: "127.0.0.1", port: port) { Self.wrapped($0) }
        case .socket(let path): try await bootstrap.connect(unixDomainSocketPath: path) { Self.wrapped($0) }
        }
    }

    private static func wrapped(_ channel: any Channel) -> EventLoopFuture<Connection> {
        channel.eventLoop.makeCompletedFuture { try Connection(wrappingChannelSynchronously: channel) }
    }
}

/// The proxy's own threads. Other tests may block Swift's threads for longer than a connect timeout.
private final class ProxyThread: TaskExecutor {
    private let queue = DispatchQueue(label: "weir.proxy")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
