/// The texts that the bytes of a secret can leave in base64 (RFC 4648, section 4), wherever they stand among other bytes.
enum Base64Forms {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// For each place in a group of three bytes: the characters that depend on the secret alone, and how a text goes on that ends with it.
    static func patterns(of secret: [UInt8]) -> [[UInt8]] {
        (0..<3).flatMap { lead in
            var characters = characters(of: [UInt8](repeating: 0, count: lead) + secret)
            // These depend on the bytes before the secret, too.
            characters.removeFirst([0, 2, 3][lead])
            let bits = (lead + secret.count) * 8 % 6
            guard bits > 0 else { return [characters] }
            let padding = [UInt8](repeating: UInt8(ascii: "="), count: bits == 4 ? 1 : 2)
            return [Array(characters.dropLast()), characters, characters + padding]
        }
    }

    /// Without padding. Missing bits are 0.
    private static func characters(of bytes: [UInt8]) -> [UInt8] {
        var characters: [UInt8] = []
        characters.reserveCapacity(bytes.count * 4 / 3 + 2)
        var (buffer, bits) = (0, 0)
        for byte in bytes {
            buffer = (buffer << 8 | Int(byte)) & 0xFFFF
            bits += 8
            while bits >= 6 {
                bits -= 6
                characters.append(alphabet[buffer >> bits & 63])
            }
        }
        if bits > 0 { characters.append(alphabet[buffer << (6 - bits) & 63]) }
        return characters
    }
}
