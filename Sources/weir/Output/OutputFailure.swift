#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A failed write to standard output.
struct OutputFailure: Error, Hashable {
    /// The system's error number.
    var code: Int32

    /// Whether the reader has closed the pipe.
    var isClosedPipe: Bool { code == EPIPE }

    /// A part of a sentence.
    var reason: String {
        switch code {
        case EPIPE: "its reader has closed the pipe"
        case EBADF: "it is closed"
        case ENOSPC: "no space is left on the device"
        case EDQUOT: "the disk quota is used up"
        case EFBIG: "the file would become too large"
        case EIO: "the device failed"
        default: "the system refuses it (error \(code))"
        }
    }
}

extension CommandFailure {
    init(_ failure: OutputFailure) {
        self.init(.cannotWrite, "Standard output cannot be written: \(failure.reason).")
    }
}
