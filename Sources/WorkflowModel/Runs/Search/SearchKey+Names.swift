extension SearchKey {
    /// A key as a search names it.
    struct Named {
        var key: SearchKey
        /// Whether the name is that of a field that excludes, such as `not_type`.
        var excludes = false
        /// Stands before the value, so that `runtime_to:1h` is `took:<1h`.
        var comparison = ""
    }

    /// Finds a key by its name, by another name, or by the name of a field on the wire. Case does not matter; `-` and `_` are the
    /// same.
    static func named(_ name: String) -> Named? {
        let name = folded(name)
        if let key = allCases.first(where: { $0.names.containsExactly(name) }) { return Named(key: key) }
        guard let field = RunFilterField.all.first(where: { folded($0.name).isIdentical(to: name) }) else { return nil }
        var named = Named(key: field.searchKey)
        switch named.key.form {
        case .values(_, let excluded): named.excludes = field == excluded
        case .durations(let from, let to): named.comparison = field == from ? ">" : field == to ? "<" : ""
        case .states, .time, .span, .least, .flag, .sortKey, .direction: break
        }
        return named
    }

    /// The key that was probably meant; nil when none is close.
    static func nearest(to name: String) -> SearchKey? {
        let names = allCases.flatMap(\.names) + RunFilterField.all.map(\.name)
        return suggestion(for: name, among: names).flatMap(named)?.key
    }

    var names: [String] { [name] + aliases }

    /// Whether commas separate several values.
    var hasList: Bool {
        switch form {
        case .states: true
        case .values(let field, _): field.mostValues > 1 && field.kind != .words
        case .time, .span, .durations, .least, .flag, .sortKey, .direction: false
        }
    }

    static func folded(_ name: String) -> String {
        String(name.lowercased().map { $0 == "_" ? "-" : $0 })
    }
}
