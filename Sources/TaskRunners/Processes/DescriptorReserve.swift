import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A reserved descriptor, so that the processes and the output of a task can be read when all others are in use.
///
/// All methods block.
final class DescriptorReserve: Sendable {
    static let shared = DescriptorReserve()

    /// Time to wait for a descriptor, in milliseconds: 10 s. A shortage that lasts longer is unlikely to end.
    private static let patience: CInt = 10_000
    private static let pause: CInt = 20
    /// Descriptors needed for starting a few tasks: pipes, and one for the end of each process.
    private static let enough = 16

    /// -1 while in use.
    private let spare = Mutex<CInt>(-1)

    private init() {
        refill()
    }

    /// Opens a file; waits for some time while the process or the machine has no free descriptor.
    /// - Returns: -1 when the file cannot be opened; `errno` has the reason.
    func open(_ path: String, _ flags: CInt, mode: mode_t = 0) -> CInt {
        retry { Glibc.open(path, flags | O_CLOEXEC, mode) }
    }

    func open(_ name: String, in directory: CInt, _ flags: CInt) -> CInt {
        retry { openat(directory, name, flags | O_CLOEXEC) }
    }

    private func retry(_ open: () -> CInt) -> CInt {
        var waited: CInt = 0
        while true {
            let file = open()
            if file >= 0 || !Self.isShortage(errno) { return file }
            let fromReserve = spare.withLock { spare in
                guard spare >= 0 else { return file }
                Glibc.close(spare)
                spare = -1
                return open()
            }
            if fromReserve >= 0 { return fromReserve }
            let reason = errno
            refill()
            guard Self.isShortage(reason), waited < Self.patience else {
                errno = reason
                return -1
            }
            _ = poll(nil, 0, Self.pause)
            waited += Self.pause
        }
    }

    /// Closes a descriptor of ``open(_:_:mode:)``.
    func close(_ file: CInt) {
        Glibc.close(file)
        refill()
    }

    private func refill() {
        let reason = errno
        spare.withLock { spare in
            if spare < 0 { spare = Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC) }
        }
        errno = reason
    }

    /// Whether descriptors for a few more tasks are free. Uses one for a moment, and never all of them.
    var hasEnough: Bool {
        let lowest = spare.withLock { spare in
            spare < 0 ? Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC) : fcntl(spare, F_DUPFD_CLOEXEC, 0)
        }
        guard lowest >= 0 else { return !Self.isShortage(errno) }
        Glibc.close(lowest)
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return true }
        let most = Int(clamping: limit.rlim_cur)
        // The lowest free number is used first: counting is only necessary when it is near the limit.
        return Int(lowest) < most / 2 || most - openCount >= Self.enough
    }

    private var openCount: Int {
        var status = stat()
        // Linux 6.2 and later report the count as the size.
        if stat("/proc/self/fd", &status) == 0, status.st_size > 0 { return Int(status.st_size) }
        return DirectoryContents.names(in: "/proc/self/fd").count
    }

    /// Whether this error means that the process or the machine has no free descriptor.
    static func isShortage(_ reason: CInt) -> Bool {
        reason == EMFILE || reason == ENFILE
    }
}
