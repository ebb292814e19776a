public import WorkflowModel

/// The query parameters that take a search, beside one parameter for each field.
public enum RunSearchParameters {
    public static let search = QueryParameter.text(
        "q",
        """
        A search in one line, such as state:failed workflow:cg-daily since:7d; its times may be relative. A run has to match it and \
        every other parameter. A field stands in one of them only.
        """)
    public static let view = QueryParameter.text("view", "The name of a saved view. Its search comes before that of q.")

    static let parameters: [any RequestParameter] = [search, view]
}

/// The runs that a request asks for, by its parameters and its search.
public struct RunCriteria: Hashable, Sendable {
    public var filter: RunFilter
    public var sort: RunSort
    /// Whether times of the search move with the clock: the same request asks for other runs later.
    public var isRelative = false
}

extension Parameters {
    /// The conditions and the order of a request.
    /// - Parameters:
    ///   - view: the saved view that ``RunSearchParameters/view`` names; nil without one.
    ///   - now: the instant to which relative times of the search refer.
    /// - Throws: ``APIError`` (400)
    public func criteria(after view: SavedView?, at now: Timestamp) throws(APIError) -> RunCriteria {
        let filter = try filter()
        guard let search = try search(after: view, at: now) else { return RunCriteria(filter: filter, sort: try sort(of: filter)) }
        for field in RunFilterField.all where filter.value(of: field) != nil && search.filter.value(of: field) != nil {
            throw .invalid(
                "\(field.name) and the search both have a condition of \(field.searchKey.name). Give it in one of them.")
        }
        let joined: RunFilter
        do throws(RunFilterError) {
            joined = try RunFilter { field in [filter, search.filter].flatMap { $0.value(of: field)?.texts ?? [] } }
        } catch {
            throw APIError(error)
        }
        return RunCriteria(filter: joined, sort: try sort(of: joined, search), isRelative: search.hasRelativeTimes(at: now))
    }

    private func search(after view: SavedView?, at now: Timestamp) throws(APIError) -> RunSearch? {
        let text = try self[RunSearchParameters.search]
        let typed = try text.map { text throws(APIError) in try Self.read(text, at: now) }
        guard let view else { return typed }
        do throws(APIError) {
            let saved = try Self.read(view.search, at: now)
            guard let text else { return saved }
            return try Self.read("\(view.search) \(text)", at: now)
        } catch {
            throw .invalid("The view \(view.name.quoted) and the search cannot be read together. \(error.message)")
        }
    }

    private static func read(_ text: String, at now: Timestamp) throws(APIError) -> RunSearch {
        do throws(RunSearchError) {
            return try RunSearch(reading: text, at: now)
        } catch {
            throw .invalid(error.message)
        }
    }

    /// The order of the parameters, or of the search, which may name the direction alone.
    private func sort(of filter: RunFilter, _ search: RunSearch) throws(APIError) -> RunSort {
        guard let sort = search.sort else { return try self.sort(of: filter) }
        for (name, isGiven) in [
            (RunQueryParameters.sort.name, try self[RunQueryParameters.sort] != nil),
            (RunQueryParameters.order.name, try self[RunQueryParameters.order] != nil),
        ] where isGiven {
            throw .invalid("\(name) and the search both have an order. Give it in one of them.")
        }
        return RunSort(by: search.terms.contains { $0.key == .sort } ? sort.key : filter.sortKey, sort.direction)
    }
}
