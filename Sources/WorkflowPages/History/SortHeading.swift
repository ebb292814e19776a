import WorkflowModel

/// The heading of a column that the list can be sorted by.
struct SortHeading: Sendable {
    var key: RunSortKey
    var label: String
    /// The address of the list sorted by this column: the other way round when it is sorted by it already.
    var href: String
    /// As `aria-sort` names it; nil when the list is sorted by another column.
    var direction: String?
    var arrow: String?
    var isNumber: Bool
    /// The effect of the link, for people who do not see the arrow.
    var action: String

    static func all(of address: HistoryAddress) -> [SortHeading] {
        RunSortKey.allCases.map { SortHeading($0, of: address) }
    }

    private init(_ key: RunSortKey, of address: HistoryAddress) {
        self.key = key
        label = key.heading
        isNumber = key == .runtime
        let order = address.order
        var next = RunSort(by: key)
        if order.key == key {
            direction = order.direction == .descending ? "descending" : "ascending"
            arrow = order.direction == .descending ? "▾" : "▴"
            next = RunSort(by: key, order.direction.opposite)
        }
        href = address.sorted(by: next).href
        action = "Sort: \(next.firstWords)"
    }
}

extension RunSortKey {
    var column: DisplayChoice.Column {
        switch self {
        case .created: .started
        case .ended: .ended
        case .runtime: .duration
        }
    }

    var heading: String {
        switch self {
        case .created: "Started"
        case .ended: "Ended"
        case .runtime: "Duration"
        }
    }
}

extension RunSort {
    /// Which runs come first.
    var firstWords: String {
        switch (key, direction) {
        case (.created, .descending): "newest first"
        case (.created, .ascending): "oldest first"
        case (.ended, .descending): "last ended first"
        case (.ended, .ascending): "first ended first"
        case (.runtime, .descending): "longest first"
        case (.runtime, .ascending): "shortest first"
        }
    }

    /// The labels of the links to the pages before and after.
    var pagerWords: (previous: String, next: String) {
        let words: (greater: String, less: String) = key == .runtime ? ("Longer", "Shorter") : ("Newer", "Older")
        return direction == .descending ? (words.greater, words.less) : (words.less, words.greater)
    }
}
