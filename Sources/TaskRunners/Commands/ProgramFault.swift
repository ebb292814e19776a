import WorkflowModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Explains why a program cannot be executed, by reading its file. All methods block.
///
/// `execve` has one error for many reasons: "no such file" may refer to the file, to the interpreter in its first line, or to the
/// loader of a binary. So the file is read as the kernel reads it, and the first fault is reported.
enum ProgramFault {
    /// Bytes of a file that the kernel reads to recognize its format (`BINPRM_BUF_SIZE`).
    private static let lineLimit = 256
    /// Bytes of a binary searched for its loader.
    private static let headerLimit = 65_536
    /// Longest chain of interpreters that the kernel accepts.
    private static let depthLimit = 4

    /// A sentence about the program.
    /// - Parameters:
    ///  - file: absolute.
    ///  - name: the name in the command.
    /// - Returns: nil when the file has no fault.
    static func sentence(of file: String, name: String) -> String? {
        if let text = predicate(of: file) { return "\(name) \(text)." }
        var (script, shown, depth) = (file, name, 0)
        while let interpreter = interpreter(of: script) {
            if let text = lineFault(interpreter) { return "The first line of \(shown) \(text)." }
            guard interpreter.path.utf8.first == UInt8(ascii: "/") else {
                return "The interpreter \(quoted(interpreter.path)) in the first line of \(shown) is not an absolute path. Write "
                    + "`#!/usr/bin/env \(interpreter.path.split(separator: "/").last ?? "sh")` or its absolute path."
            }
            if let text = predicate(of: interpreter.path) {
                return "The interpreter \(quoted(interpreter.path)), which the first line of \(shown) names, \(text)."
            }
            depth += 1
            guard depth <= depthLimit else {
                return
                    "The first line of \(name) starts a chain of more than \(depthLimit) interpreters. "
                    + "Name a binary as the interpreter."
            }
            (script, shown) = (interpreter.path, interpreter.path)
        }
        return nil
    }

    /// A predicate for a sentence about one file, without its interpreter.
    static func predicate(of file: String) -> String? {
        var status = stat()
        guard stat(file, &status) == 0 else { return absence(of: file, errno) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: return "is a directory, not a program"
        default: return "is not a regular file"
        }
        guard access(file, X_OK) == 0 else {
            if isOnNoexec(file) {
                return "is on a file system mounted with noexec"
            }
            return status.st_mode & 0o111 == 0
                ? "is not executable; run `chmod +x` on it" : "is not executable for the user of the service"
        }
        guard let bytes = beginning(of: file) else { return nil }
        return contentFault(bytes)
    }

    private static func absence(of file: String, _ code: CInt) -> String {
        switch code {
        case ENOTDIR: return "does not exist: a part of its path is not a directory"
        case EACCES: return "is in a directory that the user of the service may not enter"
        case ELOOP: return "is a symbolic link to itself"
        case ENAMETOOLONG: return "has a name longer than the system allows"
        default:
            var status = stat()
            return lstat(file, &status) == 0 ? "is a symbolic link to a missing file" : "does not exist"
        }
    }

    private static func isOnNoexec(_ file: String) -> Bool {
        var system = statvfs()
        // ST_NOEXEC of statvfs(3); not every libc declares it.
        return statvfs(file, &system) == 0 && UInt(system.f_flag) & 8 != 0
    }

    private static func beginning(of file: String) -> [UInt8]? {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return [UInt8](unsafeUninitializedCapacity: headerLimit) { buffer, count in
            count = max(0, read(descriptor, buffer.baseAddress, headerLimit))
        }
    }

    private static func contentFault(_ bytes: [UInt8]) -> String? {
        func begins(_ beginning: [UInt8]) -> Bool { bytes.starts(with: beginning) }
        if bytes.isEmpty { return "is an empty file, not a program" }
        if begins(Array("#!".utf8)) { return nil }
        if begins([0x7F, 0x45, 0x4C, 0x46]) { return BinaryFault.predicate(of: bytes) }
        if begins([0xEF, 0xBB, 0xBF, 0x23, 0x21]) { return "begins with a byte order mark; save it without one" }
        if begins([0xFF, 0xFE]) || begins([0xFE, 0xFF]) { return "is encoded in UTF-16; save it as UTF-8" }
        if begins(Array("MZ".utf8)) { return "is a program for Windows" }
        if begins([0xCF, 0xFA, 0xED, 0xFE]) || begins([0xCA, 0xFE, 0xBA, 0xBE]) {
            return "is a program for another operating system"
        }
        return "is not a program; begin a script with #! and the path of its interpreter"
    }
}

// MARK: The first line of a script

extension ProgramFault {
    private struct Interpreter {
        var path: String
        /// Whether the line is longer than the part that the kernel reads.
        var isCut: Bool
    }

    /// - Returns: nil when the file is not a script.
    private static func interpreter(of file: String) -> Interpreter? {
        guard let bytes = beginning(of: file), bytes.starts(with: Array("#!".utf8)) else { return nil }
        let head = bytes.prefix(lineLimit).dropFirst(2)
        let line = head.prefix { $0 != UInt8(ascii: "\n") && $0 != 0 }
        let path = line.drop(while: isBlank).prefix { !isBlank($0) }
        let isCut = path.endIndex == lineLimit && bytes.count > lineLimit
        return Interpreter(path: String(decoding: path, as: UTF8.self), isCut: isCut)
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    private static func lineFault(_ interpreter: Interpreter) -> String? {
        if interpreter.path.isEmpty || interpreter.path == "\r" { return "names no interpreter after its #!" }
        if interpreter.isCut { return "is longer than \(lineLimit) bytes, the limit of the system" }
        guard interpreter.path.utf8.last == UInt8(ascii: "\r"), predicate(of: interpreter.path) != nil else { return nil }
        return
            "ends with CR LF, so that its interpreter would be \(quoted(interpreter.path)); save the file with LF "
            + "line ends"
    }

    private static func quoted(_ path: String) -> String {
        var shown = ""
        for scalar in path.unicodeScalars {
            shown += scalar == "\r" ? "\\r" : scalar.properties.generalCategory == .control ? "\u{FFFD}" : String(scalar)
        }
        return "`\(shown)`"
    }
}
