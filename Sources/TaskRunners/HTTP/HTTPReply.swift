import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import WorkflowModel

/// The reply to a task's call, as much of it as is kept.
struct HTTPReply: Sendable {
    /// The headers that become part of the output. Others may hold what is nobody's business, such as cookies.
    static let keptHeaders = ["content-type", "etag", "last-modified", "location", "retry-after"]

    var status: Int
    var reason: String
    /// Names in lower case.
    var headers: [String: String]
    /// The first ``HTTPLimits/replyKept`` bytes.
    var body: [UInt8]
    /// Whether there was more of the body.
    var isCut: Bool

    /// Reads the body: all of it up to ``HTTPLimits/replyRead``; what is longer is not read to its end.
    init(reading response: HTTPClientResponse) async throws {
        status = Int(response.status.code)
        reason = response.status.reasonPhrase
        headers = [:]
        for name in Self.keptHeaders {
            headers[name] = response.headers.first(name: name)
        }
        body = []
        isCut = false
        var count = 0
        for try await part in response.body {
            count += part.readableBytes
            body.append(contentsOf: part.readableBytesView.prefix(HTTPLimits.replyKept - body.count))
            if count > HTTPLimits.replyRead { break }
        }
        isCut = count > body.count
    }

    /// `{"status":200,"headers":{"content-type":"…"},"body":…}`. The body is JSON where the reply says so and it is true, text
    /// otherwise; `"body_cut":true` follows where it was longer than what is kept.
    var output: JSONText {
        var text = "{\"status\":\(status),\"headers\":\(JSONValue.object(headers.mapValues(JSONValue.string)).text),\"body\":"
        text += json ?? JSONValue.string(String(decoding: body, as: UTF8.self)).text
        text += isCut ? ",\"body_cut\":true}" : "}"
        return JSONText(validated: text)
    }

    /// The body where it is JSON, as it came.
    private var json: String? {
        guard !isCut, headers["content-type"]?.lowercased().contains("json") == true,
            let text = String(validating: body, as: UTF8.self), !text.hasPrefix("\u{FEFF}"), JSONValue(json: body) != nil
        else { return nil }
        return text
    }

    /// For people: the status, and how the body begins.
    var summary: String {
        guard !body.isEmpty else { return "\(status) \(reason), no body" }
        let size = isCut ? "more than \(body.count) bytes" : "\(body.count) bytes"
        let beginning = String(decoding: body.prefix(HTTPLimits.replyPrinted), as: UTF8.self)
        return "\(status) \(reason), \(size)\n\(beginning)"
    }
}
