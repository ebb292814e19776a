import Mustache

/// The list of keyboard shortcuts.
public struct ShortcutsPage: Page {
    public static let template = "shortcuts"

    struct Shortcut: Sendable, MustacheParent {
        var keys: [String]
        var words: String

        func child(named name: String) -> Any? {
            switch name {
            case "keys": keys
            case "words": words
            default: nil
            }
        }
    }

    public var title: String { "Keyboard shortcuts" }
    public var section: Section? { nil }

    let shortcuts = [
        Shortcut(keys: ["Ctrl", "K"], words: "Jump to a workflow, a run, a page or an action (on a Mac ⌘ K)"),
        Shortcut(keys: ["/"], words: "Search: the runs, or the log on a task's page"),
        Shortcut(keys: ["j"], words: "The next row of a list"),
        Shortcut(keys: ["k"], words: "The row before"),
        Shortcut(keys: ["Enter"], words: "Open the chosen row"),
        Shortcut(keys: ["x"], words: "Choose the row for a bulk operation"),
        Shortcut(keys: ["r"], words: "Run the workflow, or the run again"),
        Shortcut(keys: ["s"], words: "Stop the run"),
        Shortcut(keys: ["← ↑ ↓ →"], words: "Move in a grid or a chart; move a graph"),
        Shortcut(keys: ["+", "−", "0"], words: "Zoom a graph that has the focus, and show all of it"),
        Shortcut(keys: ["Esc"], words: "Close a dialog or a menu"),
        Shortcut(keys: ["?"], words: "This list"),
    ]

    public init() {}
}
