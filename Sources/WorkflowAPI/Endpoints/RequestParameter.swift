public import WorkflowModel

/// A parameter of an endpoint: a value in the path, the query or a header.
public protocol RequestParameter: Sendable {
    var name: String { get }
    var place: ParameterPlace { get }
    /// Its meaning, for the OpenAPI document.
    var description: String { get }
    /// JSON Schema of its value, for the OpenAPI document.
    var schema: JSONValue { get }
    /// How many times the query may have it.
    var mostValues: Int { get }
    /// - Throws: ``APIError`` (400) that says what is accepted.
    func check(_ value: String) throws(APIError)
}

public enum ParameterPlace: String, Sendable {
    case path, query, header
}

/// A value in the path. The endpoint answers 404 when nothing has it for an id.
public struct PathParameter: RequestParameter {
    public let name: String
    public let description: String
    public let schema = JSONValue.object(["type": .string("string")])

    public init(_ name: String, _ description: String) {
        self.name = name
        self.description = description
    }

    public var place: ParameterPlace { .path }
    public var mostValues: Int { 1 }
    public func check(_ value: String) throws(APIError) {}
}

/// A header that an endpoint reads.
public struct HeaderParameter: RequestParameter {
    public let name: String
    public let description: String
    public let schema: JSONValue

    public init(_ name: String, _ description: String, schema: JSONValue = .object(["type": .string("string")])) {
        self.name = name
        self.description = description
        self.schema = schema
    }

    public var place: ParameterPlace { .header }
    public var mostValues: Int { 1 }
    public func check(_ value: String) throws(APIError) {}

    public static let idempotencyKey = HeaderParameter(
        IdempotencyHeader.name,
        "Makes a start happen once: the same key with the same body within 24 hours answers with the first run again.",
        schema: .object([
            "type": .string("string"), "minLength": .integer(1), "maxLength": .integer(Int64(Limits.idempotencyKey)),
        ]))
    /// An endpoint with it may answer 304.
    public static let ifNoneMatch = HeaderParameter("If-None-Match", "The ETag of a response that the client has.")
}
