import Foundation
import Glibc
import PostgresClusterKit
import Synchronization

/// A proxy between client and server that cuts connections during a commit.
public final class PostgresProxy: Sendable {
    public enum Fault: CaseIterable, Sendable {
        /// The server does not receive the commit.
        case lostOnTheWayThere
        /// The server commits, but its answer is lost.
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

    /// A commit as a simple query: its type, its length and its text.
    private static let commit: [UInt8] = [UInt8(ascii: "Q"), 0, 0, 0, 11] + Array("COMMIT\0".utf8)

    public init(to server: Int) throws {
        self.server = server
        (listener, port) = try LoopbackSocket.listening()
        let thread = Thread { self.accept() }
        thread.start()
    }

    /// Breaks the next commits of any client.
    public func breakNextCommits(_ faults: [Fault]) {
        state.withLock { $0.faults = faults }
    }

    /// The number of broken commits.
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
