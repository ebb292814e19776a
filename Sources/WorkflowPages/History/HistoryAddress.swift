public import WorkflowModel

/// Which part of the history a page shows. All of it is in the page's address, so that a view can be shared.
public struct HistoryAddress: Hashable, Sendable {
    public enum Place: Hashable, Sendable {
        case newest
        case after(RunCursor)
        case before(RunCursor)
    }

    public var state: WorkflowState?
    public var type: String?
    public var created = WindowChoice.any
    public var ended = WindowChoice.any
    public var place = Place.newest

    public init() {}

    public func filter(at now: Timestamp) -> RunFilter {
        RunFilter(created: created.window(at: now), ended: ended.window(at: now), state: state, type: type)
    }

    var isFiltered: Bool { state != nil || type != nil || created != .any || ended != .any }

    /// The list is sorted by when runs ended, where only that was asked for.
    var order: RunOrder { ended != .any && created == .any ? .ended : .created }

    public var href: String { PageAddress.history + PageAddress.query(pairs) }

    var pairs: [(String, String?)] {
        var pairs: [(String, String?)] = [("state", state?.rawValue), ("type", type)]
        for (name, choice) in [("created", created), ("ended", ended)] {
            switch choice {
            case .any: break
            case .recent(let recent): pairs.append((name, recent.rawValue))
            case .exact(let window): pairs += [("\(name)_from", window.from?.short), ("\(name)_to", window.to?.short)]
            }
        }
        switch place {
        case .newest: break
        case .after(let cursor): pairs.append(("after", cursor.text))
        case .before(let cursor): pairs.append(("before", cursor.text))
        }
        return pairs
    }

    func at(_ place: Place) -> HistoryAddress {
        var other = self
        other.place = place
        return other
    }
}

/// Why an address shows nothing, in one sentence.
public struct AddressProblem: Error, Hashable, Sendable {
    public var message: String
}

extension HistoryAddress {
    /// Reads an address. What is empty is left out, because forms send what was not filled in.
    /// - Throws: ``AddressProblem`` naming what is wrong and what is accepted.
    public init(parameters: [(name: String, value: String)]) throws(AddressProblem) {
        var values: [String: String] = [:]
        for (name, value) in parameters where !value.isEmpty {
            guard Self.names.contains(name) else {
                throw AddressProblem(
                    message: "There is no filter with the name \(name.prefix(40)); there are \(Self.names.joined(separator: ", "))."
                )
            }
            guard values.updateValue(value, forKey: name) == nil else {
                throw AddressProblem(message: "The filter \(name) is there more than once.")
            }
        }
        if let name = values["state"] {
            guard let named = WorkflowState(name: name) else {
                let names = RunState.allCases.map(\.state.label).joined(separator: ", ")
                throw AddressProblem(message: "There is no state \(name.prefix(40)); there are \(names).")
            }
            state = named
        }
        type = values["type"]
        created = try Self.choice("created", in: values)
        ended = try Self.choice("ended", in: values)
        if let text = values["after"] {
            place = .after(try Self.cursor(text, order: order))
        } else if let text = values["before"] {
            place = .before(try Self.cursor(text, order: order))
        }
    }

    static let names = [
        "state", "type", "created", "created_from", "created_to", "ended", "ended_from", "ended_to", "after", "before",
    ]

    /// Exact dates win over a quick choice: whoever typed them meant them.
    private static func choice(_ name: String, in values: [String: String]) throws(AddressProblem) -> WindowChoice {
        func instant(_ name: String) throws(AddressProblem) -> Timestamp? {
            guard let text = values[name] else { return nil }
            guard let instant = Timestamp(iso8601: text) else {
                throw AddressProblem(message: "\(name) is not a date: \(text.prefix(40)); one looks like 2024-04-01T09:30.")
            }
            return instant
        }
        let (from, to) = (try instant("\(name)_from"), try instant("\(name)_to"))
        if from != nil || to != nil {
            if let from, let to, to < from {
                throw AddressProblem(message: "The dates of \(name) are the wrong way round: To is before From.")
            }
            return .exact(TimeWindow(from: from, to: to))
        }
        guard let text = values[name] else { return .any }
        guard let recent = WindowChoice.Recent(rawValue: text) else {
            let names = WindowChoice.Recent.allCases.map(\.rawValue).joined(separator: ", ")
            throw AddressProblem(message: "There is no choice \(text.prefix(40)) of \(name); there are \(names).")
        }
        return .recent(recent)
    }

    static func cursor(_ text: String, order: RunOrder) throws(AddressProblem) -> RunCursor {
        let parts = text.split(separator: "~", maxSplits: 1)
        guard parts.count == 2, let milliseconds = Int64(parts[0]), parts[1].utf8.count <= RunID.longestID else {
            throw AddressProblem(message: "This is no place in the history; begin with the newest runs.")
        }
        return RunCursor(order: order, time: Timestamp(milliseconds: milliseconds), id: RunID(rawValue: String(parts[1])))
    }
}

extension RunCursor {
    var text: String { "\(time.milliseconds)~\(id.rawValue)" }
}

extension Timestamp {
    /// To the second, the way that a browser's field for date and time writes it.
    var field: String { String(iso8601.prefix(19)) }

    /// As short as it can be without losing anything.
    var short: String { milliseconds % 1_000 == 0 ? field + "Z" : iso8601 }
}
