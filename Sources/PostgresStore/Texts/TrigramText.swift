import StoreCore
import WorkflowModel

/// Indexed texts as the indexes of `pg_trgm` have them.
///
/// That extension takes trigrams of letters and digits alone, and the locale of the database decides which these are. So the scalars
/// `a` to `z` and `0` to `9` stand for themselves, and each other scalar is written in capitals: one of `A` to `J` that begins it and
/// tells its length, and hexadecimal digits from `K` to `Z`. A written word occurs in a written text exactly where the word occurs in
/// the text, and a pattern of LIKE with it needs no escapes.
enum TrigramText {
    /// The texts of a run in their index. A blank ends the number of the tenant, and each text but the last.
    static func form(of text: RunText, in tenant: Int) -> String {
        ([String(tenant)] + text.texts.map { written(IndexedText.form(of: $0)) }).joined(separator: " ")
    }

    static func form(of id: RunID) -> String { written(IndexedText.form(of: id)) }

    /// A pattern of LIKE for the texts of a tenant with a word.
    /// - Parameter word: see ``SearchWord/indexed``.
    static func pattern(ofTextsWith word: String, in tenant: Int) -> String { "\(tenant) %\(written(word))%" }

    /// A pattern of LIKE for ids.
    /// - Parameter part: see ``SearchWord/partsOfIDs``.
    static func pattern(ofIDsWith part: String) -> String { "%\(written(part))%" }

    private static func written(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count * 2)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "a"..."z", "0"..."9": bytes.append(UInt8(truncatingIfNeeded: scalar.value))
            case "\0"..<"\u{80}":
                bytes.append(UInt8(ascii: "A") + UInt8(truncatingIfNeeded: scalar.value >> 4))
                append(scalar.value, digits: 1, to: &bytes)
            case "\u{80}"..."\u{FFFF}":
                bytes.append(UInt8(ascii: "I"))
                append(scalar.value, digits: 4, to: &bytes)
            default:
                bytes.append(UInt8(ascii: "J"))
                append(scalar.value, digits: 6, to: &bytes)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the last hexadecimal digits of a number.
    private static func append(_ value: UInt32, digits: UInt32, to bytes: inout [UInt8]) {
        for place in (0..<digits).reversed() {
            bytes.append(UInt8(ascii: "K") + UInt8(truncatingIfNeeded: value >> (4 * place) & 15))
        }
    }
}
