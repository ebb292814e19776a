extension String {
    /// How much of what a client sent is repeated in a message, in characters.
    private static var longestEcho: Int { 64 }

    /// What a client sent, fit to be repeated in a message: not too long, and without control characters.
    var shortened: String {
        let printable = prefix(Self.longestEcho).unicodeScalars.map { scalar in
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? Unicode.Scalar(0xFFFD) ?? scalar : scalar
        }
        var text = String(String.UnicodeScalarView(printable))
        if utf8.count > text.utf8.count, count > Self.longestEcho { text += "…" }
        return text
    }

    var quoted: String { "\"\(shortened)\"" }
}
