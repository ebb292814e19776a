/// Case folding for comparisons: every scalar in lower, then in upper, then in lower case, as the standard library maps them. So
/// `ß`, `ẞ` and `SS` are equal, and so are `K` and the Kelvin sign.
///
/// Most texts have plain scalars only: each is a character of its own, and no other text of plain scalars is equivalent to it. They
/// are compared as numbers, which takes a hundredth of the time that characters take.
enum CaseFolding {
    /// The folded characters of a text. Characters compare by canonical equivalence.
    static func characters(of text: String) -> [Character] {
        var folded = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if let value = plain(scalar), value != twoScalars, let plain = Unicode.Scalar(value) {
                folded.append(plain)
            } else if scalar.properties.changesWhenCaseMapped {
                folded.append(contentsOf: foldedText(of: scalar).unicodeScalars)
            } else {
                folded.append(scalar)
            }
        }
        return Array(String(folded))
    }

    /// The scalars of folded characters; nil when some are not plain.
    static func plainScalars(of characters: [Character]) -> [UInt32]? {
        var scalars: [UInt32] = []
        for character in characters {
            if character.unicodeScalars.count == 1, let scalar = character.unicodeScalars.first, plain(scalar) == scalar.value {
                scalars.append(scalar.value)
            } else if let composed = composed[character] {
                scalars.append(composed)
            } else {
                return nil
            }
        }
        return scalars
    }

    /// Passes the folded scalars of a text to a closure.
    /// - Returns: nil when the text has a scalar that is not plain.
    static func withPlainScalars<Value>(of text: String, _ body: (UnsafeBufferPointer<UInt32>) -> Value) -> Value? {
        // No scalar folds to more scalars than it has bytes.
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: text.utf8.count) { buffer -> Value? in
            var count = 0
            for scalar in text.unicodeScalars {
                guard let value = plain(scalar) else { return nil }
                if value == twoScalars {
                    buffer.initializeElement(at: count, to: smallS)
                    buffer.initializeElement(at: count + 1, to: smallS)
                    count += 2
                } else {
                    buffer.initializeElement(at: count, to: value)
                    count += 1
                }
            }
            return body(UnsafeBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// Whether a text has all ASCII letters and digits of folded characters. Much quicker than a comparison of characters.
    static func mayContain(_ characters: [Character], _ text: String) -> Bool {
        var missing: UInt64 = 0
        for character in characters {
            if let byte = character.asciiValue, byte.isLetterOrDigit { missing |= bit(byte) }
        }
        guard missing != 0 else { return true }
        for scalar in text.unicodeScalars {
            guard let value = plain(scalar) else {
                if scalar.properties.changesWhenCaseMapped {
                    for byte in foldedText(of: scalar).utf8 where byte.isLetterOrDigit { missing &= ~bit(byte) }
                }
                continue
            }
            if value == twoScalars { missing &= ~bit(UInt8(ascii: "s")) }
            if value < 0x80, UInt8(value).isLetterOrDigit { missing &= ~bit(UInt8(value)) }
            if missing == 0 { return true }
        }
        return missing == 0
    }

    static func lowercased(_ byte: UInt8) -> UInt8 {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
    }

    /// Of a folded letter or a digit.
    private static func bit(_ byte: UInt8) -> UInt64 {
        1 << UInt64(byte.isDigit ? byte - UInt8(ascii: "0") : byte - UInt8(ascii: "a") + 10)
    }

    private static func foldedText(of scalar: Unicode.Scalar) -> String {
        scalar.properties.lowercaseMapping.uppercased().lowercased()
    }
}

// MARK: Plain scalars

extension CaseFolding {
    /// The folded value of `ß`, which is `ss`.
    private static let twoScalars = UInt32.max
    private static let smallS = UInt32(UInt8(ascii: "s"))

    /// The folded value of a plain scalar; nil for other scalars.
    private static func plain(_ scalar: Unicode.Scalar) -> UInt32? {
        if scalar.value < 0x80 { return UInt32(lowercased(UInt8(scalar.value))) }
        if scalar.value < UInt32(table.count) {
            let value = table[Int(scalar.value)]
            return value == 0 ? nil : value
        }
        return isPlainWithoutCase(scalar.value) ? scalar.value : nil
    }

    /// Letters and symbols without case, marks and singleton equivalents.
    private static func isPlainWithoutCase(_ value: UInt32) -> Bool {
        switch value {
        // Letters of Hebrew and Arabic; punctuation, currencies, arrows, mathematical and technical symbols.
        case 0x05D0...0x05EA, 0x0621...0x064A, 0x2010...0x2027, 0x2030...0x205E, 0x20A0...0x20BF, 0x2190...0x2328, 0x2500...0x27BF:
            true
        // Japanese, Chinese, Korean.
        case 0x3001...0x3029, 0x3041...0x3096, 0x30A1...0x30FC, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7A3: true
        // Emoji without modifiers and flags.
        case 0x1F300...0x1F3FA, 0x1F400...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF: true
        default: false
        }
    }

    /// The folded values of Latin, Greek, Cyrillic and Armenian scalars; 0 for those that are not plain.
    private static let table: [UInt32] = (UInt32(0)..<0x0590).map { value in
        guard let scalar = Unicode.Scalar(value), !scalar.properties.isGraphemeExtend, !singletons.contains(value) else { return 0 }
        if scalar == "ß" { return twoScalars }
        let folded = Array(foldedText(of: scalar).unicodeScalars)
        return folded.count == 1 && folded[0].value < 0x0590 ? folded[0].value : 0
    }

    /// Scalars that are equivalent to another one: signs of Greek, and marks.
    private static let singletons: Set<UInt32> = [0x0374, 0x037E, 0x0387]

    /// The plain scalars by their characters, which compare by canonical equivalence: for letters whose marks follow them, syllables
    /// that are written letter by letter, and compatibility characters. Some 40,000, made when a text has such a character.
    private static let composed: [Character: UInt32] = {
        var composed: [Character: UInt32] = [:]
        for value in UInt32(0)...0x1FFFF {
            if let scalar = Unicode.Scalar(value), plain(scalar) == value { composed[Character(scalar)] = value }
        }
        return composed
    }()
}
