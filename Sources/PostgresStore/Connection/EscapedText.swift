/// Texts as PostgreSQL keeps them. Its texts hold every character but NUL, and a text that a client sends may hold that too.
///
/// U+0000 is kept as U+0001 and `0`, and U+0001 as U+0001 and `1`. Texts compare as they did before.
enum EscapedText {
    private static let mark: UInt8 = 1

    static func append(_ text: String, to bytes: inout [UInt8]) {
        var text = text
        text.withUTF8 { characters in
            guard characters.contains(where: { $0 <= mark }) else {
                bytes.append(contentsOf: characters)
                return
            }
            for character in characters {
                if character <= mark {
                    bytes.append(mark)
                    bytes.append(UInt8(ascii: "0") + character)
                } else {
                    bytes.append(character)
                }
            }
        }
    }

    static func text(_ bytes: UnsafeRawBufferPointer) -> String {
        guard bytes.contains(mark) else { return String(decoding: bytes, as: UTF8.self) }
        var characters: [UInt8] = []
        characters.reserveCapacity(bytes.count)
        var isMarked = false
        for byte in bytes {
            if isMarked {
                characters.append(byte == UInt8(ascii: "0") ? 0 : mark)
                isMarked = false
            } else if byte == mark {
                isMarked = true
            } else {
                characters.append(byte)
            }
        }
        return String(decoding: characters, as: UTF8.self)
    }
}
