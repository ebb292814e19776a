import NIOCore
import NIOPosix
import WorkflowModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Messages for errors when a service begins to listen.
enum ListenError {
    static func failure(_ error: any Error, host: String, port: Int) -> any Error {
        switch error {
        case let error as IOError:
            switch error.errnoCode {
            case EADDRINUSE:
                CommandFailure(
                    .unavailable, "Port \(port) of \(host) is in use by another program. Choose another port with --port.")
            case EACCES, EPERM:
                CommandFailure(
                    .notAllowed, "Port \(port) of \(host) is reserved for root. Choose a port from 1024 on with --port.")
            case EADDRNOTAVAIL:
                CommandFailure(.unavailable, "This machine does not have the address \(host). Choose another address with --host.")
            default: CommandFailure(.unavailable, "The service cannot listen on port \(port) of \(host).")
            }
        case is SocketAddressError, is SocketAddressError.UnknownHost:
            CommandFailure(.unavailable, "The address \(host) cannot be resolved. Choose another address with --host.")
        default: error
        }
    }
}
