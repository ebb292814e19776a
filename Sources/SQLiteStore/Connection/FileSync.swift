#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Flushes directory entries, which SQLite leaves to its caller.
enum FileSync {
    /// Flushes the directory that contains a file or directory. Some network file systems do not support that; they decide
    /// for themselves.
    static func syncDirectory(of path: String) {
        let trimmed = path.hasSuffix("/") ? String(path.dropLast()) : path
        let slash = trimmed.lastIndex(of: "/")
        let parent = slash.map { $0 == trimmed.startIndex ? "/" : String(trimmed[..<$0]) } ?? "."
        sync(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    }

    static func syncFile(_ path: String) {
        sync(path, O_RDONLY | O_CLOEXEC)
    }

    private static func sync(_ path: String, _ flags: CInt) {
        let descriptor = open(path, flags)
        guard descriptor >= 0 else { return }
        _ = fsync(descriptor)
        close(descriptor)
    }
}
