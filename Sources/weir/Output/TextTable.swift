/// A text table: a header in capitals, columns as wide as their contents, two spaces between them.
///
/// If it is wider than the terminal, flexible columns shrink first, the widest before the others. Then the least important columns
/// are omitted. `--json`, files and pipes get all columns.
struct TextTable {
    enum Alignment {
        case left
        case right
    }

    /// How a cell is fitted into a narrower column.
    enum Fit {
        /// The column is as wide as its widest cell.
        case whole
        /// It ends with `…`.
        case shortened
        /// It continues in the lines below.
        case wrapped
    }

    struct Column {
        var title: String
        var alignment = Alignment.left
        var fit = Fit.whole
        /// The order in which columns are omitted from a wide table, greatest number first. nil for a column that stays.
        var leaves: Int?

        /// The least width to which it shrinks.
        fileprivate var narrowest: Int {
            switch fit {
            case .whole: .max
            case .shortened: max(12, title.displayWidth)
            case .wrapped: max(16, title.displayWidth)
            }
        }
    }

    private static let gap = 2
    private static let leastWidth = 4

    var columns: [Column]
    var rows: [[String]]
    /// A line below a row, by the row's place. It ends with `…` where it is too long.
    var notes: [Int: String] = [:]
    /// The width of the terminal; nil for no limit.
    var width: Int?

    init(_ columns: [Column], rows: [[String]], width: Int? = nil) {
        self.columns = columns
        self.rows = rows.map { $0.map(HumanText.printable) }
        self.width = width
    }

    /// The lines, without trailing spaces.
    func lines(withHeader: Bool = true) -> [String] {
        let layout = self.layout
        var lines: [String] = []
        if withHeader { lines += self.lines(columns.map { $0.title.uppercased() }, layout) }
        for (place, row) in rows.enumerated() {
            lines += self.lines(row, layout)
            if let note = notes[place].map({ "  " + HumanText.printable($0) }) {
                lines.append(width.map { note.cut(toDisplayWidth: $0) } ?? note)
            }
        }
        return lines
    }

    func text(withHeader: Bool = true) -> String {
        lines(withHeader: withHeader).joined(separator: "\n")
    }

    /// The indices and widths of the shown columns.
    private var layout: [(column: Int, width: Int)] {
        var natural = columns.map(\.title.displayWidth)
        for row in rows {
            for (index, cell) in row.enumerated() { natural[index] = max(natural[index], cell.displayWidth) }
        }
        var shown = Array(columns.indices)
        while true {
            let widths = fitted(shown, natural)
            guard let width, Self.total(widths) > width else { return zip(shown, widths).map { ($0, $1) } }
            let leaving = shown.filter { columns[$0].leaves != nil }
                .max { columns[$0].leaves ?? 0 < columns[$1].leaves ?? 0 }
            guard let leaving else { return zip(shown, fitted(shown, natural, atAnyPrice: true)).map { ($0, $1) } }
            shown.removeAll { $0 == leaving }
        }
    }

    /// The widths of columns, after the flexible ones shrank as far as needed and possible.
    /// - Parameter atAnyPrice: whether they shrink to ``leastWidth``, because no more columns can be omitted.
    private func fitted(_ shown: [Int], _ natural: [Int], atAnyPrice: Bool = false) -> [Int] {
        var widths = shown.map { natural[$0] }
        guard let width else { return widths }
        func least(_ column: Column) -> Int {
            atAnyPrice && column.fit != .whole ? Self.leastWidth : column.narrowest
        }
        while Self.total(widths) > width {
            let giving = shown.indices.filter { widths[$0] > least(columns[shown[$0]]) }.max { widths[$0] < widths[$1] }
            guard let giving else { break }
            widths[giving] -= 1
        }
        return widths
    }

    private static func total(_ widths: [Int]) -> Int {
        widths.reduce(0, +) + gap * (widths.count - 1)
    }

    /// The lines of one row: several if a cell is wrapped.
    private func lines(_ row: [String], _ layout: [(column: Int, width: Int)]) -> [String] {
        let cells = layout.map { index, width in
            columns[index].fit == .wrapped ? row[index].wrapped(toDisplayWidth: width) : [row[index].cut(toDisplayWidth: width)]
        }
        return (0..<(cells.map(\.count).max() ?? 0)).map { number in
            var line = ""
            for (place, (index, width)) in layout.enumerated() {
                if place > 0 { line += String(repeating: " ", count: Self.gap) }
                let cell = number < cells[place].count ? cells[place][number] : ""
                line += cell.padded(toDisplayWidth: width, onTheLeft: columns[index].alignment == .right)
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}

extension TextTable {
    /// Names and values, one pair per line, with aligned values.
    /// - Parameter total: the width of the terminal, at which values are wrapped; nil for no limit.
    static func facts(_ facts: [(name: String, value: String)], width total: Int? = nil) -> String {
        let width = facts.map(\.name.displayWidth).max() ?? 0
        return facts.flatMap { fact in
            let value = HumanText.printable(fact.value)
            let room = total.map { max(16, $0 - width - Self.gap) } ?? .max
            return value.wrapped(toDisplayWidth: room).enumerated().map { place, line in
                (place == 0 ? fact.name : "").padded(toDisplayWidth: width + Self.gap) + line
            }
        }.joined(separator: "\n")
    }
}

extension String {
    /// The text in lines of at most this many cells, split at spaces, and within words that are longer than a line.
    func wrapped(toDisplayWidth width: Int) -> [String] {
        guard displayWidth > width, width > 0 else { return [self] }
        var lines: [String] = []
        var line = ""
        var used = 0
        for word in split(separator: " ", omittingEmptySubsequences: false) {
            let length = word.displayWidth
            if !line.isEmpty, used + 1 + length > width {
                lines.append(line)
                (line, used) = ("", 0)
            }
            if !line.isEmpty { (line, used) = (line + " ", used + 1) }
            for character in word {
                if used + character.displayWidth > width, !line.isEmpty {
                    lines.append(line)
                    (line, used) = ("", 0)
                }
                line.append(character)
                used += character.displayWidth
            }
        }
        return lines + [line]
    }
}
