public import WorkflowModel

/// The query parameters of one request: each known, valid, not empty, and sent once unless it may be repeated.
public struct Parameters: Hashable, Sendable {
    /// In the order of the request: a linear search is faster than a dictionary for so few.
    private(set) var pairs: [QueryString.Pair] = []

    /// No parameters at all.
    public init() {}

    /// - Throws: ``APIError`` (400) for a parameter that is unknown, repeated, empty or invalid. A misspelt filter must not silently
    ///   return everything.
    public init(_ query: QueryString, of endpoint: Endpoint) throws(APIError) {
        pairs.reserveCapacity(query.pairs.count)
        for pair in query.pairs {
            if let parameter = endpoint.parameter(pair.name) {
                try add(pair, parameter, of: endpoint)
            } else if endpoint.refusesUnknownParameters {
                throw Self.unknown(pair.name, of: endpoint)
            }
        }
    }

    private mutating func add(_ pair: QueryString.Pair, _ parameter: any RequestParameter, of endpoint: Endpoint) throws(APIError) {
        try Self.checkSecondQuestionMark(in: pair, of: endpoint)
        let (earlier, most) = (pairs.count { $0.name.isIdentical(to: pair.name) }, parameter.mostValues)
        guard earlier < most else {
            throw .invalid(
                most == 1
                    ? "The parameter \(pair.name) appears more than once. Send it once."
                    : "The parameter \(pair.name) appears more than \(most) times. Send fewer values.")
        }
        guard !pair.value.isEmpty else {
            throw .invalid("The parameter \(pair.name) is empty; give it a value or leave it out.")
        }
        try parameter.check(pair.value)
        pairs.append(pair)
    }

    /// The value of a parameter; nil when the request does not have it.
    public subscript<Value>(parameter: QueryParameter<Value>) -> Value? {
        get throws(APIError) {
            guard let pair = pairs.first(where: { $0.name.isIdentical(to: parameter.name) }) else { return nil }
            return try parameter.read(pair.value)
        }
    }

    /// - Throws: ``APIError`` (400) when it ends before it starts. A window of zero length contains nothing.
    public func window(from: QueryParameter<Timestamp>, to: QueryParameter<Timestamp>) throws(APIError) -> TimeWindow? {
        let window = TimeWindow(from: try self[from], to: try self[to])
        if let start = window.from, let end = window.to, end < start {
            throw .invalid(
                "\(to.name) (\(end.iso8601)) is before \(from.name) (\(start.iso8601)); a window ends after it starts.")
        }
        return window.from == nil && window.to == nil ? nil : window
    }

    private static func unknown(_ name: String, of endpoint: Endpoint) -> APIError {
        let accepted = endpoint.queryNames + [APIVersion.parameterName]
        let hint = suggestion(for: name, among: accepted).map { " Did you mean \($0)?" } ?? ""
        return .invalid("Unknown parameter \(name.quoted).\(hint) Accepted: \(accepted.joined(separator: ", ")).")
    }

    /// Documented examples in circulation say `?limit=12?with_total=true`. A value may contain a `?`, so it only counts before the name
    /// of a parameter.
    private static func checkSecondQuestionMark(in pair: QueryString.Pair, of endpoint: Endpoint) throws(APIError) {
        let value = pair.value.utf8
        guard value.withContiguousStorageIfAvailable({ $0.contains(UInt8(ascii: "?")) }) ?? true else { return }
        for mark in value.indices where value[mark] == UInt8(ascii: "?") {
            let rest = pair.value[value.index(after: mark)...]
            guard let end = rest.firstIndex(of: "="), endpoint.queryNames.contains(String(rest[..<end])) else { continue }
            throw .invalid(
                "There is a second \"?\" after \("\(pair.name)=\(pair.value[..<mark])".quoted), before \(rest[..<end]); "
                    + "separate parameters with \"&\": \(pair.name)=\(String(pair.value[..<mark]).shortened)&\(String(rest).shortened)"
            )
        }
    }
}

extension Endpoint {
    /// The parameter of the query that has exactly this name.
    fileprivate func parameter(_ name: String) -> (any RequestParameter)? {
        if let index = queryNames.firstIndex(where: { $0.isIdentical(to: name) }) { return query[index] }
        return name.isIdentical(to: APIVersion.parameterName) ? APIVersion.parameter : nil
    }
}

extension APIVersion {
    /// Every endpoint takes it. ``RequestedVersion`` checks its value.
    fileprivate static let parameter = QueryParameter.text(parameterName, "The same as the header \(headerName).")
}
