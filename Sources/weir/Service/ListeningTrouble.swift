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

/// What goes wrong when a service begins to listen, as an operator should hear it.
enum ListeningTrouble {
    static func failure(_ error: any Error, host: String, port: Int) -> any Error {
        switch error {
        case let error as IOError:
            switch error.errnoCode {
            case EADDRINUSE:
                CommandFailure(
                    .unavailable, "The port \(port) of \(host) is in use by another program; choose another one with --port.")
            case EACCES, EPERM:
                CommandFailure(
                    .notAllowed, "The port \(port) of \(host) is reserved for root; choose one from 1024 on with --port.")
            case EADDRNOTAVAIL:
                CommandFailure(.unavailable, "This machine does not have the address \(host); choose another one with --host.")
            default: CommandFailure(.unavailable, "The service cannot listen on port \(port) of \(host).")
            }
        case is SocketAddressError, is SocketAddressError.UnknownHost:
            CommandFailure(.unavailable, "The address \(host) is not known; choose another one with --host.")
        default: error
        }
    }
}
