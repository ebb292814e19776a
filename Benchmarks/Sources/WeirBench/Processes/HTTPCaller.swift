import Foundation
import NIOCore

/// One keep-alive connection for sequential requests. Blocks.
final class HTTPCaller {
    struct Answer {
        var status: Int
        var body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    private let handle: Int32
    private let host: String
    private var scanner = AnswerScanner()
    private var chunk = [UInt8](repeating: 0, count: 1 << 18)

    init(host: String = "127.0.0.1", port: Int) throws {
        self.host = "\(host):\(port)"
        handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        inet_pton(AF_INET, host, &address.sin_addr)
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(handle, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else {
            close(handle)
            throw BenchFailure("Cannot connect to \(host):\(port).")
        }
    }

    deinit {
        close(handle)
    }

    func call(_ request: HTTPText) throws -> Answer {
        var rest = Array(request.text(host: host).utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(handle, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw BenchFailure("The server at \(host) closed the connection.") }
            rest = rest.dropFirst(count)
        }
        while true {
            if let answer = scanner.next() { return Answer(status: answer.status, body: Array(answer.body)) }
            let count = chunk.withUnsafeMutableBytes { recv(handle, $0.baseAddress, $0.count, 0) }
            guard count > 0 else { throw BenchFailure("The server at \(host) closed the connection.") }
            var bytes = ByteBuffer(bytes: chunk.prefix(count))
            scanner.take(&bytes)
        }
    }

    /// Reads an answer that is streamed in chunks, without keeping it. The connection cannot be used afterwards.
    /// - Returns: its bytes, with those of the chunks' heads.
    func drain(_ request: HTTPText) throws -> Int {
        let text = Array(request.text(host: host).utf8)
        guard text.withUnsafeBytes({ send(handle, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }) == text.count else {
            throw BenchFailure("The server at \(host) closed the connection.")
        }
        let end = Array("\r\n0\r\n\r\n".utf8)
        var (bytes, last, head) = (0, [UInt8](), "")
        repeat {
            let count = chunk.withUnsafeMutableBytes { recv(handle, $0.baseAddress, $0.count, 0) }
            guard count > 0 else { throw BenchFailure("The server at \(host) closed the connection before the end.") }
            if bytes == 0 { head = String(decoding: chunk.prefix(min(count, 400)), as: UTF8.self) }
            bytes += count
            last = Array((last + chunk[max(0, count - end.count)..<count]).suffix(end.count))
            guard head.hasPrefix("HTTP/1.1 200") else { throw BenchFailure("GET \(request.path) was answered: \(head)") }
        } while last != end
        return bytes
    }

    /// - Throws: ``BenchFailure`` for another status.
    func call(_ request: HTTPText, expecting status: Int) throws -> Answer {
        let answer = try call(request)
        guard answer.status == status else {
            throw BenchFailure("\(request.method) \(request.path) was answered with \(answer.status): \(answer.text.prefix(400))")
        }
        return answer
    }
}

/// The complete text of a request.
struct HTTPText: Sendable {
    var method = "GET"
    var path: String
    var headers: [(String, String)] = []
    var body: String?

    func text(host: String) -> String {
        var text = "\(method) \(path) HTTP/1.1\r\nhost: \(host)\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        if let body { text += "content-length: \(body.utf8.count)\r\n" }
        return text + "\r\n" + (body ?? "")
    }
}
