import HTTPTypes
import WorkflowModel

/// The cookies of the pages. Their prefix has browsers see to it that they are `Secure`, of this host alone and of all its paths.
enum Cookies {
    static let session = "__Host-weir-session"
    /// Tells one browser's sign-in form from another's.
    static let visit = "__Host-weir-visit"

    /// The value of a cookie of a request; nil when there is none, or two that could be meant.
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

    /// - Parameter lifetime: nil for as long as the browser is open.
    static func setting(_ name: String, to value: String, for lifetime: Duration?) -> String {
        let age = lifetime.map { "; Max-Age=\($0.milliseconds / 1_000)" } ?? ""
        return "\(name)=\(value); Path=/; Secure; HttpOnly; SameSite=Strict\(age)"
    }

    static func removing(_ name: String) -> String {
        setting(name, to: "", for: .zero)
    }
}
