import WorkflowModel

/// The controls of a window: quick choices as links, exact dates as fields.
struct WindowFields: Sendable {
    enum Kind: CaseIterable, Sendable {
        case created
        case ended

        var path: WritableKeyPath<RunFilter, TimeWindow?> {
            switch self {
            case .created: \.created
            case .ended: \.ended
            }
        }

        var from: RunFilterField { self == .created ? .createdFrom : .endedFrom }
        var to: RunFilterField { self == .created ? .createdTo : .endedTo }
        var title: String { self == .created ? "Started" : "Ended" }
    }

    /// Durations rather than days, because days begin at different instants in different zones.
    private static let quick = [("Last hour", "1h"), ("24 hours", "24h"), ("7 days", "7d"), ("30 days", "30d")]

    var title: String
    /// Without exact dates.
    var choices: [NamedLink]
    var fromName: String
    var toName: String
    var from: String
    var to: String

    init(_ kind: Kind, of address: HistoryAddress, at now: Timestamp) {
        title = kind.title
        let window = address.filter[keyPath: kind.path]
        let start = address.typed[kind.from]
        let isOpen = window?.to == nil
        let any = NamedLink(label: "Any time", href: address.since(nil, in: kind, at: now).href, isCurrent: window == nil)
        choices =
            [any]
            + Self.quick.map { label, text in
                NamedLink(label: label, href: address.since(text, in: kind, at: now).href, isCurrent: isOpen && start == text)
            }
        // Another time that moves with the clock is a choice of its own while it is chosen.
        let moving = [
            kind == .created ? address.on : nil, start.map { "since \($0)" }, address.typed[kind.to].map { "until \($0)" },
        ]
        let words = moving.compactMap(\.self).joined(separator: " ")
        if !words.isEmpty, !choices.contains(where: \.isCurrent) {
            choices.append(NamedLink(label: words, href: address.at(.newest).href, isCurrent: true))
        }
        (fromName, toName) = (kind.from.name, kind.to.name)
        let isMoving = kind == .created && address.on != nil
        from = isMoving || start != nil ? "" : window?.from?.field ?? ""
        to = isMoving || address.typed[kind.to] != nil ? "" : window?.to?.field ?? ""
    }

    var hasDates: Bool { !from.isEmpty || !to.isEmpty }
}
