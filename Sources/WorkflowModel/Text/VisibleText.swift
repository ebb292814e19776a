/// Invisible characters that can make a text look like another one: controls, direction marks, zero-width spaces.
///
/// Some scalars without a shape are part of a script or an emoji. They count as visible where they have an effect: a variation
/// selector after a base, a joiner between emoji or after a letter that it joins, tags after a flag.
extension StringProtocol {
    /// The text with each invisible scalar escaped, as `\n` or `<U+202E>`.
    ///
    /// - Parameter limit: scalars at most; `…` replaces the rest.
    public func visible(upTo limit: Int = .max) -> String {
        if utf8.count <= limit, utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return String(self) }
        var shown = String.UnicodeScalarView()
        var count = 0
        for (scalar, isInvisible) in scalarsWithVisibility() {
            guard count < limit else { return String(shown) + "…" }
            count += 1
            if isInvisible { shown.append(contentsOf: scalar.shownEscaped.unicodeScalars) } else { shown.append(scalar) }
        }
        return String(shown)
    }

    /// The first invisible scalar; nil when all are visible.
    public var firstInvisible: Unicode.Scalar? {
        scalarsWithVisibility().first { $0.isInvisible }?.scalar
    }

    /// Whether the text contains anything visible: a letter, a digit, a symbol.
    public var hasSomethingVisible: Bool {
        zip(unicodeScalars, scalarsWithVisibility()).contains { scalar, visibility in
            !visibility.isInvisible && scalar.hasShape
        }
    }

    private func scalarsWithVisibility() -> some Sequence<(scalar: Unicode.Scalar, isInvisible: Bool)> {
        var before: Unicode.Scalar?
        var base: Unicode.Scalar?
        var rest = unicodeScalars[...]
        return AnyIterator {
            guard let scalar = rest.popFirst() else { return nil }
            let isInvisible = scalar.isInvisible(after: before, base: base, next: rest.first)
            before = scalar
            if !scalar.isVariationSelector, !scalar.properties.isEmojiModifier { base = scalar }
            return (scalar, isInvisible)
        }
    }
}

extension Unicode.Scalar {
    /// `U+202E`
    public var codePoint: String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    fileprivate var shownEscaped: String {
        switch self {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        default: "<\(codePoint)>"
        }
    }

    /// - Parameters:
    ///   - before: the scalar right before it.
    ///   - base: the last scalar before it that is neither a variation selector nor a skin tone.
    fileprivate func isInvisible(after before: Unicode.Scalar?, base: Unicode.Scalar?, next: Unicode.Scalar?) -> Bool {
        guard value > 0x7E else { return value < 0x20 }
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: return true
        case .format where !properties.isDefaultIgnorableCodePoint:
            // Signs of Arabic, Syriac and Kaithi that enclose digits are visible; annotations and hieroglyph joiners are not.
            return (0xFFF9...0xFFFB).contains(value) || (0x13430...0x1343F).contains(value)
        default: break
        }
        guard properties.isDefaultIgnorableCodePoint else { return false }
        guard let before, let base else { return true }
        switch value {
        case 0xFE00...0xFE0F, 0xE0100...0xE01EF: return !before.hasShape
        case 0x180B...0x180F: return !before.isMongolian
        case 0x200C: return !before.isVirama && !(before.isJoinable && next?.isJoinable == true)
        case 0x200D:
            let joinsEmoji = base.isPictograph && next?.isPictograph == true
            return !joinsEmoji && !before.isVirama && !before.isCursive
        case 0xE0020...0xE007F: return before.value != 0x1F3F4 && !(0xE0020...0xE007E).contains(before.value)
        default: return true
        }
    }

    /// Whether it has a shape of its own: not a space, a combining mark or a filler.
    fileprivate var hasShape: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .nonspacingMark, .enclosingMark, .spacingMark:
            false
        default: !properties.isDefaultIgnorableCodePoint && value != 0x2800
        }
    }

    fileprivate var isVariationSelector: Bool {
        (0xFE00...0xFE0F).contains(value) || (0xE0100...0xE01EF).contains(value)
    }

    private var isPictograph: Bool { properties.isEmoji && value > 0xFF }
    /// Whether it removes the inherent vowel of a consonant, so that a joiner after it selects the form of the next one.
    private var isVirama: Bool { properties.canonicalCombiningClass.rawValue == 9 }
    private var isMongolian: Bool { (0x1800...0x18AF).contains(value) }

    /// A letter or mark of a script that joins its letters: Arabic and related scripts, and those of India and beyond.
    private var isJoinable: Bool {
        guard value >= 0x600 else { return false }
        switch properties.generalCategory {
        case .otherLetter, .modifierLetter, .nonspacingMark, .spacingMark: return true
        default: return false
        }
    }

    /// A letter with a special form before another letter.
    private var isCursive: Bool {
        switch value {
        case 0x600...0x8FF, 0x1807...0x18AA, 0xFB50...0xFDFF, 0xFE70...0xFEFC, 0x10AC0...0x10AFF, 0x1E900...0x1E943: isJoinable
        default: false
        }
    }
}
