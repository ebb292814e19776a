/// The number of terminal cells of a text.
///
/// The rule is that of wcwidth: East Asian wide characters take two cells, combining and invisible ones none, all others one. The
/// C library's wcwidth is not used, because its result depends on the locale of the process. An emoji sequence counts as one emoji.
extension Character {
    var displayWidth: Int {
        if let ascii = asciiValue { return ascii < 0x20 || ascii == 0x7F ? 0 : 1 }
        return isEmojiSequence ? 2 : unicodeScalars.reduce(0) { $0 + $1.displayWidth }
    }

    /// Whether several scalars form one emoji: with a joiner, a selector, a skin tone or a pair of flag letters.
    private var isEmojiSequence: Bool {
        let scalars = unicodeScalars
        guard let first = scalars.first, first.properties.isEmoji, scalars.dropFirst().first != nil else { return false }
        return scalars.dropFirst().contains { scalar in
            switch scalar.value {
            case 0x200D, 0xFE0F, 0x1F3FB...0x1F3FF, 0x1F1E6...0x1F1FF, 0xE0020...0xE007F: true
            default: false
            }
        }
    }
}

extension Unicode.Scalar {
    fileprivate var displayWidth: Int {
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .control, .lineSeparator, .paragraphSeparator: return 0
        case .format: return value == 0xAD ? 1 : 0
        default: break
        }
        // Hangul vowels and final consonants are drawn into the block of the preceding consonant.
        if (0x1160...0x11FF).contains(value) || (0xD7B0...0xD7FF).contains(value) { return 0 }
        return properties.isEmojiPresentation || Self.wide.contains { $0.contains(value) } ? 2 : 1
    }

    /// The ranges of East Asian Width W and F (Unicode Standard Annex 11), without emoji, which have a property of their own.
    /// Unassigned scalars within a range count as wide.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x3247, 0x3250...0x4DBF, 0x4E00...0xA4C6, 0xA960...0xA97C,
        0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6B, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x1B2FB,
        0x1F200...0x1F265, 0x20000...0x3FFFD,
    ]
}

extension StringProtocol {
    var displayWidth: Int {
        reduce(0) { $0 + $1.displayWidth }
    }

    /// The text if it fits into this many cells; otherwise its beginning and `…`.
    func cut(toDisplayWidth width: Int) -> String {
        var used = 0
        var end = startIndex
        for index in indices {
            used += self[index].displayWidth
            if used > width { return width < 1 ? "" : self[..<end] + "…" }
            // One cell is reserved for the ellipsis.
            if used < width { end = self.index(after: index) }
        }
        return String(self)
    }

    /// The text with spaces, up to this many cells.
    func padded(toDisplayWidth width: Int, onTheLeft: Bool = false) -> String {
        let spaces = String(repeating: " ", count: Swift.max(0, width - displayWidth))
        return onTheLeft ? spaces + self : self + spaces
    }
}
