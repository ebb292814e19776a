import WorkflowModel

/// A measured combination of filters.
struct FilterCase: Sendable {
    var name: String
    var filter: RunFilter

    /// The number of its windows.
    var windows: Int { (filter.created == nil ? 0 : 1) + (filter.ended == nil ? 0 : 1) }

    /// State, type, created window and ended window, each present or not, with values that match many runs, few, or none, and windows
    /// of an hour, a week, and everything.
    static func all(of shape: HistoryShape) -> [FilterCase] {
        let states: [(String?, RunState?)] = [(nil, nil)] + shape.states.named.map { ("\($0.name) state", $0.value) }
        let types: [(String?, String?)] = [(nil, nil)] + shape.types.named.map { ("\($0.name) type", $0.value) }
        let windows: [(String?, TimeWindow?)] =
            [(nil, nil)] + Self.windows.map { ("\($0.name)", $0.window) }
        return states.flatMap { state in
            types.flatMap { type in
                windows.flatMap { created in
                    windows.map { ended in
                        let parts = [state.0, type.0, created.0.map { "created in \($0)" }, ended.0.map { "ended in \($0)" }]
                        let name = parts.compactMap(\.self).joined(separator: ", ")
                        return FilterCase(
                            name: name.isEmpty ? "no filter" : name,
                            filter: RunFilter(created: created.1, ended: ended.1, state: state.1?.state, type: type.1))
                    }
                }
            }
        }
    }

    private static var windows: [(name: String, window: TimeWindow)] {
        let middle = HistoryShape.middle
        let hour = Duration.seconds(3_600)
        return [
            ("an hour", TimeWindow(from: middle, to: middle + hour)),
            ("a week", TimeWindow(from: middle, to: middle + hour * 168)),
            ("all", TimeWindow(from: HistoryShape.start, to: HistoryShape.end + hour * 10_000)),
        ]
    }

    /// The middle of the listed runs in time.
    var middle: Timestamp {
        let window = filter.sortKey == .created ? filter.created : filter.ended
        let from = max(window?.from ?? HistoryShape.start, HistoryShape.start)
        let to = min(window?.to ?? HistoryShape.end, HistoryShape.end)
        return Timestamp(milliseconds: (from.milliseconds + to.milliseconds) / 2)
    }
}
