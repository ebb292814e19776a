import Mustache
import WorkflowModel

/// A link and its text.
struct NamedLink: Hashable, Sendable, MustacheParent {
    var label: String
    var href: String
    var isCurrent: Bool

    /// - Parameter label: may come from outside; invisible characters are escaped.
    init(label: String, href: String, isCurrent: Bool = false) {
        self.label = label.visible()
        self.href = href
        self.isCurrent = isCurrent
    }

    func child(named name: String) -> Any? {
        switch name {
        case "label": label
        case "href": href
        case "isCurrent": isCurrent
        default: nil
        }
    }
}
