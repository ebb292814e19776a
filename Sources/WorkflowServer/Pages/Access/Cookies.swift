import HTTPTypes
import WorkflowModel

/// The cookies of the pages. With the prefix `__Host-`, browsers enforce `Secure`, this host and all its paths.
enum Cookies {
    static let session = "__Host-weir-session"
    /// Binds a sign-in form to a browser.
    static let visit = "__Host-weir-visit"

    /// The choices of a browser, as ``DisplayChoice/text``.
    static let display = "__Host-weir-display"

    /// The value of a cookie; nil when the request has none, or two of the name.
    static func value(of name: String, in headers: HTTPFields) -> String? {
        var found: String?
        for field in headers[values: .cookie] {
            for pair in field.split(separator: ";") {
                let parts = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2, parts[0] == name else { continue }
                if found != nil { return nil }
                found = String(parts[1])
            }
        }
        return found
    }

    /// - Parameter lifetime: nil for a cookie that ends with the browser.
    static func setting(_ name: String, to value: String, for lifetime: Duration?) -> String {
        let age = lifetime.map { "; Max-Age=\($0.milliseconds / 1_000)" } ?? ""
        return "\(name)=\(value); Path=/; Secure; HttpOnly; SameSite=Strict\(age)"
    }

    static func removing(_ name: String) -> String {
        setting(name, to: "", for: .zero)
    }
}
