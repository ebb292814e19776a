import Mustache
import WorkflowModel

/// A value as pages show it: a text, an instant, or a range of instants.
struct ShownValue: Hashable, Sendable, MustacheParent {
    static let nothing = ShownValue("–")

    var text: String
    var time: TimeText?
    /// The end of a range that begins with `time`.
    var until: TimeText?
    /// The text after `time`; nil without a range.
    var dash: String?
    /// Whether a script shows how far away the instant is, and the instant on hover.
    var isRelative = false

    init(_ text: String) {
        self.text = text
    }

    init(_ instant: Timestamp) {
        text = ""
        time = TimeText(instant)
    }

    init(_ window: TimeWindow) {
        time = window.from.map { TimeText($0) }
        until = window.to.map { TimeText($0) }
        switch (time, until) {
        case (nil, nil): text = "any time"
        case (nil, _): text = "until "
        case (_, nil): text = ""
        default: (text, dash) = ("", " – ")
        }
        if time != nil, until == nil { dash = ", open" }
    }

    func child(named name: String) -> Any? {
        switch name {
        case "text": text
        case "time": time
        case "until": until
        case "dash": dash
        case "isRelative": isRelative
        default: nil
        }
    }
}

/// A name and a value in a list of facts.
struct Fact: Sendable {
    var name: String
    var value: ShownValue
    var href: String?
    var isCode: Bool
    /// Links after the value.
    var links: [NamedLink]
    /// Shown on hover; nil for none.
    var title: String?

    init(_ name: String, _ value: String = "", href: String? = nil, isCode: Bool = false, links: [NamedLink] = []) {
        self.name = name
        self.value = ShownValue(value)
        self.href = href
        self.isCode = isCode
        self.links = links
    }

    init(_ name: String, _ instant: Timestamp) {
        self.init(name)
        value = ShownValue(instant)
    }

    /// An instant near the present.
    init(_ name: String, relative instant: Timestamp) {
        self.init(name, instant)
        value.isRelative = true
    }

    init(_ name: String, _ window: TimeWindow) {
        self.init(name)
        value = ShownValue(window)
    }
}
