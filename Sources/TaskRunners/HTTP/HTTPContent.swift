import Foundation
import WorkflowModel

/// The body of a response, decoded according to its headers.
enum HTTPContent: Hashable, Sendable {
    /// JSON text, unchanged.
    case json(String)
    case text(String)
    /// Not text in a supported charset, or encoded with an unsupported content coding.
    case bytes([UInt8])

    /// The headers that describe a body.
    struct Description: Sendable {
        var type: String?
        /// The codings of `Content-Encoding`, in lower case, in the order of their application.
        var codings: [String] = []

        /// The value of the parameter `charset`; nil when it is missing.
        var charset: String? {
            for parameter in (type ?? "").split(separator: ";").dropFirst() {
                let parts = parameter.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
                if parts.count == 2, parts[0].lowercased() == "charset" {
                    return parts[1].trimmingCharacters(in: CharacterSet(charactersIn: "\"'"))
                }
            }
            return nil
        }

        var isJSON: Bool { type?.lowercased().contains("json") == true }
        fileprivate var isText: Bool {
            guard let type = type?.lowercased() else { return false }
            return type.hasPrefix("text/") || isJSON || type.contains("xml")
        }
    }

    /// - Parameters:
    ///  - bytes: decompressed.
    ///  - isCut: whether the body is longer.
    ///  - mask: masks secrets in the text, whatever its charset. JSON stays JSON.
    init(_ bytes: [UInt8], _ description: Description, isCut: Bool, _ mask: SecretMask = .none) {
        guard let text = Self.text(bytes, description, isCut: isCut) else {
            self = .bytes(mask.masked(bytes, isCut: isCut))
            return
        }
        if description.isJSON, !isCut, JSONValue(json: text.utf8) != nil {
            self = .json(mask.masked(JSONText(validated: text)).text)
        } else {
            self = .text(mask.masked(text, isCut: isCut))
        }
    }

    private static func text(_ bytes: [UInt8], _ description: Description, isCut: Bool) -> String? {
        if let label = description.charset { return TextCharset(label: label)?.text(of: bytes, isCut: isCut) }
        if let text = TextCharset.utf8.text(of: bytes, isCut: isCut) { return text }
        let hasMark = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
        return description.isText && hasMark ? TextCharset.utf16.text(of: bytes, isCut: isCut) : nil
    }

    /// The value of `body` in a task's output; base64 unless the body is text.
    var outputText: String {
        switch self {
        case .json(let text): text
        case .text(let text): JSONValue.string(text).text
        case .bytes(let bytes): "\"\(Data(bytes).base64EncodedString())\""
        }
    }
}

extension HTTPContent {
    /// Whether its form in the output is short enough. Escapes and base64 are longer than the body. JSON stays as it is, and so does a
    /// text without escapes between its quotes.
    var fits: Bool { outputText.utf8.count <= HTTPLimits.replyKept + 2 }

    /// The longest beginning that ``fits``, up to some bytes.
    func fitting(_ bytes: [UInt8], _ description: Description) -> (HTTPContent, [UInt8]) {
        func beginning(_ count: Int) -> HTTPContent {
            let bytes = Array(bytes.prefix(count))
            if case .bytes = self { return .bytes(bytes) }
            return HTTPContent(bytes, description, isCut: true)
        }
        var (shortest, longest) = (0, bytes.count)
        while longest - shortest > 1_024 {
            let middle = (shortest + longest) / 2
            if beginning(middle).fits { shortest = middle } else { longest = middle }
        }
        return (beginning(shortest), Array(bytes.prefix(shortest)))
    }
}
