/// A table of text: a header in capitals, columns as wide as they have to be, two spaces between them.
struct TextTable {
    enum Alignment {
        case left
        case right
    }

    struct Column {
        var title: String
        var alignment = Alignment.left
        /// Whether it gives way when a line is too long for the terminal.
        var isFlexible = false
    }

    private static let gap = 2
    /// A flexible column keeps so much.
    private static let narrowest = 8

    var columns: [Column]
    var rows: [[String]]
    /// The width of the terminal; nil for as wide as it takes.
    var width: Int?

    init(_ columns: [Column], rows: [[String]], width: Int? = nil) {
        self.columns = columns
        self.rows = rows.map { $0.map(HumanText.printable) }
        self.width = width
    }

    /// The lines, without spaces at their ends.
    func lines(withHeader: Bool = true) -> [String] {
        let widths = self.widths
        var lines: [String] = []
        if withHeader { lines.append(line(columns.map { $0.title.uppercased() }, widths)) }
        for row in rows { lines.append(line(row, widths)) }
        return lines
    }

    func text(withHeader: Bool = true) -> String {
        lines(withHeader: withHeader).joined(separator: "\n")
    }

    private var widths: [Int] {
        var widths = columns.map(\.title.count)
        for row in rows {
            for (index, cell) in row.enumerated() { widths[index] = max(widths[index], cell.count) }
        }
        guard let width else { return widths }
        var excess = widths.reduce(0, +) + Self.gap * (widths.count - 1) - width
        for index in columns.indices.reversed() where excess > 0 && columns[index].isFlexible {
            let given = min(excess, max(0, widths[index] - max(Self.narrowest, columns[index].title.count)))
            widths[index] -= given
            excess -= given
        }
        return widths
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (index, cell) in cells.enumerated() {
            if index > 0 { line += String(repeating: " ", count: Self.gap) }
            let fitting = cell.count <= widths[index] ? cell : cell.prefix(widths[index] - 1) + "…"
            let padding = String(repeating: " ", count: widths[index] - fitting.count)
            line += columns[index].alignment == .left ? fitting + padding : padding + fitting
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}

extension TextTable {
    /// Names and values below each other, the names as wide as the longest one.
    static func facts(_ facts: [(name: String, value: String)]) -> String {
        let width = facts.map(\.name.count).max() ?? 0
        return facts.map { fact in
            let padding = String(repeating: " ", count: width - fact.name.count + Self.gap)
            return fact.name + padding + HumanText.printable(fact.value)
        }.joined(separator: "\n")
    }
}
