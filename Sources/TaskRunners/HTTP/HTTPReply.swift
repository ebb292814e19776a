import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import WorkflowModel

/// The response to a task's request, as far as it is kept.
struct HTTPReply: Sendable {
    /// Headers that become part of the output. Others, such as cookies, may be confidential.
    static let keptHeaders = ["content-type", "etag", "last-modified", "location", "retry-after"]

    /// The connection ended before the response was complete.
    struct Incomplete: Error {
        /// Bytes of the body received.
        var received: Int
        /// The value of `Content-Length`; nil when it is missing.
        var expected: Int?
        var cause: any Error
    }

    var status: Int
    var reason: String
    /// Names in lower case.
    var headers: [String: String]
    /// The first ``HTTPLimits/replyKept`` bytes of the body, decompressed.
    var content: HTTPContent
    /// Bytes of the body kept.
    var size: Int
    /// Whether the body is longer.
    var isCut: Bool
    /// Why the body could not be decompressed, as a phrase about it.
    var damage: String?

    /// Reads up to ``HTTPLimits/replyRead`` bytes of the body and ignores the rest.
    /// - Throws: `Incomplete`.
    init(reading response: HTTPClientResponse, _ mask: SecretMask = .none) async throws {
        let description = HTTPContent.Description(
            type: response.headers.first(name: "content-type"),
            codings: response.headers[canonicalForm: "content-encoding"].map { $0.lowercased() }.filter { $0 != "identity" })
        var body: [UInt8] = []
        var count = 0
        // Decompressing the kept part takes all compressed bytes.
        let kept = description.codings.isEmpty ? HTTPLimits.replyKept : HTTPLimits.replyRead
        do {
            for try await part in response.body {
                count += part.readableBytes
                body.append(contentsOf: part.readableBytesView.prefix(kept - body.count))
                if count > HTTPLimits.replyRead { break }
            }
        } catch {
            let expected = response.headers.first(name: "content-length").flatMap { Int($0) }
            throw Incomplete(received: count, expected: expected, cause: error)
        }
        self.init(
            status: Int(response.status.code), reason: TerminalText.plain(response.status.reasonPhrase),
            headers: response.headers, body: body, isCut: count > body.count, description, mask)
    }

    /// - Parameter isCut: whether the body is longer than these bytes.
    init(
        status: Int, reason: String, headers: HTTPHeaders, body: [UInt8], isCut isBodyCut: Bool,
        _ description: HTTPContent.Description, _ mask: SecretMask = .none
    ) {
        self.status = status
        self.reason = mask.masked(reason)
        self.headers = [:]
        for name in Self.keptHeaders { self.headers[name] = headers.first(name: name).map { mask.masked($0) } }
        var (bytes, isCut) = (body, isBodyCut)
        var codings = description.codings
        do {
            while let coding = codings.last, !body.isEmpty, let form = Inflation.Form(coding: coding) {
                // With several codings, only the result of the last one is limited to the kept size.
                let limit = codings.count > 1 ? HTTPLimits.replyRead : HTTPLimits.replyKept
                (bytes, isCut) = try Inflation.bytes(bytes, form, limit: limit, isInputCut: isCut)
                codings.removeLast()
            }
        } catch {
            damage = "its Content-Encoding is \(description.codings.joined(separator: ", ")), but \(error.message)"
        }
        isCut = isCut || bytes.count > HTTPLimits.replyKept
        bytes = Array(bytes.prefix(HTTPLimits.replyKept))
        if codings.isEmpty || body.isEmpty {
            content = HTTPContent(bytes, description, isCut: isCut, mask)
        } else {
            content = .bytes(mask.masked(bytes, isCut: isCut))
            self.headers["content-encoding"] = codings.joined(separator: ", ")
        }
        if !content.fits {
            (content, bytes) = content.fitting(bytes, description)
            isCut = true
        }
        size = bytes.count
        self.isCut = isCut
    }

    /// `{"status":200,"headers":{"content-type":"…"},"body":…}`. The body is JSON if declared as JSON and valid, a string if it is
    /// text, and otherwise base64, with `"body_encoding":"base64"`. `"body_cut":true` marks a longer body.
    var output: JSONText {
        let members = headers.sorted { $0.key < $1.key }.map { name, value in
            "\(JSONValue.string(name).text):\(JSONValue.string(value).text)"
        }
        var text = "{\"status\":\(status),\"headers\":{\(members.joined(separator: ","))},\"body\":\(content.outputText)"
        if case .bytes = content { text += ",\"body_encoding\":\"base64\"" }
        text += isCut ? ",\"body_cut\":true}" : "}"
        return JSONText(validated: text)
    }

    /// For people: the status and the beginning of the body.
    var summary: String {
        guard size > 0 else { return "\(status) \(reason), no body" }
        let size = isCut ? "more than \(size) bytes" : "\(size) bytes"
        switch content {
        case .bytes:
            let coding = headers["content-encoding"].map { ", encoded as \($0)" } ?? ""
            return "\(status) \(reason), \(size) of binary data\(coding)"
        case .json(let text), .text(let text):
            let printed = Array(text.utf8.prefix(HTTPLimits.replyPrinted))
            let beginning = TextCharset.utf8.text(of: printed, isCut: true) ?? ""
            return "\(status) \(reason), \(size)\n\(beginning)"
        }
    }
}

extension Inflation.Form {
    /// - Returns: nil for a coding that is not supported, such as `br`.
    fileprivate init?(coding: String) {
        switch coding {
        case "gzip", "x-gzip": self = .gzip
        case "deflate": self = .deflate
        default: return nil
        }
    }
}
