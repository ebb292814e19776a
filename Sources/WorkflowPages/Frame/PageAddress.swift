public import WorkflowModel

/// Where the pages are.
public enum PageAddress {
    public static let root = "/"
    public static let signIn = "/sign-in"
    public static let signOut = "/sign-out"
    public static let history = "/runs"
    public static let configured = "/configs"
    public static let keys = "/settings/keys"
    public static let alerts = "/settings/alerts"
    public static let assets = "/assets"

    public static func signIn(link: String) -> String { "\(signIn)/\(escaped(link))" }
    public static func run(_ id: RunID) -> String { "\(history)/\(escaped(id.rawValue))" }
    public static func task(_ task: TaskID, of run: RunID) -> String { "\(self.run(run))/tasks/\(escaped(task.rawValue))" }
    public static func rerun(_ id: RunID) -> String { run(id) + "/rerun" }
    public static func compare(_ id: RunID) -> String { run(id) + "/compare" }
    public static func startForm(_ configuration: String) -> String { "\(configured)/\(escaped(configuration))/run" }
    public static func schedule(_ configuration: String) -> String { "\(configured)/\(escaped(configuration))/schedule" }
    static func resend(_ alert: String) -> String { "\(alerts)/\(escaped(alert))/resend" }
    static func enable(_ receiver: String) -> String { "\(alerts)/receivers/\(escaped(receiver))/enable" }
    public static func key(_ id: String) -> String { "\(keys)/\(escaped(id))" }

    /// The address of a page's changes.
    public static func live(_ address: String) -> String {
        let parts = address.split(separator: "?", maxSplits: 1)
        return (parts.first.map(String.init) ?? "") + "/live" + (parts.count > 1 ? "?\(parts[1])" : "")
    }

    static func query(_ pairs: [(String, String?)]) -> String {
        let present = pairs.compactMap { name, value in value.map { "\(name)=\(escaped($0))" } }
        return present.isEmpty ? "" : "?" + present.joined(separator: "&")
    }

    /// Escapes everything but RFC 3986's unreserved characters.
    static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                result.append(byte)
            default: result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0xF)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
