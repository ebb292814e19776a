import StoreCore
import WorkflowModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The data directory, owned by this process for as long as this object lives.
///
/// The lock is held on the open file, so that it ends with the process, however the process ends.
final class DataDirectory: Sendable {
    let path: String
    private let lock: Int32

    var databasePath: String { path + "/weir.db" }

    /// Creates the directory if it is missing, readable by its owner only, and locks it.
    ///
    /// - Throws: ``StoreError/Code/ownedElsewhere`` when another process holds the lock, ``StoreError/Code/unavailable`` when
    ///   the directory cannot be created or written.
    init(_ path: String) throws(StoreError) {
        self.path = path
        try Self.create(path)
        lock = try Self.own(path)
    }

    deinit {
        Self.release(lock)
    }

    /// Unlocks before closing. A command that is being started holds a copy of the descriptor for a moment, and closing ours
    /// alone would leave the directory locked that long.
    private static func release(_ lock: Int32) {
        _ = flock(lock, LOCK_UN)
        close(lock)
    }

    private static func create(_ path: String) throws(StoreError) {
        var partial = path.hasPrefix("/") ? "/" : ""
        for component in path.split(separator: "/") {
            partial += component
            if mkdir(partial, 0o700) == 0 {
                // A new directory survives a power failure only when its parent is on disk too.
                FileSync.syncDirectory(of: partial)
            } else if errno != EEXIST, !isDirectory(partial) {
                throw unusable(path, because: errno)
            }
            partial += "/"
        }
        guard isDirectory(path) else { throw unusable(path, because: ENOTDIR) }
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        let before = errno
        defer { errno = before }
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func own(_ path: String) throws(StoreError) -> Int32 {
        // Commands of tasks must not inherit the descriptor: they would keep the lock after this process has ended.
        let descriptor = open(path + "/weir.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw unusable(path, because: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let owner = readProcess(descriptor)
            close(descriptor)
            let who = owner.map { "process \($0)" } ?? "another process"
            throw StoreError(
                .ownedElsewhere, "The data directory \(path) is in use by \(who): stop it first, or use another directory.")
        }
        let text = Array("\(getpid())\n".utf8)
        // Tells an operator which process holds the lock; nothing depends on it.
        _ = ftruncate(descriptor, 0)
        _ = pwrite(descriptor, text, text.count, 0)
        return descriptor
    }

    private static func readProcess(_ descriptor: Int32) -> Int? {
        var buffer = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return nil }
        let text = String(decoding: buffer.prefix(count), as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).first.flatMap { Int($0) }
    }

    static func unusable(_ path: String, because number: Int32) -> StoreError {
        let reason = strerror(number).map { String(cString: $0) } ?? "error \(number)"
        return StoreError(.unavailable, "The data directory \(path) cannot be used: \(reason).")
    }
}
