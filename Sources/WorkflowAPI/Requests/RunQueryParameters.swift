public import WorkflowModel

/// The query parameters of ``RunEndpoints/list``: the fields of the filter, the search, the order, and those of the page. The server
/// reads them here and the client writes them here.
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
        RunFilterField.all + RunSearchParameters.parameters
        + [sort, order, PageParameters.limit, PageParameters.nextToken, withTotal]

    public static var names: [String] { parameters.map(\.name) }

    /// - Parameters:
    ///   - parameters: of a request to ``RunEndpoints/list``.
    ///   - view: the saved view that it names; nil without one.
    ///   - tenant: the tenant of the runs.
    ///   - sealer: opens the page tokens.
    ///   - now: the instant to which relative times refer on the first page. Later pages refer to the same one.
    /// - Throws: ``APIError`` (400) naming the parameter and what is accepted.
    public static func read(
        _ parameters: Parameters, after view: SavedView? = nil, tenant: Tenant, sealer: PageTokenSealer, at now: Timestamp
    ) throws(APIError) -> RunListRequest {
        let token = ListToken(try parameters[PageParameters.nextToken] ?? "")
        let instant = token.instant(before: now) ?? now
        let criteria = try parameters.criteria(after: view, at: instant)
        var runs = RunQuery(
            tenant: tenant, filter: criteria.filter, sort: criteria.sort,
            limit: try parameters[PageParameters.limit] ?? RunQuery.defaultLimit, withTotal: try parameters[withTotal] ?? false)
        runs.after = try parameters.place { [runs] _ in sealer.open(token.seal, of: runs) }
        return RunListRequest(query: runs, instant: criteria.isRelative ? instant : nil)
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

/// A request for a page of runs.
public struct RunListRequest: Hashable, Sendable {
    public var query: RunQuery
    /// The instant to which relative times refer, on every page of the list; nil when there are none.
    public var instant: Timestamp?

    /// The token of the next page.
    public func token(for place: RunCursor, _ sealer: PageTokenSealer) -> String {
        let seal = sealer.seal(place, of: query)
        return instant.map { "\(seal)\(ListToken.separator)\($0.milliseconds)" } ?? seal
    }
}

/// A `next_token` of a list of runs: the sealed place and, when times of the search are relative, the instant to which they refer.
///
/// The instant needs no seal of its own: another one makes another filter, which the sealed place does not belong to.
private struct ListToken {
    static let separator: Character = "."
    /// How far clocks of nodes may be apart.
    private static let clockDifference = Duration.seconds(3_600)

    let seal: String
    private let milliseconds: Int64?

    init(_ text: String) {
        guard let end = text.lastIndex(of: Self.separator), let number = Int64(text[text.index(after: end)...]) else {
            (seal, milliseconds) = (text, nil)
            return
        }
        (seal, milliseconds) = (String(text[..<end]), number)
    }

    /// - Returns: nil without an instant, and for one that no service has written.
    func instant(before now: Timestamp) -> Timestamp? {
        guard let milliseconds, (0...(now + Self.clockDifference).milliseconds).contains(milliseconds) else { return nil }
        return Timestamp(milliseconds: milliseconds)
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
        case .flag: .object(["type": .string("boolean")])
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
            let hint = field.kind.nearest(to: text).map { " Did you mean \($0)?" } ?? ""
            self = .invalid("\(field.name) is \(text.quoted), which \(field.kind.refusal).\(hint)")
        case .tooManyValues(let field):
            self = .invalid("The parameter \(field.name) appears more than \(field.mostValues) times. Send fewer values.")
        case .reversed(let fromField, let from, let toField, let to):
            self = .invalid("\(toField.name) (\(to)) is before \(fromField.name) (\(from)); a window ends after it starts.")
        }
    }
}
