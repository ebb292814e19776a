import Foundation
import WorkflowModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The private directory of one attempt, with its `WEIR_INPUTS` and the place for its `WEIR_OUTPUT`. Everything here blocks.
struct AttemptFiles: Sendable {
    let directory: String
    var inputs: String { "\(directory)/inputs.json" }
    var output: String { "\(directory)/output.json" }

    /// - Parameter scratch: the directory below which it is made; made too where it is missing.
    /// - Throws: what the system has against it.
    init(for attempt: TaskAttempt, in scratch: String) throws {
        let template = "\(scratch)/\(Self.prefix(of: attempt.task))\(ServiceMark.own.text).XXXXXX"
        directory = try Self.makeDirectory(template) ?? Self.makeDirectory(afterMaking: scratch, template)
        do {
            try Self.write(AttemptInputs.object(of: attempt), to: inputs)
        } catch {
            remove()
            throw error
        }
    }

    /// What a command left at `WEIR_OUTPUT`.
    enum Output: Hashable, Sendable {
        case none
        case text([UInt8])
        case tooLarge
        /// Something that is not a plain file, or cannot be read.
        case unreadable
    }

    func readOutput() -> Output {
        // Whatever the command has put there: neither a link to another file nor a pipe that nobody writes to does any harm.
        let file = open(output, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else { return errno == ENOENT ? .none : .unreadable }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return .unreadable }
        guard status.st_size > 0 else { return .none }
        guard status.st_size <= CommandLimits.outputFile else { return .tooLarge }
        let size = Int(status.st_size)
        var count = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
            while count < size {
                let wasRead = read(file, buffer.baseAddress.map { $0 + count }, size - count)
                if wasRead > 0 { count += wasRead } else if wasRead == 0 || errno != EINTR { break }
            }
            initialized = count
        }
        return count == size ? .text(bytes) : .unreadable
    }

    func remove() {
        unlink(inputs)
        unlink(output)
        guard rmdir(directory) != 0, errno != ENOENT else { return }
        // The command has put more than its output there. What cannot be removed goes when the service starts again.
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Removes what attempts at these tasks left when the service was killed.
    static func removeLeftovers(of tasks: Set<TaskID>, in scratch: String) {
        let prefixes = tasks.map(prefix(of:))
        for name in (try? FileManager.default.contentsOfDirectory(atPath: scratch)) ?? []
        where prefixes.contains(where: { name.hasPrefix($0) }) {
            try? FileManager.default.removeItem(atPath: "\(scratch)/\(name)")
        }
    }

    /// Removes what attempts left whose service is gone.
    static func removeOrphans(in scratch: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: scratch)) ?? [] {
            let mark = name.split(separator: ".").dropLast().last.flatMap { ServiceMark($0) }
            if mark?.isOfTheDead == true { try? FileManager.default.removeItem(atPath: "\(scratch)/\(name)") }
        }
    }

    /// Ids of our own making are fit for a file name; any other is not trusted to be.
    private static func prefix(of task: TaskID) -> String {
        FileName.encoding(task.rawValue) + "."
    }

    private static func makeDirectory(_ template: String) throws -> String? {
        var path = Array(template.utf8CString)
        if mkdtemp(&path) != nil { return String(decoding: path.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self) }
        if errno == ENOENT { return nil }
        throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
    }

    private static func makeDirectory(afterMaking scratch: String, _ template: String) throws -> String {
        try FileManager.default.createDirectory(
            atPath: scratch, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        guard let made = try makeDirectory(template) else { throw POSIXError(.ENOENT) }
        return made
    }

    private static func write(_ text: String, to path: String) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        defer { close(file) }
        var text = text
        try text.withUTF8 { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Glibc.write(file, UnsafeBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count >= 0 {
                    rest = rest.dropFirst(count)
                } else if errno != EINTR {
                    throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
                }
            }
        }
    }
}
