import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file of lines, or standard input, read as a stream.
final class LineFile: Sendable {
    /// How it is called in messages.
    let name: String
    /// nil where that cannot be known, as of a pipe.
    let size: Int?
    private let descriptor: Int32
    private let splitter = Mutex(LineSplitter())

    /// - Parameter path: `-` for standard input.
    /// - Throws: ``CommandFailure`` when it cannot be read.
    init(_ path: String) throws(CommandFailure) {
        name = path == "-" ? "stdin" : path
        descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.unreadable(name) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let failure = Self.unreadable(name)
            close(descriptor)
            throw failure
        }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            close(descriptor)
            throw CommandFailure(.noInput, "\(path) is a directory; accepted is a file of runs, one a line.")
        }
        size = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
    }

    deinit {
        close(descriptor)
    }

    /// Blocks until that many lines are there.
    /// - Returns: nil at the end of the file.
    func nextBatch(lines: Int) throws(CommandFailure) -> LineBatch? {
        try splitter.withLock { splitter throws(CommandFailure) in
            while true {
                if let batch = try splitter.next(lines: lines, bytes: ImportLimits.batchBytes) { return batch }
                let chunk = try readChunk()
                if chunk.isEmpty {
                    splitter.finish()
                    return try splitter.next(lines: lines, bytes: ImportLimits.batchBytes)
                }
                splitter.append(chunk)
            }
        }
    }

    private func readChunk() throws(CommandFailure) -> [UInt8] {
        var failed = false
        let chunk = [UInt8](unsafeUninitializedCapacity: ImportLimits.chunk) { buffer, count in
            var result = 0
            repeat {
                result = read(descriptor, buffer.baseAddress, buffer.count)
            } while result < 0 && errno == EINTR
            failed = result < 0
            count = max(result, 0)
        }
        if failed { throw Self.unreadable(name) }
        return chunk
    }

    private static func unreadable(_ name: String) -> CommandFailure {
        let reason = strerror(errno).map { String(cString: $0) } ?? "unknown reason"
        return CommandFailure(.noInput, "\(name) cannot be read: \(reason).")
    }
}
