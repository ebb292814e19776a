// Swift finds texts by characters: `${` is not found in `${` with an accent behind it. Programs and parsers read bytes.
extension String {
    /// Whether the bytes occur in the text.
    func hasBytes(_ mark: StaticString) -> Bool {
        mark.withUTF8Buffer { mark in
            let bytes = Array(utf8)
            guard bytes.count >= mark.count else { return false }
            return (0...(bytes.count - mark.count)).contains { bytes[$0...].starts(with: mark) }
        }
    }

    /// The text with each occurrence of some bytes replaced, from the beginning to the end.
    func replacingBytes(_ mark: StaticString, with other: StaticString) -> String {
        mark.withUTF8Buffer { mark in
            let bytes = Array(utf8)
            var result: [UInt8] = []
            var place = 0
            while place < bytes.count {
                if bytes[place...].starts(with: mark) {
                    other.withUTF8Buffer { result += $0 }
                    place += mark.count
                } else {
                    result.append(bytes[place])
                    place += 1
                }
            }
            return String(decoding: result, as: UTF8.self)
        }
    }
}
