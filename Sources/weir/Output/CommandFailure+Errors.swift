import ArgumentParser
import NIOCore
import WorkflowAPI
import WorkflowClient
import WorkflowModel
import WorkflowOperations

extension CommandFailure {
    /// The table of errors and exit codes.
    init(describing error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as ClientError: self.init(Self.status(of: error), Self.message(of: error))
        case let error as StoreError: self.init(Self.status(of: error.code), error.message)
        case let error as APIError: self.init(Self.status(of: error.kind, isPassing: error.isPassing), error.message)
        case let error as OperationError: self.init(Self.status(of: error.code), error.message)
        case let problems as ConfigurationProblems: self.init(.data, problems.description)
        case is CancellationError: self.init(.temporary, "Interrupted.")
        default: self.init(.software, "An unexpected error occurred. Please report it.")
        }
    }

    static func status(of error: ClientError) -> ExitStatus {
        switch error.code {
        // The service reports a missing tenant as invalid data; for the command line, an option is missing.
        case .refused(.invalid) where OptionWords.isMissingTenant(error.message): .usage
        case .refused(let kind): status(of: kind, isPassing: error.isPassing)
        case .unreachable, .timedOut: .unavailable
        case .unreadable: .software
        case .invalidAddress: .settings
        }
    }

    /// - Parameter isPassing: whether the answer said when to try again. A lasting conflict is invalid data.
    static func status(of kind: APIError.Kind, isPassing: Bool) -> ExitStatus {
        switch kind {
        case .invalid, .tooLarge, .notAcceptable, .unsupportedMediaType, .headersTooLarge, .keyMismatch: .data
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
        case .ownedElsewhere, .notReady: .temporary
        case .idempotencyMismatch, .runIsDeleted, .baseIsDeleted, .duplicate: .data
        }
    }

    static func status(of code: OperationError.Code) -> ExitStatus {
        switch code {
        case .unreadable: .noInput
        case .malformed: .data
        case .pathTooLong: .settings
        case .socketNotCreated: .cannotCreate
        }
    }

    /// The service's message names headers; the command line names its variables.
    private static func credentialsMessage(of error: ClientError) -> String {
        switch error.presented {
        case .token?:
            // After a semicolon, the message says where a program gets another token.
            let reason = error.message.prefix { $0 != ";" && $0 != "." }
            return "\(reason). Set WEIR_TOKEN to a new token (weir token), or set WEIR_CLIENT_ID and WEIR_CLIENT_SECRET instead."
        case .key?: return "\(error.message) Check WEIR_CLIENT_ID and WEIR_CLIENT_SECRET."
        case PresentedCredentials.none?, nil:
            return
                "Credentials are missing: set WEIR_CLIENT_ID and WEIR_CLIENT_SECRET, or WEIR_TOKEN. weir keys create creates a key."
        }
    }

    private typealias PresentedCredentials = ClientError.PresentedCredentials

    private static func message(of error: ClientError) -> String {
        if error.code == .refused(.unauthenticated) { return credentialsMessage(of: error) }
        var message = OptionWords.spoken(error.message)
        if let requestID = error.requestID, CommandFailure.status(of: error) == .software {
            message += " The id of the request in the service's log is \(requestID)."
        }
        return message
    }
}
