public import WorkflowModel

/// The query parameters of ``RunEndpoints/list``: the fields of the filter, the order, and those of the page. The server reads them here
/// and the client writes them here.
public enum RunQueryParameters {
    public static let sort = QueryParameter<RunSortKey>.choice(
        "sort",
        """
        The order of the runs: by created_at, by ended_at, or by the time between them. Where it is missing, by created_at; with an \
        ended window and no created window, by ended_at. A list by ended or runtime leaves out runs that have not ended.
        """)
    public static let order = QueryParameter<RunSort.Direction>.choice(
        "order", "desc: the newest or longest first. asc: the oldest or shortest first.", default: .descending)
    public static let withTotal = QueryParameter.boolean("with_total", "Whether the answer counts all matching runs.")

    public static let parameters: [any RequestParameter] =
        RunFilterField.all + [sort, order, PageParameters.limit, PageParameters.nextToken, withTotal]

    public static var names: [String] { parameters.map(\.name) }

    /// - Parameters:
    ///   - tenant: the tenant of the runs.
    ///   - sealer: opens the page tokens.
    /// - Throws: ``APIError`` (400) naming the parameter and what is accepted.
    public static func read(_ query: QueryString, tenant: Tenant, sealer: PageTokenSealer) throws(APIError) -> RunQuery {
        let parameters = try Parameters(query, of: RunEndpoints.list)
        let filter = try parameters.filter()
        var runs = RunQuery(
            tenant: tenant, filter: filter, sort: try parameters.sort(of: filter),
            limit: try parameters[PageParameters.limit] ?? RunQuery.defaultLimit, withTotal: try parameters[withTotal] ?? false)
        runs.after = try parameters.place { [runs] in sealer.open($0, of: runs) }
        return runs
    }

    /// The parameters of a request.
    /// - Parameters:
    ///   - sort: nil for the filter's own order.
    ///   - nextToken: from the page before; nil for the first one.
    public static func pairs(
        for filter: RunFilter, sort: RunSort? = nil, limit: Int? = nil, nextToken: String? = nil, withTotal: Bool = false
    ) -> [(name: String, value: String)] {
        let page = [
            Self.sort.pair(sort?.key), order.pair(sort?.direction), PageParameters.limit.pair(limit),
            PageParameters.nextToken.pair(nextToken), Self.withTotal.pair(withTotal ? true : nil),
        ]
        return filter.texts.map { ($0.field.name, $0.text) } + page.compactMap { $0 }
    }
}

extension RunFilterField: RequestParameter {
    public var place: ParameterPlace { .query }
    public var description: String { summary }

    public var schema: JSONValue {
        let value = kind.schema
        guard mostValues > 1 else { return value }
        return .object(["type": .string("array"), "items": value, "maxItems": .integer(Int64(mostValues))])
    }

    /// ``Parameters/filter()`` checks the value, so that it is read once.
    public func check(_ value: String) throws(APIError) {}
}

extension RunFilterField.Kind {
    /// JSON Schema of one value.
    fileprivate var schema: JSONValue {
        switch self {
        case .dateTime: .reference("schemas", "PartialDateTime")
        case .state: Self.text(from: 1)
        case .text: Self.text(from: 1, upTo: RunFilterField.valueBytes)
        case .words: Self.text(from: RunWords.characters.lowerBound, upTo: RunWords.characters.upperBound)
        case .attribution: Self.words(Attribution.allCases)
        case .label: Self.text(from: 2, upTo: RunLabel.longestPrefix + 2 * RunLabel.longestName + 2, examples: ["team:crm"])
        case .runMode: Self.words(RunMode.allCases)
        case .duration: Self.text(from: 1, examples: ["90s", "1h30m", "PT1H30M"])
        case .count:
            .object([
                "type": .string("integer"), "minimum": .integer(Int64(RunFilterField.attempts.lowerBound)),
                "maximum": .integer(Int64(RunFilterField.attempts.upperBound)),
            ])
        }
    }

    private static func text(from least: Int, upTo most: Int? = nil, examples: [String] = []) -> JSONValue {
        // An empty value of any parameter is refused, which a schema of a text tells by this member.
        var schema: JSONMembers = ["type": .string("string"), "minLength": .integer(Int64(least))]
        if let most { schema.add("maxLength", .integer(Int64(most))) }
        if !examples.isEmpty { schema.add("examples", .array(examples.map(JSONValue.string))) }
        return .object(schema)
    }

    private static func words(_ words: [some RawRepresentable<String>]) -> JSONValue {
        .object(["type": .string("string"), "enum": .array(words.map { .string($0.rawValue) })])
    }
}

extension Parameters {
    /// - Throws: ``APIError`` (400)
    public func filter() throws(APIError) -> RunFilter {
        do throws(RunFilterError) {
            var filter = RunFilter()
            for pair in pairs {
                if let field = RunFilterField(rawValue: pair.name) { try filter.add(pair.value, to: field) }
            }
            try filter.checkWindows()
            return filter
        } catch {
            throw APIError(error)
        }
    }

    /// The order that the request asks for.
    /// - Throws: ``APIError`` (400)
    public func sort(of filter: RunFilter) throws(APIError) -> RunSort {
        RunSort(
            by: try self[RunQueryParameters.sort] ?? filter.sortKey, try self[RunQueryParameters.order] ?? .descending)
    }
}

extension APIError {
    init(_ error: RunFilterError) {
        switch error {
        case .value(let field, let text):
            self = .invalid("\(field.name) is \(text.quoted), which \(field.kind.refusal).")
        case .tooManyValues(let field):
            self = .invalid("The parameter \(field.name) appears more than \(field.mostValues) times. Send fewer values.")
        case .reversed(let fromField, let from, let toField, let to):
            self = .invalid("\(toField.name) (\(to)) is before \(fromField.name) (\(from)); a window ends after it starts.")
        }
    }
}
