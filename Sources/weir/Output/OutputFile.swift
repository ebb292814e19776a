import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file that gets its name when it is complete: until then, its bytes are in a file beside it, which a failure removes.
///
/// A pipe or a device is written directly. A symbolic link stays one, and the file that it names is replaced.
final class OutputFile: Sendable {
    /// Its name in messages.
    private let name: String
    private let path: String
    /// The file beside it; nil for a pipe or a device.
    private let unfinished: String?
    /// Negative once it is closed.
    private let descriptor: Mutex<Int32>

    /// Blocks.
    /// - Throws: ``CommandFailure`` (73) when it cannot be created.
    init(_ path: String) throws(CommandFailure) {
        name = path
        var status = stat()
        let exists = stat(path, &status) == 0
        guard !exists || status.st_mode & S_IFMT != S_IFDIR else { throw Self.failure(path, EISDIR) }
        guard !exists || status.st_mode & S_IFMT == S_IFREG else {
            (self.path, unfinished) = (path, nil)
            descriptor = Mutex(try Self.opened(path, O_WRONLY | O_CLOEXEC, 0, for: path))
            return
        }
        let target = exists ? Self.target(of: path) : path
        let unfinished = "\(target).\(getpid()).part"
        // A file of that name is left over from a process that was killed.
        unlink(unfinished)
        (self.path, self.unfinished) = (target, unfinished)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
        descriptor = Mutex(try Self.opened(unfinished, flags, exists ? status.st_mode & 0o777 : 0o666, for: path))
    }

    deinit {
        discard()
    }

    /// - Throws: ``CommandFailure`` (74)
    func write(_ bytes: [UInt8]) throws(CommandFailure) {
        do throws(OutputFailure) {
            try Console.write(bytes, to: descriptor.withLock { $0 })
        } catch {
            throw CommandFailure(.cannotWrite, "\(name) cannot be written: \(error.reason).")
        }
    }

    /// Makes the file durable and gives it its name. Blocks.
    /// - Throws: ``CommandFailure`` (74)
    func finish() throws(CommandFailure) {
        guard unfinished == nil || fsync(descriptor.withLock { $0 }) == 0 else { throw unwritten(errno) }
        // Some file systems report a failed write only when the file is closed.
        guard closed() == 0 || errno == EINTR else {
            let code = errno
            if let unfinished { unlink(unfinished) }
            throw unwritten(code)
        }
        if let unfinished, rename(unfinished, path) != 0 {
            let code = errno
            unlink(unfinished)
            throw unwritten(code)
        }
    }

    /// Removes an unfinished file. Does nothing after ``finish()``.
    func discard() {
        guard descriptor.withLock({ $0 }) >= 0 else { return }
        _ = closed()
        if let unfinished { unlink(unfinished) }
    }

    private func closed() -> Int32 {
        descriptor.withLock { descriptor in
            defer { descriptor = -1 }
            return close(descriptor)
        }
    }

    private static func opened(
        _ file: String, _ flags: Int32, _ mode: mode_t, for path: String
    ) throws(CommandFailure) -> Int32 {
        let descriptor = open(file, flags, mode)
        guard descriptor >= 0 else { throw failure(path, errno) }
        return descriptor
    }

    private static func target(of path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private func unwritten(_ code: Int32) -> CommandFailure {
        CommandFailure(.cannotWrite, "\(name) cannot be written: \(OutputFailure(code: code).reason).")
    }

    private static func failure(_ name: String, _ code: Int32) -> CommandFailure {
        let reason =
            switch code {
            case ENOENT, ENOTDIR: "its directory does not exist"
            case EACCES, EPERM: "permission denied"
            case EISDIR: "it is a directory"
            case EROFS: "the disk is read-only"
            default: OutputFailure(code: code).reason
            }
        return CommandFailure(.cannotCreate, "\(name) cannot be created: \(reason).")
    }
}
