import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import WorkflowAPI
import WorkflowModel

/// Turns errors into answers.
enum ErrorAnswers {
    /// Seconds after which to try again when the store is unavailable, or not ready for a question.
    private static let storeRetry = 1

    /// - Throws: errors of the connection, which Hummingbird answers itself.
    static func answer(for error: any Error, logger: Logger, requestID: String) throws -> APIError {
        switch error {
        case let error as APIError: return error
        case let error as StoreError: return answer(for: error, logger: logger, requestID: requestID)
        case is ChannelError, is IOError, is HTTPParserError: throw error
        default:
            logger.error("A request failed", metadata: ["request": "\(requestID)", "error": "\(error)"])
            return APIError(
                .failed, "The service failed to handle this request. Its operator finds the cause in the log by the request id.")
        }
    }

    static func response(_ error: APIError, requestID: String) -> Response {
        var headers = error.headers
        headers[.contentType] = "application/json"
        return Response(
            status: error.status, headers: headers, body: ResponseBody(byteBuffer: error.document(requestID: requestID)))
    }

    private static func answer(for error: StoreError, logger: Logger, requestID: String) -> APIError {
        switch error.code {
        case .idempotencyMismatch:
            return APIError(
                .keyMismatch, "This \(IdempotencyHeader.name) was used for another request. Use a new key for a new request.")
        case .runIsDeleted:
            return APIError(
                .keyMismatch,
                "The run that this \(IdempotencyHeader.name) started has been deleted. Use a new key to start another run.")
        case .baseIsDeleted:
            return APIError(.conflict, error.message)
        case .notReady:
            return APIError(.unavailable, error.message, headers: [.retryAfter: String(storeRetry)])
        case .unavailable, .damaged, .newerThanProgram, .ownedElsewhere, .duplicate:
            let cause = error.cause.map { "\($0)" } ?? "none"
            logger.error(
                "The store failed", metadata: ["request": "\(requestID)", "error": "\(error.message)", "cause": "\(cause)"])
            return APIError(
                .unavailable, "The store is unavailable. Try again shortly.", headers: [.retryAfter: String(storeRetry)])
        }
    }
}
