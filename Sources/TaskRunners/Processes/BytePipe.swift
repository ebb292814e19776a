import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A pipe. Its pace is the reader's: who writes faster than it is read waits in the write.
final class BytePipe: Sendable {
    /// Never blocks.
    let readEnd: CInt
    let writeEnd: CInt
    private let isWriteEndOpen = Mutex(true)

    /// - Returns: nil when the system has no descriptor left.
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

    /// To be called when another process has its own: the pipe ends when nobody has one any more.
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
        /// Nobody can write to it any more.
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

    /// Bytes that are in it now.
    var available: Int {
        var count: CInt = 0
        return ioctl(readEnd, UInt(FIONREAD), &count) == 0 ? Int(count) : 0
    }
}
