import Mustache
public import WorkflowModel

/// The items of a task in its row: their counts, and the ones that need attention first.
struct ItemLines: Sendable, MustacheParent {
    var words: String
    var lines: [ItemLine]
    /// The address of all items.
    var href: String
    var all: String

    /// - Parameter items: of all groups of the run, those that need attention first.
    /// - Returns: nil for a task without items.
    init?(_ task: TaskInstance, _ items: [TaskInstance]) {
        guard let counts = task.fan?.counts, counts.total > 0 else { return nil }
        words = counts.words.prefix(1).uppercased() + counts.words.dropFirst() + "."
        let own = items.filter { $0.id.asItem?.group == task.id }
        lines = own.prefix(RunDetailsPage.mostItems).map { ItemLine($0) }
        href = PageAddress.task(task.id, of: task.run)
        all = "All \(CountText.text(counts.total, "item", "items"))"
    }

    func child(named name: String) -> Any? {
        switch name {
        case "words": words
        case "lines": lines
        case "href": href
        case "all": all
        default: nil
        }
    }
}

/// An item in a list.
struct ItemLine: Sendable, MustacheParent {
    var href: String
    var label: String
    var state: StateText
    var error: ErrorLine?
    var attempts: String

    init(_ item: TaskInstance) {
        href = PageAddress.task(item.id, of: item.run)
        label = item.label.visible()
        state = StateText(item)
        error = item.state == .canceled ? nil : item.error.map { ErrorLine($0) }
        attempts = item.attempts == 0 ? "–" : String(item.attempts)
    }

    func child(named name: String) -> Any? {
        switch name {
        case "href": href
        case "label": label
        case "state": state
        case "error": error
        case "attempts": attempts
        default: nil
        }
    }
}

/// A page of the items of a task, on the task's page.
public struct ItemList: Sendable {
    /// Items on a page.
    public static let most = 100
    /// Failed items that stand before the others, at most.
    public static let mostFailed = 20

    /// The items that are shown: all, or those that failed.
    public struct Choice: Hashable, Sendable {
        public var onlyFailed: Bool
        /// The number of the first one.
        public var from: Int

        public init(onlyFailed: Bool = false, from: Int = 0) {
            self.onlyFailed = onlyFailed
            self.from = from
        }
    }

    var words: String
    var lines: [ItemLine]
    var filters: [TaskPanel.Link]
    var next: String?
    var first: String?
    /// Whether it shows the first of all items.
    public var isWhole: Bool

    /// - Parameters:
    ///   - items: those of the choice, with one more than a page has if there are more.
    ///   - failed: those that come first, wherever they are among all items.
    /// - Returns: nil for a task without items.
    public init?(_ task: TaskInstance, _ items: [TaskInstance], _ choice: Choice, failed: [TaskInstance] = []) {
        guard let counts = task.fan?.counts, counts.total > 0 else { return nil }
        let address = PageAddress.task(task.id, of: task.run)
        isWhole = choice == Choice()
        words = counts.words.prefix(1).uppercased() + counts.words.dropFirst() + "."
        let first = Set(failed.map(\.id))
        lines = (failed + items.prefix(Self.most).filter { !first.contains($0.id) }).map { ItemLine($0) }
        filters = [TaskPanel.Link(href: address, label: "All \(CountText.text(counts.total))", isCurrent: !choice.onlyFailed)]
        if counts.failed > 0 {
            filters.append(
                TaskPanel.Link(
                    href: address + "?items=failed", label: "Failed \(CountText.text(counts.failed))", isCurrent: choice.onlyFailed)
            )
        }
        let query = choice.onlyFailed ? "?items=failed&from=" : "?from="
        if items.count > Self.most, let index = items[Self.most - 1].id.asItem?.index {
            next = address + query + String(index + 1)
        }
        self.first = choice.from > 0 ? address + (choice.onlyFailed ? "?items=failed" : "") : nil
    }
}
