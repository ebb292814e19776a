#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The contents of a file, a pipe, a device or standard input.
struct BoundedFile {
    var bytes: [UInt8]
    /// Whether it is a regular file; false for a pipe or a device.
    var isRegular: Bool

    /// Blocks.
    /// - Parameters:
    ///   - path: nil for standard input.
    ///   - limit: the most bytes that are accepted. One more is read, so that the caller recognizes a longer text.
    ///   - name: its name in messages.
    /// - Throws: ``CommandFailure`` (66) when it cannot be read.
    init(_ path: String?, upTo limit: Int, called name: String) throws(CommandFailure) {
        let descriptor = path.map { open($0, O_RDONLY | O_CLOEXEC) } ?? dup(STDIN_FILENO)
        guard descriptor >= 0 else { throw Self.failure(name, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.failure(name, errno) }
        isRegular = status.st_mode & S_IFMT == S_IFREG
        bytes = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= limit {
            let count = read(descriptor, &piece, min(piece.count, limit + 1 - bytes.count))
            if count == 0 { return }
            if count < 0 {
                if errno == EINTR { continue }
                throw Self.failure(name, errno)
            }
            bytes += piece.prefix(count)
        }
    }

    private static func failure(_ name: String, _ code: Int32) -> CommandFailure {
        let reason =
            switch code {
            case ENOENT, ENOTDIR: "no such file"
            case EACCES, EPERM: "permission denied"
            case EISDIR: "it is a directory"
            case EBADF: "it is closed"
            default: strerror(code).map { String(cString: $0) } ?? "error \(code)"
            }
        return CommandFailure(.noInput, "\(name) cannot be read: \(reason).")
    }
}
