import Mustache
import WorkflowModel

/// The number of warnings, as a tag.
enum WarningCount {
    static func text(_ count: Int) -> String { CountText.text(count, "warning", "warnings") }
}

/// The warnings of a task in a table: their number and the beginning of the first one.
struct WarningLine: Hashable, Sendable, MustacheParent {
    var count: String
    var line: String

    /// nil without warnings.
    init?(_ warnings: TaskWarnings) {
        guard let first = warnings.texts.first else { return nil }
        count = WarningCount.text(warnings.count)
        line = FirstLine.text(first)
    }

    func child(named name: String) -> Any? {
        switch name {
        case "count": count
        case "line": line
        default: nil
        }
    }
}

/// The warnings of a run or a task, in a section.
struct WarningList: Sendable {
    /// Warnings of a run, at most. The page of a task has all of its task.
    static let most = 10

    struct Item: Sendable {
        var text: String
        /// The page of the task; nil on that page.
        var task: NamedLink?
    }

    var title: String
    var items: [Item]
    var more: String?

    /// The first warnings of a run; nil without warnings.
    init?(_ details: WorkflowRunDetails) {
        let all = details.warnings
        // Imported history may have the number only.
        guard max(all.count, details.run.warnings) > 0 else { return nil }
        title = WarningCount.text(max(all.count, details.run.warnings))
        items = all.prefix(Self.most).map { warning in
            Item(
                text: FirstLine.text(warning.text),
                task: NamedLink(label: warning.label, href: PageAddress.task(warning.task, of: details.run.id)))
        }
        let left = all.count - items.count
        more = left > 0 ? "and \(CountText.text(left)) more, on the pages of the tasks" : nil
    }

    /// All warnings of a task; nil without warnings.
    init?(_ warnings: TaskWarnings) {
        guard !warnings.isEmpty else { return nil }
        title = WarningCount.text(warnings.count)
        items = warnings.texts.map { Item(text: $0) }
    }
}

/// The first line of a text from outside, cut to a readable length.
enum FirstLine {
    /// Characters of the line, at most.
    static let longest = 200

    /// - Parameter empty: for a text without a line.
    static func text(_ text: String, orElse empty: String = "") -> String {
        let first = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? empty
        return first.count > longest ? first.prefix(longest - 1) + "…" : first
    }
}
