import AsyncHTTPClient
import NIOCore
import NIOPosix
import WorkflowModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Why a call failed.
enum HTTPFault {
    /// Statuses below 500 by which a server says that it is not the request's fault.
    private static let platformStatuses: Set<Int> = [408, 425, 429]

    static let badURL = RunError(
        attribution: .customer, type: "weir.task.http/url",
        message: "The task's url is not one that can be called; http://HOST/… and https://HOST/… are accepted.")

    static func badCall(_ message: String) -> RunError {
        RunError(attribution: .customer, type: "weir.task.http/request", message: message)
    }

    /// A reply with a status that its task does not expect.
    static func unexpected(_ reply: HTTPReply, expected: Set<Int>, blame: BlameTable) -> RunError {
        let isPlatforms = reply.status >= 500 || platformStatuses.contains(reply.status)
        return RunError(
            attribution: blame.byCode[reply.status] ?? (isPlatforms ? .platform : .customer), type: "weir.task.http/status",
            message: "the server answered \(reply.status) \(reply.reason), but \(described(expected)) is expected",
            data: JSONText(.object(["status": .integer(Int64(reply.status))])))
    }

    /// No reply, or not all of one.
    static func noReply(_ error: any Error, from host: String) -> RunError {
        RunError(attribution: .platform, type: "weir.task.http/connect", message: "no reply from \(host): \(reason(error))")
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as HTTPClientError:
            reason(error)
        case let error as NIOConnectionError:
            reason(error)
        case let error as IOError:
            reason(error)
        default:
            "a secure connection could not be made, or it did not keep to HTTP"
        }
    }

    private static func reason(_ error: HTTPClientError) -> String {
        switch error {
        case .connectTimeout: "it did not accept a connection within \(HTTPLimits.connect.components.seconds) seconds"
        case .tlsHandshakeTimeout: "it did not agree on a secure connection in time"
        case .remoteConnectionClosed, .uncleanShutdown: "it closed the connection before the reply was complete"
        default: "it did not keep to HTTP"
        }
    }

    private static func reason(_ error: NIOConnectionError) -> String {
        guard let failure = error.connectionErrors.first?.error else { return "the name of the host is not known" }
        return (failure as? IOError).map(reason) ?? "a connection could not be made"
    }

    private static func reason(_ error: IOError) -> String {
        switch error.errnoCode {
        case ECONNREFUSED: "it refused the connection"
        case ECONNRESET, EPIPE: "it broke off the connection"
        case EHOSTUNREACH, ENETUNREACH: "it cannot be reached from here"
        case ETIMEDOUT: "the connection timed out"
        default: "the connection failed"
        }
    }

    /// `200`, `200 or 202`, `200, 201 or 204`; the usual set of all that begin with 2 is told as that.
    private static func described(_ statuses: Set<Int>) -> String {
        if statuses == Set(200...299) { return "a status from 200 to 299" }
        let all = statuses.sorted().map(String.init)
        guard let last = all.last else { return "none" }
        return all.count == 1 ? last : "\(all.dropLast().joined(separator: ", ")) or \(last)"
    }
}
