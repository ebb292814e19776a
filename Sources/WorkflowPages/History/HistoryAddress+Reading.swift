public import WorkflowModel

/// Why an address is not valid, in one sentence.
public struct AddressProblem: Error, Hashable, Sendable {
    public var message: String
}

extension HistoryAddress {
    static let onName = "on"
    static let sortName = "sort"
    static let directionName = "order"
    static let afterName = "after"
    static let beforeName = "before"
    /// The quick choices of an earlier version, which are in shared addresses.
    private static let earlierNames: [(name: String, field: RunFilterField)] = [("created", .createdFrom), ("ended", .endedFrom)]
    private static let earlierChoices = ["last-hour": "1h", "last-24-hours": "24h", "today": "24h", "last-7-days": "7d"]
    private static let names =
        RunFilterField.all.map(\.name) + [onName, sortName, directionName] + earlierNames.map(\.name) + [afterName, beforeName]

    /// The first page of a search.
    public init(_ search: RunSearch, at now: Timestamp) {
        filter = search.filter
        for (field, text) in search.fieldTexts where field.kind == .dateTime { note(text, of: field, at: now) }
        on = search.on
        sort = search.sort == RunSort(by: filter.sortKey) ? nil : search.sort
    }

    /// Reads an address. Empty parameters are ignored, because forms submit empty fields.
    /// - Throws: ``AddressProblem`` naming what is wrong and what is accepted.
    public init(parameters: [(name: String, value: String)], at now: Timestamp) throws(AddressProblem) {
        var values = try Self.values(parameters)
        for (name, field) in Self.earlierNames {
            guard let text = values.removeValue(forKey: name)?.first else { continue }
            guard let choice = Self.earlierChoices[text] else {
                throw .unknown(text, of: name, accepted: Self.earlierChoices.keys.sorted())
            }
            values[field.name, default: []].append(choice)
        }
        for field in RunFilterField.all where field.kind == .dateTime {
            values[field.name] = values[field.name].map { Self.times($0, at: now) }
        }
        for (name, texts) in values where texts.count > (RunFilterField(rawValue: name)?.mostValues ?? 1) {
            throw AddressProblem(message: "The filter \(name) is given more than once; give it once.")
        }
        do throws(RunFilterError) {
            filter = try RunFilter(reading: { values[$0.name] ?? [] }, at: now)
        } catch {
            throw AddressProblem(error)
        }
        for field in RunFilterField.all where field.kind == .dateTime {
            if let text = values[field.name]?.first { note(text, of: field, at: now) }
        }
        try readSpan(values[Self.onName]?.first, at: now)
        try readOrder(values)
        try readPlace(values)
    }

    private static func values(_ parameters: [(name: String, value: String)]) throws(AddressProblem) -> [String: [String]] {
        var values: [String: [String]] = [:]
        for (name, value) in parameters where !value.isEmpty {
            guard names.contains(name) else { throw .unknown(name, of: nil, accepted: names) }
            // A form may have one field for several states, separated by commas.
            let isState = name == RunFilterField.state.name
            values[name, default: []] +=
                isState ? value.split(separator: ",", omittingEmptySubsequences: false).map(String.init) : [value]
        }
        return values
    }

    /// Exact dates win over a time that moves with the clock: they were typed into the form that keeps the other one.
    private static func times(_ texts: [String], at now: Timestamp) -> [String] {
        guard texts.count > 1 else { return texts }
        let exact = texts.filter { !(TypedTime($0, at: now)?.isRelative ?? false) }
        return exact.isEmpty ? texts : exact
    }

    private mutating func note(_ text: String, of field: RunFilterField, at now: Timestamp) {
        if TypedTime(text, at: now)?.isRelative ?? false { typed[field] = text }
    }

    private mutating func readSpan(_ text: String?, at now: Timestamp) throws(AddressProblem) {
        guard let text, filter.created == nil else { return }
        guard let span = TypedTime(text, at: now), let end = span.end else {
            throw AddressProblem(
                message:
                    "\(Self.onName): \"\(text.prefix(40))\" is not a day, a month or another span; accepted are \(TypedTime.acceptedForms)."
            )
        }
        filter.created = TimeWindow(from: span.start, to: end)
        on = text
    }

    private mutating func readOrder(_ values: [String: [String]]) throws(AddressProblem) {
        let (keyText, directionText) = (values[Self.sortName]?.first, values[Self.directionName]?.first)
        guard keyText != nil || directionText != nil else { return }
        guard let key = keyText.map({ RunSortKey(rawValue: $0) }) ?? filter.sortKey else {
            throw .unknown(keyText ?? "", of: Self.sortName, accepted: RunSortKey.allCases.map(\.rawValue))
        }
        guard let direction = directionText.map({ RunSort.Direction(rawValue: $0) }) ?? .descending else {
            throw .unknown(directionText ?? "", of: Self.directionName, accepted: RunSort.Direction.allCases.map(\.rawValue))
        }
        self = sorted(by: RunSort(by: key, direction))
    }

    private mutating func readPlace(_ values: [String: [String]]) throws(AddressProblem) {
        if let text = values[Self.afterName]?.first {
            place = .after(try Self.cursor(text, key: order.key))
        } else if let text = values[Self.beforeName]?.first {
            place = .before(try Self.cursor(text, key: order.key))
        }
    }

    static func cursor(_ text: String, key: RunSortKey) throws(AddressProblem) -> RunCursor {
        let parts = text.split(separator: "~", maxSplits: 1)
        guard parts.count == 2, let value = Int64(parts[0]), parts[1].utf8.count <= RunID.longestID else {
            throw AddressProblem(message: "Invalid position in the history; start with the newest runs.")
        }
        return RunCursor(key: key, value: value, id: RunID(rawValue: String(parts[1])))
    }
}

extension AddressProblem {
    /// - Parameter parameter: nil when the text is itself the name of a parameter.
    fileprivate static func unknown(_ text: String, of parameter: String?, accepted: [String]) -> AddressProblem {
        let what = parameter.map { "choice \(text.prefix(40)) for \($0)" } ?? "filter \(text.prefix(40))"
        return AddressProblem(message: "Unknown \(what). Accepted: \(accepted.joined(separator: ", ")).")
    }

    init(_ error: RunFilterError) {
        switch error {
        case .value(let field, let text):
            if field.kind == .state {
                let names = RunState.allCases.map(\.state.label).joined(separator: ", ")
                message = "Unknown status \(text.prefix(40)). Accepted: \(names)."
            } else {
                message = "\(field.name): \"\(text.prefix(40))\" \(field.kind.typedRefusal)."
            }
        case .tooManyValues(let field):
            message = "The filter \(field.name) is given more than \(field.mostValues) times; give fewer values."
        case .reversed(let from, _, let to, _):
            message = "\(to.name) is before \(from.name); a window ends after it starts."
        }
    }
}
