/// The severity that a line of a log names, by the words that loggers print.
public enum LogLevel: String, CaseIterable, Sendable {
    /// Errors only.
    case error
    /// Warnings and errors.
    case warning

    /// Bytes of a line in which its level is looked for.
    private static let searched = 160
    private static let errors = [
        "error", "fatal", "critical", "severe", "panic", "traceback", "err", "exception",
    ]
    private static let warnings = ["warning", "warn"]
    private static let names = ["level", "lvl", "severity", "loglevel"]

    /// The places of the level's word in each line that has this level or a worse one, in the UTF-8 of the text.
    func places(in text: [UInt8]) -> [Range<Int>] {
        var places: [Range<Int>] = []
        var begin = 0
        while begin < text.count {
            let end = text[begin...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
            if let place = place(in: text, begin..<min(end, begin + Self.searched)) {
                places.append(place)
            }
            begin = end + 1
        }
        return places
    }

    /// A word names the level in capitals (`ERROR`), at the begin of the line (`error:`), or as a member (`level=error`).
    private func place(in text: [UInt8], _ line: Range<Int>) -> Range<Int>? {
        var before = ""
        var index = line.lowerBound
        while index < line.upperBound {
            guard Self.isLetter(text[index]) else {
                index += 1
                continue
            }
            let end = text[index..<line.upperBound].firstIndex { !Self.isLetter($0) } ?? line.upperBound
            defer { index = end }
            let word = String(decoding: text[index..<end], as: UTF8.self)
            let name = word.lowercased()
            let isCapital = word == word.uppercased()
            let beginsLine =
                index == line.lowerBound && end < line.upperBound
                && [UInt8(ascii: ":"), UInt8(ascii: " ")].contains(text[end])
            if isCapital || Self.names.contains(before)
                || beginsLine && (text[end] == UInt8(ascii: ":") || name == "traceback"),
                Self.errors.contains(name) || self == .warning && Self.warnings.contains(name)
            {
                return index..<end
            }
            before = name
        }
        return nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
