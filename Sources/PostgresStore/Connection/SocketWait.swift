#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Waits for sockets on a thread that may block.
enum SocketWait {
    struct Events: OptionSet {
        var rawValue: Int16
        static let readable = Events(rawValue: Int16(POLLIN))
        static let writable = Events(rawValue: Int16(POLLOUT))
    }

    /// Returns when an event has occurred, the peer has closed, or the time is over.
    /// - Returns: the sockets that are ready; empty when the time was over first.
    static func wait(for sockets: [(descriptor: Int32, events: Events)], atMost limit: Duration) -> Set<Int32> {
        var entries = sockets.map { pollfd(fd: $0.descriptor, events: $0.events.rawValue, revents: 0) }
        let milliseconds = Int32(clamping: limit.components.seconds * 1_000 + limit.components.attoseconds / 1_000_000_000_000_000)
        var count: Int32
        repeat {
            count = poll(&entries, nfds_t(entries.count), milliseconds)
        } while count < 0 && errno == EINTR
        guard count > 0 else { return [] }
        return Set(entries.filter { $0.revents != 0 }.map(\.fd))
    }

    static func wait(for events: Events, on descriptor: Int32, atMost limit: Duration) -> Bool {
        !wait(for: [(descriptor, events)], atMost: limit).isEmpty
    }
}
