import Crypto
package import WorkflowModel

/// The texts of a run that words are looked for in, without its id: those of thousands of runs are the same.
package struct RunText: Sendable {
    package var name: String
    package var configuration: String?
    /// Of the error.
    package var message: String?
    /// The values of its parameters.
    package var values: [String]

    package init(
        name: String, configuration: String? = nil, message: String? = nil, parameters: RunParameters = RunParameters()
    ) {
        (self.name, self.configuration, self.message) = (name, configuration, message)
        values = parameters.searchedTexts
    }

    /// In their order; nil for one that the run does not have.
    private var places: [String?] { [name, configuration, message] + values }

    /// Those that it has.
    package var texts: [String] { places.compactMap(\.self) }

    /// Two texts have the same fingerprint only if they are equal: a SHA-256 hash in hexadecimal digits.
    package var fingerprint: String {
        var hash = SHA256()
        for text in places {
            // Lengths separate the texts, and -1 is that of none.
            withUnsafeBytes(of: Int64(text?.utf8.count ?? -1).littleEndian) { hash.update(bufferPointer: $0) }
            if var text { text.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) } }
        }
        let digest = hash.finalize()
        // Every run that is filed has one: characters that are mapped and joined took a quarter of the time of filing.
        return String(unsafeUninitializedCapacity: 2 * SHA256.byteCount) { digits in
            for (place, byte) in digest.enumerated() {
                digits[2 * place] = Self.digits[Int(byte >> 4)]
                digits[2 * place + 1] = Self.digits[Int(byte & 15)]
            }
            return 2 * SHA256.byteCount
        }
    }

    private static let digits = Array("0123456789abcdef".utf8)

    /// The form of it in an index of trigrams.
    package var indexed: String {
        texts.map { IndexedText.form(of: $0) }.joined(separator: "\n")
    }

    package func has(_ word: SearchWord) -> Bool {
        texts.contains { word.occurs(in: $0) }
    }
}
