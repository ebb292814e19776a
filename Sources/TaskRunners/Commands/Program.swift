#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Finds the file that a command's first word names.
enum Program {
    /// - Parameters:
    ///   - name: with a slash in it, a path, relative to the working directory; without one, looked up on `path`.
    ///   - path: directories separated by colons; those that are not absolute are passed over, because what they name would
    ///     depend on where the server was started.
    ///   - directory: the working directory of the command, absolute.
    /// - Returns: nil when there is no such file or it is not executable.
    static func find(_ name: String, path: String, directory: String) -> String? {
        if name.utf8.contains(UInt8(ascii: "/")) {
            let file = name.utf8.first == UInt8(ascii: "/") ? name : "\(directory)/\(name)"
            return isExecutable(file) ? file : nil
        }
        guard !name.isEmpty else { return nil }
        for entry in path.split(separator: ":") where entry.utf8.first == UInt8(ascii: "/") {
            let file = "\(entry)/\(name)"
            if isExecutable(file) { return file }
        }
        return nil
    }

    private static func isExecutable(_ file: String) -> Bool {
        guard access(file, X_OK) == 0 else { return false }
        var status = stat()
        return stat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }
}
