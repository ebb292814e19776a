public import WorkflowModel

/// The search and the place of a history page. Both are in the page's address, so that a view can be shared.
///
/// Each condition is a parameter with the name of its ``RunFilterField``. A time that moves with the clock stands there as it was
/// typed, so that a shared `created_from=7d` goes on meaning the last seven days. The search box shows the same conditions as a text.
public struct HistoryAddress: Hashable, Sendable {
    public enum Place: Hashable, Sendable {
        case newest
        case after(RunCursor)
        case before(RunCursor)
    }

    /// Times that move with the clock are those of the moment at which the address was read.
    public internal(set) var filter = RunFilter()
    /// The times of ``filter`` that move with the clock, as they were typed.
    var typed: [RunFilterField: String] = [:]
    /// A day or another span of creation as it was typed, such as `yesterday`.
    var on: String?
    /// nil for the filter's own order.
    public internal(set) var sort: RunSort?
    public var place = Place.newest

    public init() {}

    var isFiltered: Bool { filter != RunFilter() }

    /// The order of the list.
    public var order: RunSort { sort ?? RunSort(by: filter.sortKey) }

    public var href: String { PageAddress.history + PageAddress.query(pairs) }

    /// The conditions and the order, without the place.
    var searchPairs: [(String, String?)] {
        var pairs: [(String, String?)] = fieldTexts.map { ($0.field.name, $0.text) }
        pairs.append((Self.onName, on))
        if let sort {
            pairs.append((Self.sortName, sort.key.rawValue))
            if sort.direction != .descending { pairs.append((Self.directionName, sort.direction.rawValue)) }
        }
        return pairs
    }

    var pairs: [(String, String?)] {
        switch place {
        case .newest: searchPairs
        case .after(let cursor): searchPairs + [(Self.afterName, cursor.text)]
        case .before(let cursor): searchPairs + [(Self.beforeName, cursor.text)]
        }
    }

    /// The conditions in the order of the fields; those of ``on`` are not among them.
    var fieldTexts: [(field: RunFilterField, text: String)] {
        RunFilterField.all.flatMap { field -> [(field: RunFilterField, text: String)] in
            if on != nil, field == .createdFrom || field == .createdTo { return [] }
            if let text = typed[field] { return [(field, text)] }
            return switch filter.value(of: field) {
            case nil: []
            case .dateTime(let instant): [(field, instant.short)]
            case .some(let value): value.texts.map { (field, $0) }
            }
        }
    }

    /// The text of the search box.
    func searchText(at now: Timestamp) -> String {
        let texts = fieldTexts
        let search = try? RunSearch(
            fields: { field in texts.filter { $0.field == field }.map(\.text) }, on: on, sort: sort, at: now)
        return search?.text ?? ""
    }
}

// MARK: Other addresses

extension HistoryAddress {
    public func at(_ place: Place) -> HistoryAddress {
        var other = self
        other.place = place
        return other
    }

    /// The first page of another filter. Conditions that are the same in both stay as they were typed.
    func narrowed(to other: RunFilter) -> HistoryAddress {
        var address = at(.newest)
        address.filter = other
        address.typed = typed.filter { field, _ in other.value(of: field)?.texts == filter.value(of: field)?.texts }
        if other.created != filter.created { address.on = nil }
        return address
    }

    func sorted(by sort: RunSort) -> HistoryAddress {
        var address = at(.newest)
        address.sort = sort == RunSort(by: filter.sortKey) ? nil : sort
        return address
    }

    /// The first page of the same search with a window that begins some time ago, or at any time.
    /// - Parameter text: as in ``TypedTime``; nil for any time.
    func since(_ text: String?, in window: WindowFields.Kind, at now: Timestamp) -> HistoryAddress {
        var other = filter
        let time = text.flatMap { TypedTime($0, at: now) }
        other[keyPath: window.path] = time.map { TimeWindow(from: $0.start) }
        var address = narrowed(to: other)
        if let text, time != nil { address.typed[window.from] = text }
        return address
    }

    /// The same search without one value of a field.
    func without(_ text: String, of field: RunFilterField) -> HistoryAddress {
        let rest = filter.texts.filter { !($0.field == field && $0.text.isIdentical(to: text)) }
        let other = try? RunFilter { field in rest.filter { $0.field == field }.map(\.text) }
        return narrowed(to: other ?? RunFilter())
    }
}

extension RunCursor {
    var text: String { "\(value)~\(id.rawValue)" }
}

extension Timestamp {
    /// To the second, as a browser's `datetime-local` field writes it.
    var field: String { String(iso8601.prefix(19)) }

    /// The shortest form with a day: `2024-04-01`, `2024-04-01T09:30Z`.
    var short: String {
        let text = iso8601
        if text.hasSuffix("T00:00:00.000Z") { return String(text.prefix(10)) }
        if text.hasSuffix(":00.000Z") { return "\(text.prefix(16))Z" }
        return text.hasSuffix(".000Z") ? field + "Z" : text
    }
}
