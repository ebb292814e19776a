/// Separates code from comments and strings, well enough for rules about words.
///
/// Regular expressions between slashes count as code; interpolations count as strings.
struct SwiftText: Sendable {
    /// The text with blanks in place of comments and strings. Line breaks stay.
    private(set) var code = ""
    /// The text with blanks for everything outside strings.
    private(set) var strings = ""
    /// The text with blanks for everything outside comments and strings, so that a sentence over several lines can be matched.
    private(set) var prose = ""

    private enum Place: Equatable {
        case code
        case lineComment
        case blockComment(depth: Int)
        /// With this number of `#`, on one line or several.
        case string(marks: Int, isLong: Bool)
    }

    private static let quote = UInt8(ascii: "\"")
    private static let slash = UInt8(ascii: "/")
    private static let star = UInt8(ascii: "*")
    private static let backslash = UInt8(ascii: "\\")
    private static let mark = UInt8(ascii: "#")
    private static let newline = UInt8(ascii: "\n")
    private static let blank = UInt8(ascii: " ")

    init(_ text: String) {
        let bytes = Array(text.utf8)
        var code = bytes
        var strings = [UInt8](repeating: Self.blank, count: bytes.count)
        bytes.withUnsafeBufferPointer { Self.separate($0, &code, &strings) }
        self.code = String(decoding: code, as: UTF8.self)
        self.strings = String(decoding: strings, as: UTF8.self)
        prose = String(decoding: Self.prose(bytes, code: code, strings: strings), as: UTF8.self)
    }

    /// A byte that is neither code nor in a string belongs to a comment; its slashes and stars are not words.
    private static func prose(_ bytes: [UInt8], code: [UInt8], strings: [UInt8]) -> [UInt8] {
        bytes.indices.map { index in
            if bytes[index] == newline || strings[index] != blank { return bytes[index] }
            let isComment = code[index] == blank && bytes[index] != slash && bytes[index] != star
            return isComment ? bytes[index] : blank
        }
    }

    private static func separate(_ bytes: UnsafeBufferPointer<UInt8>, _ code: inout [UInt8], _ strings: inout [UInt8]) {
        func at(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }
        var place = Place.code
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            var width = 1
            if byte == newline {
                strings[index] = newline
                if place == .lineComment { place = .code }
                // A string of one line ends with the line, even if its beginning was not recognized correctly.
                if case .string(_, isLong: false) = place { place = .code }
                index += 1
                continue
            }
            switch place {
            case .code:
                if byte == slash, at(index + 1) == slash {
                    place = .lineComment
                    code[index] = blank
                } else if byte == slash, at(index + 1) == star {
                    place = .blockComment(depth: 1)
                    width = 2
                    for hidden in index..<index + 2 { code[hidden] = blank }
                } else if byte == quote {
                    var marks = 0
                    while index - marks > 0, bytes[index - marks - 1] == mark { marks += 1 }
                    let isLong = at(index + 1) == quote && at(index + 2) == quote
                    place = .string(marks: marks, isLong: isLong)
                    width = isLong ? 3 : 1
                }
            case .lineComment: code[index] = blank
            case .blockComment(let depth):
                code[index] = blank
                if byte == star, at(index + 1) == slash {
                    place = depth == 1 ? .code : .blockComment(depth: depth - 1)
                    width = 2
                } else if byte == slash, at(index + 1) == star {
                    place = .blockComment(depth: depth + 1)
                    width = 2
                }
                if width == 2 { code[index + 1] = blank }
            case .string(let marks, let isLong):
                let quotes = isLong ? 3 : 1
                let closes =
                    (0..<quotes).allSatisfy { at(index + $0) == quote }
                    && (0..<marks).allSatisfy { at(index + quotes + $0) == mark }
                if closes {
                    place = .code
                    width = quotes + marks
                } else {
                    if byte == backslash, marks == 0, index + 1 < bytes.count, bytes[index + 1] != newline { width = 2 }
                    for hidden in index..<index + width {
                        code[hidden] = blank
                        strings[hidden] = bytes[hidden]
                    }
                }
            }
            index += width
        }
    }
}
