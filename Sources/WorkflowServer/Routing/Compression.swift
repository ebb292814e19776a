import HTTPTypes
import Hummingbird
import NIOCore

/// Compresses answers with gzip for clients that accept it (RFC 9110, sections 8.4.1.3 and 12.5.3).
///
/// Answers to other methods than GET are never compressed: those that hold a secret are among them, and the length of a compressed
/// answer may tell something about a secret beside a text that an attacker has chosen. Streams of events are not compressed either:
/// each open page would need a buffer of its own.
enum Compression {
    /// Bytes of the shortest answer that is compressed. Shorter ones fit in a packet anyway.
    static let leastBytes = 1_024

    private static let types = [
        "text/html", "text/css", "text/javascript", "text/plain", "text/csv", "image/svg+xml", "application/json",
        "application/x-ndjson", "application/yaml",
    ]

    static func compressed(_ response: Response, for request: Request) -> Response {
        guard request.method == .get, response.status.kind != .redirection, response.status != .partialContent,
            response.headers[.contentEncoding] == nil, (response.body.contentLength ?? .max) >= leastBytes,
            let type = response.headers[.contentType]?.prefix(while: { $0 != ";" }), types.contains(type.lowercased())
        else { return response }
        var response = response
        response.headers[.vary] = response.headers[.vary].map { "\($0), Accept-Encoding" } ?? "Accept-Encoding"
        guard accepts(request.headers[values: .acceptEncoding]) else { return response }
        response.headers[.contentEncoding] = "gzip"
        response.headers[.contentLength] = nil
        // The bytes differ from those that the tag was made for (RFC 9110, section 8.8.1).
        if let tag = response.headers[.eTag], !tag.hasPrefix("W/") { response.headers[.eTag] = "W/\(tag)" }
        let body = response.body
        response.body = ResponseBody { writer in try await body.write(GzipWriter(parent: writer, stream: GzipStream())) }
        return response
    }

    /// Whether a client accepts gzip: named with another weight than 0, or by `*`.
    static func accepts(_ fields: [String]) -> Bool {
        var others = false
        for item in fields.flatMap({ $0.split(separator: ",") }) {
            let parts = item.split(separator: ";").map { $0.filter { !$0.isWhitespace }.lowercased() }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            switch parts.first {
            case "gzip", "x-gzip": return weight > 0
            case "*": others = weight > 0
            default: continue
            }
        }
        return others
    }
}

/// Writes the compressed body to another writer.
private struct GzipWriter: ResponseBodyWriter {
    var parent: any ResponseBodyWriter
    let stream: GzipStream

    mutating func write(_ buffer: ByteBuffer) async throws {
        let bytes = try stream.compress(buffer)
        if bytes.readableBytes > 0 { try await parent.write(bytes) }
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
        try await parent.write(try stream.end())
        try await parent.finish(trailingHeaders)
    }
}
