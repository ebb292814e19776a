import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file of lines, or standard input, read as a stream.
package final class LineFile: Sendable {
    /// Its name in messages.
    package let name: String
    /// nil where the size is unknown, for example of a pipe.
    package let size: Int?
    private let descriptor: Int32
    private let splitter = Mutex(LineSplitter())

    /// - Parameter path: `-` for standard input.
    /// - Throws: ``OperationError`` when it cannot be read.
    package init(_ path: String) throws(OperationError) {
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
            throw OperationError(.unreadable, "\(path) is a directory. Accepted: a file with one run per line.")
        }
        size = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
    }

    deinit {
        close(descriptor)
    }

    /// Blocks until this many lines are read.
    /// - Returns: nil at the end of the file.
    func nextBatch(lines: Int) throws(OperationError) -> LineBatch? {
        try splitter.withLock { splitter throws(OperationError) in
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

    private func readChunk() throws(OperationError) -> [UInt8] {
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

    private static func unreadable(_ name: String) -> OperationError {
        let reason = strerror(errno).map { String(cString: $0) } ?? "unknown reason"
        return OperationError(.unreadable, "\(name) cannot be read: \(reason).")
    }
}
