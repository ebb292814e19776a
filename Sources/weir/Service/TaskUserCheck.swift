import Foundation
import TaskRunners

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The checks before tasks run as another user. All functions block.
enum TaskUserCheck {
    /// - Throws: ``CommandFailure`` when tasks cannot run as this user.
    static func user(_ name: String, dataDirectory: String) throws -> TaskUser {
        let missing = TaskUser.missingCapabilities
        guard missing.isEmpty else {
            throw CommandFailure(
                .notAllowed,
                "--run-as needs permission to change user. Run the service as root, or give it \(missing.joined(separator: ", "))."
            )
        }
        guard let user = TaskUser(name) else {
            throw CommandFailure(.settings, "User \(name) not found on this machine. --run-as accepts a name or a number.")
        }
        guard user.id != 0, user.id != geteuid() else {
            throw CommandFailure(
                .settings, "--run-as \(name) would not protect the service. Name a user other than root and the service's own.")
        }
        var directory = URL(fileURLWithPath: dataDirectory).deletingLastPathComponent()
        while true {
            var isDirectory: ObjCBool = false
            if FileManager.default.fileExists(atPath: directory.path, isDirectory: &isDirectory), !user.mayEnter(directory.path) {
                throw CommandFailure(
                    .settings,
                    "User \(user.name) cannot reach its files below \(dataDirectory), because it may not enter "
                        + "\(directory.path). Choose another --data, or run chmod o+x \(directory.path).")
            }
            guard directory.path != "/" else { return user }
            directory.deleteLastPathComponent()
        }
    }

    /// Lets the user pass through the data directory, and makes the files in it private.
    /// - Throws: ``CommandFailure``
    static func open(_ directory: String, to user: TaskUser) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
            for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
                var status = stat()
                let path = directory + "/" + name
                guard lstat(path, &status) == 0, [S_IFREG, S_IFSOCK].contains(status.st_mode & S_IFMT) else { continue }
                if status.st_mode & 0o077 != 0 { chmod(path, status.st_mode & 0o700) }
            }
        } catch {
            throw CommandFailure(.cannotCreate, "The directory \(directory) cannot be used: \(FileError.reason(error)).")
        }
        var status = stat()
        guard stat(directory, &status) == 0, chmod(directory, (status.st_mode & 0o700) | 0o011) == 0 else {
            throw CommandFailure(.notAllowed, "The permissions of \(directory) cannot be changed.")
        }
    }
}
