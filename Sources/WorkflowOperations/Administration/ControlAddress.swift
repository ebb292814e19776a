import WorkflowAPI
import WorkflowModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The Unix socket of a data directory, where its owner accepts administration commands.
///
/// A socket's path may be 107 bytes long (`sun_path`). For a longer path, the directory is opened and the socket is reached
/// through the directory's descriptor in `/proc`, where the system has it.
package final class ControlAddress: Sendable {
    static let fileName = "weir.sock"
    static let longestPath = 103

    /// The path for system calls.
    let path: String
    private let descriptor: Int32?

    /// - Throws: ``OperationError/Code/pathTooLong``
    package init(directory: String) throws(OperationError) {
        let whole = directory + "/" + Self.fileName
        guard whole.utf8.count > Self.longestPath else {
            path = whole
            descriptor = nil
            return
        }
        let opened = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        let short = "/proc/self/fd/\(opened)"
        guard opened >= 0, access(short, X_OK) == 0 else {
            if opened >= 0 { close(opened) }
            throw OperationError(
                .pathTooLong,
                "The path of the data directory is too long for a socket in it. "
                    + "Accepted: \(Self.longestPath - Self.fileName.utf8.count - 1) bytes.")
        }
        descriptor = opened
        path = short + "/" + Self.fileName
    }

    deinit {
        if let descriptor { close(descriptor) }
    }

    /// The address for requests to the socket: the path takes the place of the host.
    var url: String { "http+unix://\(Paths.escaped(path))" }

    func removeFile() {
        unlink(path)
    }
}
