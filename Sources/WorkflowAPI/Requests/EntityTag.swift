import Crypto
public import NIOCore

/// A strong entity tag (RFC 9110, section 8.8.3): equal tags mean equal bytes.
public struct EntityTag: Hashable, Sendable {
    /// With its quotes.
    public let text: String

    public init(of body: ByteBuffer) {
        var hash = SHA256()
        body.withUnsafeReadableBytes { hash.update(bufferPointer: $0) }
        text = "\"\(Base64URL.encode(hash.finalize().prefix(16)))\""
    }

    /// Whether `If-None-Match` names it (weak comparison, RFC 9110, section 13.1.2), so that the answer is a 304.
    public func isNamed(byIfNoneMatch header: String) -> Bool {
        header.split(separator: ",").contains { item in
            var tag = item.drop { $0 == " " || $0 == "\t" }
            while tag.last == " " || tag.last == "\t" { tag.removeLast() }
            if tag == "*" { return true }
            return (tag.hasPrefix("W/") ? tag.dropFirst(2) : tag).utf8.elementsEqual(text.utf8)
        }
    }
}
