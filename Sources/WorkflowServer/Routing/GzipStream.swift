import CZlib
import NIOCore

/// A stream of bytes that zlib compresses in the format of gzip.
final class GzipStream {
    struct Failure: Error {}

    /// Half of the best compression's time, for nearly its size: pages are made for each request.
    private static let level: CInt = 4
    private static let chunk = 16_384

    private var stream = z_stream()
    private let isReady: Bool

    init() {
        // 16 selects the gzip format in zlib, 8 is its default use of memory.
        isReady =
            deflateInit2_(
                &stream, Self.level, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY, zlibVersion(),
                CInt(MemoryLayout<z_stream>.size)) == Z_OK
    }

    deinit {
        if isReady { deflateEnd(&stream) }
    }

    /// - Returns: as many bytes as zlib has ready.
    /// - Throws: ``Failure`` when no memory is left.
    func compress(_ input: ByteBuffer) throws -> ByteBuffer {
        try compress(input, Z_NO_FLUSH)
    }

    /// - Returns: all that is left, with the end of the stream.
    /// - Throws: ``Failure`` when no memory is left.
    func end() throws -> ByteBuffer {
        try compress(ByteBuffer(), Z_FINISH)
    }

    private func compress(_ input: ByteBuffer, _ flush: CInt) throws -> ByteBuffer {
        guard isReady else { throw Failure() }
        var (input, output) = (input, ByteBuffer())
        try input.withUnsafeMutableReadableBytes { bytes in
            stream.next_in = bytes.bindMemory(to: UInt8.self).baseAddress
            stream.avail_in = UInt32(bytes.count)
            repeat {
                try output.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.chunk) { room in
                    stream.next_out = room.bindMemory(to: UInt8.self).baseAddress
                    stream.avail_out = UInt32(room.count)
                    let status = deflate(&stream, flush)
                    // Nothing to do is no failure.
                    guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else { throw Failure() }
                    return room.count - Int(stream.avail_out)
                }
            } while stream.avail_out == 0
        }
        return output
    }
}
