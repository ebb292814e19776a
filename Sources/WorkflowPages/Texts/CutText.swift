import WorkflowModel

/// Cuts external texts to a readable length and escapes invisible characters.
enum CutText {
    static func text(_ text: String, longest: Int) -> String {
        guard text.utf8.count > longest, text.count > longest else { return text }
        return text.prefix(longest) + "\n… (cut off here)"
    }
}

/// JSON with one member or item per line.
enum PrettyJSON {
    private static let step = 2

    /// - Parameter text: valid JSON. Only whitespace is added: values keep their digits and order.
    static func text(_ text: String) -> String {
        var result: [UInt8] = []
        var depth = 0
        var isInString = false
        var isEscaped = false
        var last = UInt8(ascii: " ")
        func breakLine() {
            result.append(UInt8(ascii: "\n"))
            result.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * step))
        }
        for byte in text.utf8 {
            if isInString {
                result.append(byte)
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                last = byte
                continue
            }
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\t"), UInt8(ascii: "\r"): continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                if last == UInt8(ascii: "{") || last == UInt8(ascii: "[") { breakLine() }
                result.append(byte)
                depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth = max(0, depth - 1)
                if last != UInt8(ascii: "{"), last != UInt8(ascii: "[") { breakLine() }
                result.append(byte)
            case UInt8(ascii: ","):
                result.append(byte)
                breakLine()
            case UInt8(ascii: ":"):
                result += [byte, UInt8(ascii: " ")]
            default:
                if last == UInt8(ascii: "{") || last == UInt8(ascii: "[") { breakLine() }
                result.append(byte)
                if byte == UInt8(ascii: "\"") { isInString = true }
            }
            last = byte
        }
        return String(decoding: result, as: UTF8.self)
    }
}

/// Whole numbers with a comma between thousands.
enum CountText {
    static func text(_ count: Int) -> String {
        var digits = Array(String(count))
        var place = digits.count - 3
        while place > 0, digits[place - 1] != "-" {
            digits.insert(",", at: place)
            place -= 3
        }
        return String(digits)
    }

    static func text(_ count: Int, _ one: String, _ many: String) -> String {
        "\(text(count)) \(count == 1 ? one : many)"
    }

    /// Runs of a list.
    static func text(_ total: RunTotal) -> String {
        switch total {
        case .exactly(let count): text(count, "run", "runs")
        case .moreThan(let count): "more than \(text(count, "run", "runs"))"
        }
    }
}
