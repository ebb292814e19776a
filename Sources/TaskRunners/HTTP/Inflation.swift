import CZlib

/// Decompresses `gzip` and `deflate` bodies (RFC 9110, section 8.4.1).
enum Inflation {
    enum Form: Sendable {
        case gzip
        /// With the header of zlib's format or, as some servers send it, without.
        case deflate
    }

    /// Why a body cannot be decompressed, as a phrase about it.
    struct Failure: Error, Hashable {
        var message: String
    }

    /// - Parameters:
    ///  - limit: the largest number of decompressed bytes.
    ///  - isInputCut: whether the input continues beyond the bytes that were read.
    /// - Returns: the beginning of the decompressed body, and whether it is longer.
    static func bytes(
        _ input: [UInt8], _ form: Form, limit: Int, isInputCut: Bool
    ) throws(Failure) -> (bytes: [UInt8], isCut: Bool) {
        switch form {
        // 16 selects the gzip format in zlib.
        case .gzip: return try bytes(input, windowBits: 16 + MAX_WBITS, limit: limit, isInputCut: isInputCut)
        case .deflate:
            let isRaw = input.count < 2 || input[0] & 0x0F != 8 || (Int(input[0]) << 8 | Int(input[1])) % 31 != 0
            return try bytes(input, windowBits: isRaw ? -MAX_WBITS : MAX_WBITS, limit: limit, isInputCut: isInputCut)
        }
    }

    private static func bytes(
        _ input: [UInt8], windowBits: CInt, limit: Int, isInputCut: Bool
    ) throws(Failure) -> (bytes: [UInt8], isCut: Bool) {
        var stream = z_stream()
        guard inflateInit2_(&stream, windowBits, zlibVersion(), CInt(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw Failure(message: "no memory is left to decompress it")
        }
        defer { inflateEnd(&stream) }
        var source = input
        var status = Z_OK
        // One byte more than the limit shows whether the body is longer.
        let bytes = source.withUnsafeMutableBufferPointer { source in
            [UInt8](unsafeUninitializedCapacity: limit + 1) { target, count in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(limit + 1)
                while status == Z_OK, stream.avail_out > 0 {
                    status = inflate(&stream, Z_NO_FLUSH)
                    // A gzip file may have several members.
                    if status == Z_STREAM_END, windowBits > MAX_WBITS, stream.avail_in > 1, stream.next_in[0] == 0x1F,
                        stream.next_in[1] == 0x8B
                    {
                        status = inflateReset(&stream)
                    }
                }
                count = limit + 1 - Int(stream.avail_out)
            }
        }
        if bytes.count > limit { return (Array(bytes.prefix(limit)), true) }
        switch status {
        case Z_STREAM_END: return (bytes, false)
        case Z_OK, Z_BUF_ERROR:
            guard isInputCut else { throw Failure(message: "it is incomplete") }
            return (bytes, true)
        default: throw Failure(message: "it is corrupt")
        }
    }
}
