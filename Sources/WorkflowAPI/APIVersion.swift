/// The versions of the API. A request that names none gets the newest stable one.
public enum APIVersion: String, CaseIterable, Sendable {
    case april2024 = "2024-04-01"

    public static let newestStable = APIVersion.april2024
    public static let headerName = "api-version"
    public static let parameterName = "api_version"

    /// The version that a request asks for.
    /// - Throws: ``APIError`` (400) for one that is not supported, and for two different ones.
    public static func requested(header: String?, parameter: String?) throws(APIError) -> APIVersion {
        if let header, let parameter, header != parameter {
            throw .invalid(
                "The header \(headerName) says \(header.quoted) and the parameter \(parameterName) says \(parameter.quoted); "
                    + "send one of them, or the same in both.")
        }
        guard let text = header ?? parameter else { return newestStable }
        guard let version = APIVersion(rawValue: text) else {
            let supported = allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalid("The API version \(text.quoted) is not supported; supported: \(supported).")
        }
        return version
    }
}
