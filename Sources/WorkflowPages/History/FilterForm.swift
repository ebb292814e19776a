import WorkflowModel

struct Option: Sendable {
    var value: String
    var label: String
    var isChosen: Bool
}

/// The choices of a window: quick ones as links, exact dates as fields.
struct WindowFields: Sendable {
    struct Choice: Sendable {
        var label: String
        var href: String
        var isChosen: Bool
    }

    /// A quick choice that a filled-in form keeps.
    struct Quick: Sendable {
        var name: String
        var value: String
    }

    var legend: String
    var choices: [Choice]
    var quick: Quick?
    var isExact: Bool
    var fromName: String
    var toName: String
    var from: String
    var to: String

    init(_ legend: String, name: String, of address: HistoryAddress, _ path: WritableKeyPath<HistoryAddress, WindowChoice>) {
        self.legend = legend
        let chosen = address[keyPath: path]
        func choice(_ label: String, _ window: WindowChoice) -> Choice {
            var other = address.at(.newest)
            other[keyPath: path] = window
            return Choice(label: label, href: other.href, isChosen: chosen == window)
        }
        choices = [choice("Any time", .any)] + WindowChoice.Recent.allCases.map { choice($0.label, .recent($0)) }
        fromName = "\(name)_from"
        toName = "\(name)_to"
        (from, to, isExact, quick) = ("", "", false, nil)
        switch chosen {
        case .any: break
        case .recent(let recent): quick = Quick(name: name, value: recent.rawValue)
        case .exact(let window):
            isExact = true
            from = window.from?.field ?? ""
            to = window.to?.field ?? ""
        }
    }
}

enum FilterOptions {
    static func states(_ chosen: WorkflowState?) -> [Option] {
        [Option(value: "", label: "Any state", isChosen: chosen == nil)]
            + RunState.allCases.map { Option(value: $0.rawValue, label: $0.state.label, isChosen: $0.state == chosen) }
    }

    /// A type that the tenant has no runs of is among them while it is the chosen one.
    static func types(_ types: [String], _ chosen: String?) -> [Option] {
        var all = types
        if let chosen, !types.contains(chosen) { all.append(chosen) }
        let labels = Dictionary(grouping: all, by: TypeLabel.text)
        return [Option(value: "", label: "Any type", isChosen: chosen == nil)]
            + all.map { type in
                let label = TypeLabel.text(type)
                let isShared = (labels[label]?.count ?? 0) > 1 && label != type
                return Option(value: type, label: isShared ? "\(label) (\(type))" : label, isChosen: type == chosen)
            }
    }
}
