import WorkflowModel

/// The path of an endpoint, such as `/api/workflow/runs/{id}`: a name in braces stands for one segment.
public struct PathTemplate: Hashable, Sendable, ExpressibleByStringLiteral {
    /// As the router and the OpenAPI document write it.
    public let text: String
    /// The names in braces, in their order.
    public let names: [String]
    /// The texts before, between and behind the names: one more than names.
    private let literals: [String]

    public init(stringLiteral text: String) {
        self.init(text)
    }

    public init(_ text: String) {
        self.text = text
        var names: [String] = []
        var literals = [""]
        for (place, segment) in text.split(separator: "/", omittingEmptySubsequences: false).enumerated() {
            if place > 0 { literals[names.count] += "/" }
            if segment.hasPrefix("{"), segment.hasSuffix("}") {
                names.append(String(segment.dropFirst().dropLast()))
                literals.append("")
            } else {
                literals[names.count] += segment
            }
        }
        self.names = names
        self.literals = literals
    }

    /// The path of one resource. Each value is escaped and fills one name, in their order.
    public func callAsFunction(_ values: String...) -> String {
        filled(with: values)
    }

    public func filled(with values: [String]) -> String {
        assert(values.count == names.count, "\(text) takes \(names.count) values")
        return zip(values, literals.dropFirst()).reduce(into: literals[0]) { path, part in
            path += PathSegment.escaped(part.0) + part.1
        }
    }
}
