import WorkflowModel

/// How well a text answers what was typed into the palette. Smaller is better.
enum PaletteMatch: Int, Comparable, Sendable {
    case same, prefix, word, inside

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// - Parameter wanted: in lower case, not empty.
    /// - Returns: nil when the text does not contain it.
    init?(of wanted: String, in text: String) {
        let text = text.lowercased()
        guard let place = text.firstRange(of: wanted) else { return nil }
        if place.lowerBound == text.startIndex {
            self = place.upperBound == text.endIndex ? .same : .prefix
        } else {
            let before = text[text.index(before: place.lowerBound)]
            self = before.isLetter || before.isNumber ? .inside : .word
        }
    }

    /// The best answer among some texts.
    static func best(of wanted: String, in texts: [String]) -> PaletteMatch? {
        texts.compactMap { PaletteMatch(of: wanted, in: $0) }.min()
    }
}

extension Sequence {
    /// The best matches first; those of equal worth stay in their order.
    func matching(_ wanted: String, by texts: (Element) -> [String]) -> [Element] {
        guard !wanted.isEmpty else { return Array(self) }
        return enumerated().compactMap { index, element in
            PaletteMatch.best(of: wanted, in: texts(element)).map { (match: $0, index: index, element: element) }
        }
        .sorted { ($0.match, $0.index) < ($1.match, $1.index) }.map(\.element)
    }
}
