import ArgumentParser
import NIOCore
import WorkflowAPI
import WorkflowClient
import WorkflowModel

extension CommandFailure {
    /// The one table of errors and exit codes.
    init(describing error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as ClientError: self.init(Self.status(of: error), Self.message(of: error))
        case let error as StoreError: self.init(Self.status(of: error.code), error.message)
        case let error as APIError: self.init(Self.status(of: error.kind, isPassing: error.isPassing), error.message)
        case let problems as ConfigurationProblems: self.init(.data, problems.description)
        case is CancellationError: self.init(.temporary, "Interrupted.")
        default: self.init(.software, "Something went wrong that this program does not know of; please report it.")
        }
    }

    static func status(of error: ClientError) -> ExitStatus {
        switch error.code {
        case .refused(let kind): status(of: kind, isPassing: error.isPassing)
        case .unreachable, .timedOut: .unavailable
        case .unreadable: .software
        case .invalidAddress: .settings
        }
    }

    /// - Parameter isPassing: whether the answer said when to ask again. A conflict with what will still be there then is wrong data.
    static func status(of kind: APIError.Kind, isPassing: Bool) -> ExitStatus {
        switch kind {
        case .invalid, .tooLarge, .unsupportedMediaType, .headersTooLarge, .keyMismatch: .data
        case .unauthenticated, .forbidden: .notAllowed
        case .notFound: .noInput
        case .conflict: isPassing ? .temporary : .data
        case .rateLimited: .temporary
        case .methodNotAllowed, .failed: .software
        case .unavailable: .unavailable
        }
    }

    static func status(of code: StoreError.Code) -> ExitStatus {
        switch code {
        case .unavailable: .unavailable
        case .damaged: .data
        case .newerThanProgram: .settings
        case .ownedElsewhere: .temporary
        case .idempotencyMismatch, .duplicate: .data
        }
    }

    private static func message(of error: ClientError) -> String {
        var message = error.message
        if error.code == .refused(.unauthenticated) {
            message += " Set WEIR_TOKEN, or WEIR_CLIENT_ID and WEIR_CLIENT_SECRET."
        }
        if let requestID = error.requestID, CommandFailure.status(of: error) == .software {
            message += " The service calls this request \(requestID)."
        }
        return message
    }
}
