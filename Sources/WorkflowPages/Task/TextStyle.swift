/// How a terminal would show text: what of ECMA-48's "select graphic rendition" pages show too.
public struct TextStyle: Hashable, Sendable {
    /// Bold, dim, italic and underlined, by their codes 1 to 4.
    private var marks: Set<Int> = []
    /// 30 to 37 and 90 to 97; nil for the page's own.
    private var foreground: Int?
    /// 40 to 47 and 100 to 107; nil for the page's own.
    private var background: Int?

    public init() {}

    var isPlain: Bool { marks.isEmpty && foreground == nil && background == nil }

    /// The classes that show it.
    var classes: String {
        let codes: [Int?] = marks.sorted() + [foreground, background]
        return codes.compactMap { code in code.map { "a\($0)" } }.joined(separator: " ")
    }

    /// - Parameter codes: the numbers of one sequence; none means 0.
    mutating func apply(_ codes: [Int]) {
        var rest = (codes.isEmpty ? [0] : codes)[...]
        while let code = rest.popFirst() {
            switch code {
            case 0: self = TextStyle()
            case 1...4: marks.insert(code)
            case 22: marks.subtract([1, 2])
            case 23: marks.remove(3)
            case 24: marks.remove(4)
            case 30...37, 90...97: foreground = code
            case 39: foreground = nil
            case 40...47, 100...107: background = code
            case 49: background = nil
            // Colours out of many: their numbers are no codes, and the page's own colour stands for all of them.
            case 38, 48: rest = rest.dropFirst(rest.first == 2 ? 4 : rest.first == 5 ? 2 : 0)
            default: break
            }
        }
    }

    /// For a place in a log; the same style has the same text.
    var text: String {
        let codes: [Int?] = marks.sorted() + [foreground, background]
        return codes.compactMap { code in code.map(String.init) }.joined(separator: "-")
    }

    init(text: some StringProtocol) {
        apply(text.split(separator: "-").compactMap { Int($0) } + (text.isEmpty ? [0] : []))
    }
}
