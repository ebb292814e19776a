import Hummingbird
import Logging
import WorkflowAPI
import WorkflowModel

/// Answers errors in the API's form.
struct ControlErrors: RouterMiddleware {
    let logger: Logger

    func handle(
        _ request: Request, context: BasicRequestContext, next: (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as APIError {
            return answer(error)
        } catch let error as StoreError {
            logger.error("store failed", metadata: ["reason": "\(error.message)"])
            return answer(APIError(error.code == .duplicate ? .conflict : .unavailable, error.message))
        } catch let error as HTTPError {
            return answer(APIError(APIError.Kind(status: error.status.code) ?? .failed, "The request is not one of this socket."))
        }
    }

    private func answer(_ error: APIError) -> Response {
        Response(
            status: error.status, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: error.document(requestID: "control")))
    }
}
