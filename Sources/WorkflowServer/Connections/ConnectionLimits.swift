import NIOCore

/// The limits of a client before its requests are authenticated: connections, time and memory.
///
/// `docs/reference/limits.md` lists the numbers. No deadline applies while the service works on an answer, so that
/// live pages and long answers are not cut.
public struct ConnectionLimits: Hashable, Sendable {
    /// Open connections. Further ones are answered 503, or closed when many arrive together.
    public var connections: Int
    /// Open connections from one address, or from one /64 network of IPv6. Addresses of this machine are exempt:
    /// a reverse proxy on the same machine forwards all of its clients.
    public var connectionsPerAddress: Int

    public init(connections: Int = Self.mostConnections, connectionsPerAddress: Int? = nil) {
        self.connections = connections
        self.connectionsPerAddress = connectionsPerAddress ?? max(1, connections / 2)
    }

    /// The default of ``connections`` where the limit of open files allows it.
    public static let mostConnections = 10_000
    /// Connections beyond ``connections`` that are open at once for the answer 503. Further ones wait in the kernel.
    public static let refusals = 32

    /// Between requests, and before the first one.
    static let idle = TimeAmount.seconds(60)
    /// From the first byte of a request to the end of its headers.
    static let headers = TimeAmount.seconds(20)
    /// From the end of the headers to the end of the body.
    static let body = TimeAmount.seconds(300)
    /// The time limit for a body, plus one second for each ``bodyBytesPerSecond`` received.
    static let bodyStart = TimeAmount.seconds(20)
    static let bodyBytesPerSecond = 1_024
    /// Within this time a client has to read ``stallBytes`` of a waiting answer, or all of it.
    static let stall = TimeAmount.seconds(60)
    static let stallBytes = 32_768
    /// Replaces ``idle`` and ``headers`` while more than three quarters of the connections are open.
    static let whenCrowded = TimeAmount.seconds(5)
    /// From an answer that ends the connection to its closing, so that the client can read the answer first.
    static let linger = TimeAmount.seconds(5)
    /// From the beginning of a graceful shutdown to the closing of connections whose answers have not ended.
    static let shutdown = TimeAmount.seconds(10)
    /// How often a connection is checked. No deadline may be shorter.
    static let check = TimeAmount.seconds(5)

    /// Bytes of each request that do not count against ``requestBytes``.
    static let smallRequest = 16_384
    /// Bytes that all requests under way hold together, beyond ``smallRequest`` of each.
    static let requestBytes = 67_108_864
    /// Unsent bytes of an answer that the kernel holds at most, so that the progress of a slow client is visible.
    static let unsentBytes = 131_072
    /// The pause in accepting connections after the system had no descriptor or memory for one.
    static let acceptPause = TimeAmount.seconds(1)
    /// The shortest time between two log entries about it.
    static let acceptSilence = TimeAmount.seconds(60)
}
