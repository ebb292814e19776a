import StoreCore
import WorkflowModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Checks the database file before SQLite opens it.
///
/// SQLite treats an empty or missing file as an empty database, and ignores a log without its database. Here both mean lost
/// data: a new database is created under another name, and renamed when it is complete. So after a crash of the first start
/// there is either no `weir.db` or a whole one.
struct DatabaseFile {
    let path: String

    private var log: String { path + "-wal" }
    private var unfinished: String { path + ".new" }
    /// The suffixes of the files that SQLite keeps beside a database.
    private static let companions = ["-wal", "-shm", "-journal"]
    private static let magic = Array("SQLite format 3\0".utf8)

    /// Creates the file if it is missing, and refuses a file that has obviously lost data.
    /// - Parameter create: creates a database in the empty file at a path, and closes it.
    /// - Throws: ``StoreError``, or what `create` throws.
    func prepare(create: (String) throws -> Void) throws {
        let isThere = try check()
        removeUnfinished()
        if isThere { return }
        for companion in Self.companions { unlink(path + companion) }
        try createPrivately(unfinished)
        try create(unfinished)
        guard (size(of: unfinished + "-wal") ?? 0) == 0 else {
            throw StoreError(.unavailable, "The new database could not be completed.")
        }
        FileSync.syncFile(unfinished)
        guard rename(unfinished, path) == 0 else { throw DataDirectory.unusable(directory, because: errno) }
        FileSync.syncDirectory(of: path)
    }

    /// - Returns: whether the file exists.
    /// - Throws: ``StoreError`` with the code `damaged` when the file is shorter than what was written.
    @discardableResult
    func check() throws(StoreError) -> Bool {
        guard let size = size(of: path) else {
            guard Self.companions.allSatisfy({ $0 == "-shm" || (self.size(of: path + $0) ?? 0) == 0 }) else {
                throw StoreError(
                    .damaged,
                    "There is a weir.db-wal with changes, but the weir.db that they belong to is missing: put it back beside it, or "
                        + "restore both from a backup. To begin with an empty store, remove weir.db-wal.")
            }
            return false
        }
        guard size > 0 else {
            throw StoreError(
                .damaged,
                "The file weir.db is empty (0 bytes), so that everything in it is lost: restore it from a backup. To begin with an empty "
                    + "store, remove weir.db, and weir.db-wal if it is there.")
        }
        // Pages that are still in the log may be missing in the file.
        if let whole = completeSize, (self.size(of: log) ?? 0) == 0, size < whole {
            throw StoreError(
                .damaged, "The file weir.db was cut off: it has \(size) of \(whole) bytes. Restore it from a backup.")
        }
        return true
    }

    /// The file's length according to its first page; nil when the page does not say it reliably.
    private var completeSize: Int? {
        var header = [UInt8](repeating: 0, count: 100)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard pread(descriptor, &header, header.count, 0) == header.count, header.starts(with: Self.magic) else { return nil }
        func number(at place: Int, bytes: Int) -> Int {
            header[place..<(place + bytes)].reduce(0) { $0 << 8 | Int($1) }
        }
        // The page count is valid only if the version that made the last change wrote it.
        guard number(at: 24, bytes: 4) == number(at: 92, bytes: 4) else { return nil }
        let pageSize = number(at: 16, bytes: 2)
        return number(at: 28, bytes: 4) * (pageSize == 1 ? 65_536 : pageSize)
    }

    private var directory: String { path.hasSuffix("/weir.db") ? String(path.dropLast("/weir.db".count)) : path }

    private func removeUnfinished() {
        for companion in [""] + Self.companions { unlink(unfinished + companion) }
    }

    /// SQLite gives its other files the permissions of the database file.
    private func createPrivately(_ file: String) throws(StoreError) {
        let descriptor = open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw DataDirectory.unusable(directory, because: errno) }
        close(descriptor)
    }

    /// nil when the file is not found.
    private func size(of file: String) -> Int? {
        var status = stat()
        return stat(file, &status) == 0 ? Int(status.st_size) : nil
    }
}
