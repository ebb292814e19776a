/// The versions of the API. A request without a version gets the newest stable one.
public enum APIVersion: String, CaseIterable, Sendable {
    case april2024 = "2024-04-01"

    public static let newestStable = APIVersion.april2024
    /// Accepted in place of a version: the newest one.
    public static let unstable = "unstable"
    public static let headerName = "api-version"
    /// In the query, and a member of the body of a start.
    public static let parameterName = "api_version"

    /// The accepted names, for messages and the OpenAPI document.
    public static var accepted: [String] { allCases.map(\.rawValue) + [unstable] }
}

/// The API version that a request asks for. A request may name it in several places, but only the same one.
public struct RequestedVersion: Hashable, Sendable {
    private var name: String?
    /// The part of the request that named it, for messages.
    private var place = ""

    public init() {}

    /// - Parameters:
    ///   - headers: every value of the header.
    ///   - parameter: the value of the query parameter.
    /// - Throws: ``APIError`` (400) for a version that is not supported, and for two different ones.
    public init(headers: [String], parameter: String?) throws(APIError) {
        for header in headers { try add(header, from: "the header \(APIVersion.headerName)") }
        if let parameter { try add(parameter, from: "the parameter \(APIVersion.parameterName)") }
    }

    /// Adds a version that another part of the request names.
    /// - Throws: ``APIError`` (400) for a version that is not supported, and for one that differs from an earlier one.
    public mutating func add(_ name: String, from place: String) throws(APIError) {
        if let known = self.name, !known.utf8.elementsEqual(name.utf8) {
            throw .invalid(
                "The request names two API versions: \(self.place) says \(known.quoted) and \(place) says \(name.quoted). Send one."
            )
        }
        guard name.utf8.elementsEqual(APIVersion.unstable.utf8) || APIVersion(rawValue: name) != nil else {
            throw .invalid(
                "The API version \(name.quoted) is not supported. Supported: \(APIVersion.accepted.joined(separator: ", ")).")
        }
        if self.name == nil { (self.name, self.place) = (name, place) }
    }

    /// The version that serves the request.
    public var version: APIVersion { name.flatMap(APIVersion.init(rawValue:)) ?? .newestStable }
}
