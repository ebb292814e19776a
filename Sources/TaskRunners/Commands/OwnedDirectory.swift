import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Directories of the service that contain directories of the user that runs tasks. All methods block.
///
/// That user may replace anything inside its own directories, so that no method here follows a link.
enum OwnedDirectory {
    /// Creates a directory, or sets the permissions of an existing one. A new directory is given to the owner.
    /// - Throws: `POSIXError`.
    static func make(_ path: String, permissions: mode_t, owner: TaskUser? = nil) throws {
        if mkdir(path, permissions) != 0, errno != EEXIST { throw problem() }
        let directory = DescriptorReserve.shared.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        guard directory >= 0 else { throw problem() }
        defer { DescriptorReserve.shared.close(directory) }
        var status = stat()
        guard fstat(directory, &status) == 0 else { throw problem() }
        if status.st_uid == geteuid() {
            if status.st_mode & 0o777 != permissions, fchmod(directory, permissions) != 0 { throw problem() }
            if let owner, fchown(directory, owner.id, owner.group) != 0 { throw problem() }
        } else if status.st_uid != owner?.id {
            throw POSIXError(.EPERM)
        }
    }

    /// - Throws: `POSIXError`.
    static func handOver(_ directory: String, to owner: TaskUser) throws {
        guard lchown(directory, owner.id, owner.group) == 0 else { throw problem() }
    }

    /// Removes a directory and its content, as far as possible.
    static func remove(_ path: String) {
        let directory = DescriptorReserve.shared.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        if directory >= 0 { empty(directory) }
        if rmdir(path) != 0, errno == ENOTDIR { unlink(path) }
    }

    /// - Parameter directory: closed by this method.
    private static func empty(_ directory: CInt) {
        let names = dup(directory)
        guard names >= 0 else { return DescriptorReserve.shared.close(directory) }
        defer { DescriptorReserve.shared.close(directory) }
        for name in DirectoryContents.names(in: names) {
            if unlinkat(directory, name, 0) == 0 { continue }
            let below = DescriptorReserve.shared.open(name, in: directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
            if below >= 0 { empty(below) }
            unlinkat(directory, name, AT_REMOVEDIR)
        }
    }

    private static func problem() -> POSIXError {
        POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
    }
}
