import HTTPTypes
import Hummingbird
import NIOCore
import WorkflowAPI
import WorkflowPages

extension Response {
    static func html(_ text: String, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) -> Response {
        var headers = headers
        headers[.contentType] = "text/html; charset=utf-8"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    /// The answer to a form: the browser follows with a GET.
    static func seeOther(_ path: String, headers: HTTPFields = [:]) -> Response {
        var headers = headers
        headers[.location] = path
        return Response(status: .seeOther, headers: headers)
    }

    static func asset(_ file: Assets.File, tag: String, for call: PageCall) -> Response {
        let headers: HTTPFields = [
            .contentType: file.type, .eTag: tag, .cacheControl: "public, max-age=31536000, immutable",
        ]
        if let sent = call.headers[.ifNoneMatch], sent == tag || sent == "W/\(tag)" {
            return .empty(.notModified, headers: headers)
        }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.bytes)))
    }
}

/// The headers of every page.
enum PageHeaders {
    /// Only this service's own files, no inline scripts or styles, no framing.
    static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
        + "frame-ancestors 'none'; base-uri 'none'"

    static func add(to response: inout Response, requestID: String) {
        response.headers[HeaderNames.requestID] = requestID
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.contentSecurityPolicy] = policy
        set("Referrer-Policy", "same-origin", &response)
        set("Cross-Origin-Opener-Policy", "same-origin", &response)
        set("Cross-Origin-Resource-Policy", "same-origin", &response)
        // Pages are private, and must not be visible by going back after signing out.
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
    }

    private static func set(_ name: String, _ value: String, _ response: inout Response) {
        if let name = HTTPField.Name(name) { response.headers[name] = value }
    }
}
