import Foundation
import WorkflowModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The private directory of an attempt, with `WEIR_INPUTS` and the place for `WEIR_OUTPUT`. All methods block.
struct AttemptFiles: Sendable {
    let directory: String
    /// The user that runs the command; nil for the service's user.
    private let owner: TaskUser?
    var inputs: String { "\(directory)/inputs.json" }
    var output: String { "\(directory)/output.json" }

    /// - Parameters:
    ///  - scratch: the parent directory; created if missing.
    ///  - owner: the user that runs the command; nil for the service's user.
    /// - Throws: `POSIXError`.
    init(for attempt: TaskAttempt, in scratch: String, owner: TaskUser? = nil) throws {
        self.owner = owner
        if owner != nil { try OwnedDirectory.make(scratch, permissions: 0o711) }
        let template = "\(scratch)/\(Self.prefix(of: attempt.task))\(ServiceMark.own.text).XXXXXX"
        directory = try Self.makeDirectory(template) ?? Self.makeDirectory(afterMaking: scratch, template)
        do {
            try Self.write(AttemptInputs.object(of: attempt), to: inputs, owner: owner)
            // Last, because from here on the user may change it.
            if let owner { try OwnedDirectory.handOver(directory, to: owner) }
        } catch {
            remove()
            throw error
        }
    }

    /// The file that a command wrote to `WEIR_OUTPUT`.
    enum Output: Hashable, Sendable {
        case none
        case text([UInt8])
        case tooLarge
        /// Not a regular file, or not readable.
        case unreadable
        /// Not read, because no file descriptor was available.
        case noDescriptor
    }

    func readOutput() -> Output {
        // Neither a link to another file nor a pipe without a writer may block or mislead this.
        let file = DescriptorReserve.shared.open(output, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else {
            if errno == ENOENT { return .none }
            return DescriptorReserve.isShortage(errno) ? .noDescriptor : .unreadable
        }
        defer { DescriptorReserve.shared.close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return .unreadable }
        // A hard link to a file that the service may read and the command may not.
        if let owner, status.st_uid != owner.id { return .unreadable }
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
        // The command may have written other files there. Files that cannot be removed now are removed at the next start.
        OwnedDirectory.remove(directory)
    }

    /// Removes the directories that a killed service left for attempts at these tasks.
    static func removeLeftovers(of tasks: Set<TaskID>, in scratch: String) {
        let prefixes = tasks.map(prefix(of:))
        for name in DirectoryContents.names(in: scratch)
        where prefixes.contains(where: { name.hasPrefix($0) }) {
            OwnedDirectory.remove("\(scratch)/\(name)")
        }
    }

    /// Removes the directories of services that no longer run.
    static func removeOrphans(in scratch: String) {
        for name in DirectoryContents.names(in: scratch) {
            let mark = name.split(separator: ".").dropLast().last.flatMap { ServiceMark($0) }
            if mark?.isOfEndedService == true { OwnedDirectory.remove("\(scratch)/\(name)") }
        }
    }

    /// Ids made by Weir are valid file names; other ids might not be.
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

    private static func write(_ text: String, to path: String, owner: TaskUser?) throws {
        let file = DescriptorReserve.shared.open(path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
        guard file >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        defer { DescriptorReserve.shared.close(file) }
        if let owner, fchown(file, owner.id, owner.group) != 0 {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
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
