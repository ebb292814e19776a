import NIOCore

/// Finds the ends of HTTP responses in a byte stream. Supports only HTTP/1.1 with Content-Length, as the service sends, so that the
/// load generator uses little CPU.
struct AnswerScanner {
    struct Answer {
        var status: Int
        var body: ByteBufferView
    }

    private var buffer = ByteBuffer()

    mutating func take(_ bytes: inout ByteBuffer) {
        if buffer.readableBytes == 0 {
            buffer = bytes
        } else {
            buffer.writeBuffer(&bytes)
        }
    }

    /// - Returns: nil while the next response is incomplete.
    mutating func next() -> Answer? {
        let view = buffer.readableBytesView
        guard let (status, headLength, bodyLength) = view.withUnsafeBytes(Self.head(of:)), view.count >= headLength + bodyLength
        else {
            return nil
        }
        let start = view.startIndex + headLength
        let body = view[start..<start + bodyLength]
        buffer.moveReaderIndex(forwardBy: headLength + bodyLength)
        if buffer.readableBytes == 0 { buffer = ByteBuffer() }
        return Answer(status: status, body: body)
    }

    private static let lengthName = Array("content-length:".utf8)

    /// The status, and the lengths of head and body.
    private static func head(of bytes: UnsafeRawBufferPointer) -> (Int, Int, Int)? {
        guard bytes.count > 16 else { return nil }
        let status = (9..<12).reduce(0) { $0 * 10 + Int(bytes[$1]) - 48 }
        var length = 0
        var lineStart = 0
        var index = 0
        while index + 1 < bytes.count {
            guard bytes[index] == 13, bytes[index + 1] == 10 else {
                index += 1
                continue
            }
            if index == lineStart { return (status, index + 2, length) }
            if let value = value(of: lengthName, in: UnsafeRawBufferPointer(rebasing: bytes[lineStart..<index])) { length = value }
            index += 2
            lineStart = index
        }
        return nil
    }

    private static func value(of name: [UInt8], in line: UnsafeRawBufferPointer) -> Int? {
        guard line.count > name.count, zip(line, name).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) else { return nil }
        return line.dropFirst(name.count).reduce(0) { (48...57).contains($1) ? $0 * 10 + Int($1) - 48 : $0 }
    }
}
