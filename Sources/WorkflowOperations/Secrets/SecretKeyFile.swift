import WorkflowModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The file with the keys that encrypt secrets. All methods block.
package struct SecretKeyFile: Hashable, Sendable {
    package static let name = "secrets.key"
    /// Bytes of a key file: hundreds of keys.
    static let longest = 65_536

    package let path: String
    /// Whether it is the service's own file in its data directory, which it creates and changes. An operator's file is only read.
    package let isOwn: Bool

    /// The file of a service that keeps its secrets in its data directory.
    package init(inDataDirectory directory: String) {
        path = "\(directory)/\(Self.name)"
        isOwn = true
    }

    /// The file that an operator gives to all nodes.
    package init(given path: String) {
        self.path = path
        isOwn = false
    }

    /// - Returns: nil when the service has not created its own file yet.
    /// - Throws: ``OperationError``
    func read() throws -> SecretKeyring? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT, isOwn { return nil }
            throw unreadable(
                errno == ENOENT
                    ? "does not exist. Create one with openssl rand -base64 32, and copy it to all nodes"
                    : "cannot be read. Give it to the user of the service")
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw unreadable("is not a file") }
        guard status.st_mode & 0o077 == 0 else {
            throw unreadable("can be read by other users. Restrict it to its owner: chmod 600 \(path)")
        }
        var bytes = [UInt8](repeating: 0, count: Self.longest + 1)
        var count = 0
        while count < bytes.count {
            let wasRead = bytes.withUnsafeMutableBytes { systemRead(file, $0.baseAddress.map { $0 + count }, $0.count - count) }
            if wasRead > 0 { count += wasRead } else if wasRead == 0 || errno != EINTR { break }
        }
        guard count <= Self.longest, let text = String(validating: bytes[..<count], as: UTF8.self),
            let keys = SecretKeyring(text: text)
        else {
            throw OperationError(
                .malformed,
                "The key file \(path) is not valid. Accepted: one key per line, 32 bytes in base64; the first one encrypts.")
        }
        return keys
    }

    /// Replaces the service's own file, or creates it. When this returns, the keys are on disk.
    /// - Throws: ``OperationError``
    func write(_ keys: SecretKeyring) throws {
        let new = "\(path).new"
        unlink(new)
        let file = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw notWritten }
        var text = keys.text
        let isWritten = text.withUTF8 { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = systemWrite(file, UnsafeBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count >= 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return false }
            }
            return fsync(file) == 0
        }
        close(file)
        guard isWritten, rename(new, path) == 0, syncDirectory() else {
            unlink(new)
            throw notWritten
        }
    }

    /// Without it, the name of a new file could be lost with the power.
    private func syncDirectory() -> Bool {
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let file = open(directory.isEmpty ? "/" : directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        return fsync(file) == 0
    }

    private func unreadable(_ what: String) -> OperationError {
        OperationError(.unreadable, "The key file \(path) \(what).")
    }

    private var notWritten: OperationError {
        OperationError(.unreadable, "The key file \(path) cannot be written. Check the data directory and its free space.")
    }
}

// The methods of the file have the same names.
private func systemRead(_ file: CInt, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int { read(file, bytes, count) }
private func systemWrite(_ file: CInt, _ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int { write(file, bytes, count) }
