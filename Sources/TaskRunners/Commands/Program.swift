#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Finds the program file of a command.
enum Program {
    /// - Parameters:
    ///  - name: with a slash, a path relative to the working directory; without one, a name to search on `path`.
    ///  - path: directories separated by colons. Relative ones are ignored, because their meaning would depend on the server's own
    ///    working directory.
    ///  - directory: the working directory of the command, absolute.
    /// - Returns: nil when no such file exists or it is not executable.
    static func find(_ name: String, path: String, directory: String) -> String? {
        candidates(name, path: path, directory: directory).first(where: isExecutable)
    }

    /// The closest match for a name that ``find(_:path:directory:)`` cannot resolve, so that the error can explain it.
    static func unusable(_ name: String, path: String, directory: String) -> String? {
        let candidates = candidates(name, path: path, directory: directory)
        return name.utf8.contains(UInt8(ascii: "/")) ? candidates.first : candidates.first { access($0, F_OK) == 0 }
    }

    private static func candidates(_ name: String, path: String, directory: String) -> [String] {
        if name.utf8.contains(UInt8(ascii: "/")) { return [name.utf8.first == UInt8(ascii: "/") ? name : "\(directory)/\(name)"] }
        guard !name.isEmpty else { return [] }
        return path.split(separator: ":").filter { $0.utf8.first == UInt8(ascii: "/") }.map { "\($0)/\(name)" }
    }

    private static func isExecutable(_ file: String) -> Bool {
        guard access(file, X_OK) == 0 else { return false }
        var status = stat()
        return stat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }
}
