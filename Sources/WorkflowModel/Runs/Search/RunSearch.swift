/// A search as a person types it: `state:failed workflow:cg-daily "connection reset" since:7d -type:bridge.sync took:>10m`.
///
/// It is another form of ``RunFilter`` and ``RunSort``: each term is a condition on fields of ``RunFilterField``. The terms are
/// kept, so that a saved search with `since:7d` means the last seven days on every day.
public struct RunSearch: Hashable, Sendable {
    /// Bytes of a text that is read.
    public static let longestText = 4_096
    /// Terms of a search.
    public static let mostTerms = 100

    public let terms: [SearchTerm]
    /// With relative times as they were at the time of reading.
    public let filter: RunFilter
    /// nil for the filter's own order.
    public let sort: RunSort?

    init(terms: [SearchTerm], filter: RunFilter, sort: RunSort?) {
        self.terms = terms
        self.filter = filter
        self.sort = sort
    }

    /// The canonical form, which ``init(reading:at:in:)`` reads back as the same search. Times are as they were typed.
    public var text: String {
        terms.map(\.text).joined(separator: " ")
    }

    /// Whether a time in it means another instant later.
    public func hasRelativeTimes(at now: Timestamp, in zone: ScheduleZone = .utc) -> Bool {
        terms.contains { term in
            switch term.key.form {
            case .time, .span: term.values.contains { TypedTime($0, at: now, in: zone)?.isRelative ?? false }
            case .values, .states, .durations, .least, .flag, .sortKey, .direction: false
            }
        }
    }

    /// The value of ``SearchKey/on`` as it was typed; nil without one.
    public var on: String? {
        terms.first { $0.key == .on }?.values.first
    }

    /// The values of the filter's fields, for addresses, without those that ``on`` stands for. Times are as they were typed;
    /// ``init(fields:on:sort:at:in:)`` reads them back.
    public var fieldTexts: [(field: RunFilterField, text: String)] {
        var typed: [RunFilterField: String?] = [:]
        for term in terms {
            switch term.key.form {
            case .time(let field): typed[field] = .some(term.values.first)
            case .span(let from, let to): for field in [from, to] { typed[field] = .some(nil) }
            case .values, .states, .durations, .least, .flag, .sortKey, .direction: break
            }
        }
        return filter.texts.compactMap { field, text in
            guard let typed = typed[field] else { return (field, text) }
            return typed.map { (field, $0) }
        }
    }
}
