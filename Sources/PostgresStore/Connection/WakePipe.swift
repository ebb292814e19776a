import StoreCore
import WorkflowModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Wakes a thread that waits for a socket.
final class WakePipe: Sendable {
    private let reading: Int32
    private let writing: Int32

    /// - Throws: ``StoreError/Code/unavailable`` when the process has no file descriptors left.
    init() throws(StoreError) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw StoreError(.unavailable, "This process has too many files open.") }
        (reading, writing) = (ends[0], ends[1])
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
    }

    deinit {
        close(reading)
        close(writing)
    }

    func ring() {
        // A full pipe wakes the thread as well.
        _ = write(writing, [1], 1)
    }

    /// Returns when it was rung, the socket is readable, or the time is over.
    func wait(with socket: Int32? = nil, atMost limit: Duration = .seconds(60)) {
        let sockets = [reading] + (socket.map { [$0] } ?? [])
        let ready = SocketWait.wait(for: sockets.map { ($0, .readable) }, atMost: limit)
        guard ready.contains(reading) else { return }
        var bytes = [UInt8](repeating: 0, count: 256)
        while read(reading, &bytes, bytes.count) > 0 {}
    }
}
