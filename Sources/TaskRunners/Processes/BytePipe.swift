import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A pipe. A writer that is faster than the reader blocks in its write.
final class BytePipe: Sendable {
    /// Non-blocking.
    let readEnd: CInt
    let writeEnd: CInt
    private let isWriteEndOpen = Mutex(true)

    /// - Returns: nil when no descriptor is available.
    init?() {
        var ends: (CInt, CInt) = (-1, -1)
        let made = withUnsafeMutableBytes(of: &ends) { bytes in
            bytes.withMemoryRebound(to: CInt.self) { pipe($0.baseAddress) }
        }
        guard made == 0 else { return nil }
        (readEnd, writeEnd) = ends
        _ = fcntl(readEnd, F_SETFD, FD_CLOEXEC)
        _ = fcntl(writeEnd, F_SETFD, FD_CLOEXEC)
        _ = fcntl(readEnd, F_SETFL, O_NONBLOCK)
    }

    deinit {
        closeWriteEnd()
        close(readEnd)
    }

    /// Call this once another process holds the write end: the pipe ends when the last write end is closed.
    func closeWriteEnd() {
        isWriteEndOpen.withLock { isOpen in
            guard isOpen else { return }
            close(writeEnd)
            isOpen = false
        }
    }

    enum Reading {
        case bytes(Int)
        case nothingYet
        /// The last write end is closed.
        case ended
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Reading {
        while true {
            let count = Glibc.read(readEnd, buffer.baseAddress, buffer.count)
            if count > 0 { return .bytes(count) }
            if count == 0 { return .ended }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .nothingYet
            default: return .ended
            }
        }
    }

    /// Bytes in the pipe.
    var available: Int {
        var count: CInt = 0
        return ioctl(readEnd, UInt(FIONREAD), &count) == 0 ? Int(count) : 0
    }
}
