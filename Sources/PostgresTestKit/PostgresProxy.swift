import Foundation
import Glibc
import Synchronization

/// Stands between a client and a server, and cuts connections at the moment that hurts most: around a commit.
public final class PostgresProxy: Sendable {
    public enum Fault: CaseIterable, Sendable {
        /// The server never hears of the commit.
        case lostOnTheWayThere
        /// The server has committed, and its answer does not arrive.
        case lostOnTheWayBack
    }

    private struct State {
        var faults: [Fault] = []
        var done = 0
    }

    public let port: Int
    private let server: Int
    private let listener: Int32
    private let state = Mutex(State())

    /// What a client sends to commit: a simple query, its length, its text.
    private static let commit: [UInt8] = [UInt8(ascii: "Q"), 0, 0, 0, 11] + Array("COMMIT\0".utf8)

    public init(to server: Int) throws {
        self.server = server
        (listener, port) = try LoopbackSocket.listening()
        let thread = Thread { self.accept() }
        thread.start()
    }

    /// What happens to the next commits, whoever makes them.
    public func breakNextCommits(_ faults: [Fault]) {
        state.withLock { $0.faults = faults }
    }

    /// Commits that were broken.
    public var broken: Int { state.withLock { $0.done } }

    public func close() {
        _ = shutdown(listener, Int32(SHUT_RDWR))
    }

    private func accept() {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0 else { break }
            let thread = Thread { self.serve(client) }
            thread.start()
        }
        _ = Glibc.close(listener)
    }

    private func serve(_ client: Int32) {
        defer { _ = Glibc.close(client) }
        guard let upstream = LoopbackSocket.connected(to: server) else { return }
        defer { _ = Glibc.close(upstream) }
        var losesAnswer = false
        while true {
            var sockets = [
                pollfd(fd: client, events: Int16(POLLIN), revents: 0), pollfd(fd: upstream, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&sockets, 2, -1) > 0 else { return }
            if sockets[0].revents != 0 {
                let bytes = LoopbackSocket.read(client)
                guard !bytes.isEmpty else { return }
                if bytes == Self.commit, let fault = nextFault() {
                    guard fault == .lostOnTheWayBack else { return }
                    losesAnswer = true
                }
                guard LoopbackSocket.write(bytes, to: upstream) else { return }
            }
            if sockets[1].revents != 0 {
                let bytes = LoopbackSocket.read(upstream)
                guard !bytes.isEmpty, !losesAnswer, LoopbackSocket.write(bytes, to: client) else { return }
            }
        }
    }

    private func nextFault() -> Fault? {
        state.withLock { state in
            guard !state.faults.isEmpty else { return nil }
            state.done += 1
            return state.faults.removeFirst()
        }
    }
}

/// Sockets on the loopback interface, on threads that may wait.
enum LoopbackSocket {
    private static var stream: Int32 {
        Int32(SOCK_STREAM.rawValue)
    }

    /// - Returns: a socket that listens, on a port chosen by the system.
    static func listening() throws -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, stream, 0)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        var address = address(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, generic, &length) == 0
            }
        }
        guard isListening else { throw ClusterTrouble("the system has no port to give") }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }

    static func connected(to port: Int) -> Int32? {
        let descriptor = socket(AF_INET, stream, 0)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        var address = address(port: port)
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                connect(descriptor, generic, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        if isConnected { return descriptor }
        close(descriptor)
        return nil
    }

    /// What has arrived; empty at the end.
    static func read(_ descriptor: Int32) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        return Array(bytes.prefix(max(0, count)))
    }

    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static func address(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
