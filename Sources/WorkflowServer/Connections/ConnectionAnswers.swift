import HTTPTypes
import NIOCore
import NIOHTTP1
import WorkflowAPI

/// Answers that belong to a connection rather than to a request. Each is the last one of its connection.
enum ConnectionAnswers {
    /// Seconds after which to try again.
    private static let retry = 1

    static let tooManyRequests = unavailable("Too many large requests are arriving at once. Try again shortly.")

    private static let tooManyConnections = unavailable("Too many connections are open. Try again shortly.")

    private static func unavailable(_ message: String) -> APIError {
        APIError(.unavailable, message, headers: [.retryAfter: String(retry)])
    }

    static func parts(of error: APIError, requestID: String) -> (HTTPResponseHead, ByteBuffer) {
        let body = error.document(requestID: requestID)
        var headers: HTTPHeaders = [
            "Content-Type": "application/json", "Content-Length": String(body.readableBytes), "Connection": "close",
            HeaderNames.requestID.rawName: requestID, HeaderNames.version.rawName: APIVersion.newestStable.rawValue,
        ]
        for field in error.headers { headers.add(name: field.name.rawName, value: field.value) }
        let status = HTTPResponseStatus(statusCode: error.status.code)
        return (HTTPResponseHead(version: .http1_1, status: status, headers: headers), body)
    }

    /// The answer to a connection above the limit, as bytes: it has no parser.
    static func full(requestID: String) -> ByteBuffer {
        var (head, body) = parts(of: tooManyConnections, requestID: requestID)
        var answer = ByteBuffer(string: "HTTP/1.1 \(head.status.code) \(head.status.reasonPhrase)\r\n")
        for (name, value) in head.headers { answer.writeString("\(name): \(value)\r\n") }
        answer.writeString("\r\n")
        answer.writeBuffer(&body)
        return answer
    }
}
