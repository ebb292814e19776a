import Mustache
public import WorkflowModel

/// The palette: jumps to a workflow, a run, a page or an action by a part of its name.
///
/// A page without scripts; with them, a dialog on every page.
public struct PalettePage: Page {
    public static let template = "palette"
    /// Characters of the text to look for, at most.
    public static let longestText = 100
    /// The newest runs that are looked through.
    public static let runsToRead = 100
    /// Entries of a group, at most.
    static let mostEntries = 8

    struct Entry: Sendable, MustacheParent {
        var id = ""
        var label: String
        var note: String?
        var href: String
        /// The state of a run; nil for others.
        var state: StateText?
        /// Whether it opens as a dialog.
        var isDialog = false

        func child(named name: String) -> Any? {
            switch name {
            case "id": id
            case "label": label
            case "note": note
            case "href": href
            case "state": state
            case "isDialog": isDialog
            default: nil
            }
        }
    }

    struct Group: Sendable, MustacheParent {
        var id: String
        var name: String
        var entries: [Entry]

        func child(named name: String) -> Any? {
            switch name {
            case "id": id
            case "name": self.name
            case "entries": entries
            default: nil
            }
        }
    }

    public var title: String { "Jump to" }
    public var section: Section? { nil }

    var text: String
    var longest = longestText
    var groups: [Group]
    var isEmpty: Bool

    /// - Parameters:
    ///   - text: a part of a name or an id; empty for the most likely entries.
    ///   - workflows: the current versions.
    ///   - runs: the newest ones, newest first, and one with that id.
    public init(_ text: String, workflows: [ConfigurationVersion], runs: [WorkflowRun], for visitor: Visitor) {
        self.text = text
        let wanted = text.lowercased()
        let found = workflows.matching(wanted) { [$0.configuration, $0.name] }
        let entries: [(name: String, entries: [Entry])] = [
            (
                "Workflows",
                found.map {
                    Entry(
                        label: $0.name.visible(), note: $0.configuration, href: PageAddress.workflow($0.configuration))
                }
            ),
            ("Actions", wanted.isEmpty ? [] : Self.actions(wanted, found, workflows, for: visitor)),
            (
                "Recent runs",
                runs.matching(wanted) { [$0.id.rawValue, $0.name, $0.state.state.label] }.map {
                    Entry(
                        label: $0.name.visible(), note: $0.id.rawValue, href: PageAddress.run($0.id),
                        state: StateText($0.state.state))
                }
            ),
            ("Pages", Self.pages(for: visitor).matching(wanted) { [$0.label] }),
        ]
        groups = entries.filter { !$0.entries.isEmpty }.enumerated().map { index, group in
            let shown = group.entries.prefix(Self.mostEntries).enumerated().map { place, entry in
                var entry = entry
                entry.id = "go-\(index)-\(place)"
                return entry
            }
            return Group(id: "go-\(index)", name: group.name, entries: shown)
        }
        isEmpty = groups.isEmpty
    }

    /// Actions on the workflows that match, and on one that the text names after a verb: `run daily`.
    private static func actions(
        _ wanted: String, _ found: [ConfigurationVersion], _ workflows: [ConfigurationVersion], for visitor: Visitor
    ) -> [Entry] {
        guard visitor.canOperate else { return [] }
        let verbs: [(word: String, address: (String) -> String)] = [
            ("Run", PageAddress.startForm), ("Pause", PageAddress.pause),
        ]
        let words = wanted.split(separator: " ", maxSplits: 1).map(String.init)
        return verbs.flatMap { verb -> [Entry] in
            var chosen = found
            if let first = words.first, verb.word.lowercased().hasPrefix(first) {
                chosen = workflows.matching(words.count > 1 ? words[1] : "") { [$0.configuration, $0.name] }
            }
            return chosen.prefix(mostEntries / 2).map {
                Entry(
                    label: "\(verb.word) \($0.name.visible())", note: $0.configuration, href: verb.address($0.configuration),
                    isDialog: true)
            }
        }
    }

    private static func pages(for visitor: Visitor) -> [Entry] {
        let sections = Section.links(for: visitor, current: nil).map { Entry(label: $0.name, href: $0.href) }
        return sections + [
            Entry(label: "Failed runs", href: PageAddress.history([(.state, RunState.failed.rawValue)])),
            Entry(label: "Saved views", href: PageAddress.views), Entry(label: "Bulk operations", href: PageAddress.bulk),
            Entry(label: "Display: theme and time zone", href: PageAddress.display, isDialog: true),
            Entry(label: "Keyboard shortcuts", href: PageAddress.shortcuts, isDialog: true),
        ]
    }
}
