import WorkflowAPI
import WorkflowModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Where the owner of a data directory listens for the commands that work on the store.
///
/// A socket's path may be 107 bytes long (`sun_path`). Below a longer directory, the directory is opened and the socket
/// reached through its descriptor, where the system has such paths.
final class ControlAddress: Sendable {
    static let fileName = "weir.sock"
    static let longestPath = 103

    /// What is handed to the system.
    let path: String
    private let descriptor: Int32?

    /// - Throws: ``CommandFailure`` where the path is too long for this system.
    init(directory: String) throws {
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
            throw CommandFailure(
                .settings,
                "The path of the data directory is too long for a socket in it: \(Self.longestPath - Self.fileName.utf8.count - 1) "
                    + "bytes are accepted.")
        }
        descriptor = opened
        path = short + "/" + Self.fileName
    }

    deinit {
        if let descriptor { close(descriptor) }
    }

    /// For requests to the socket: the path stands where a host would.
    var url: String { "http+unix://\(Paths.escaped(path))" }

    func removeFile() {
        unlink(path)
    }
}
