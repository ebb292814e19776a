public import WorkflowModel

/// The paths of the API, for the server's routes and the client's requests.
public enum Paths {
    public static let token = "/api/v0/oauth2/token"
    public static let runs = "/api/workflow/runs"
    public static let configurations = "/api/workflow/configs"
    public static let alerts = "/api/workflow/alerts"
    public static let alertReceivers = "/api/workflow/alerts/receivers"
    public static let health = "/healthz"
    public static let readiness = "/readyz"
    public static let description = "/openapi.json"

    public static func run(_ id: RunID) -> String {
        "\(runs)/\(escaped(id.rawValue))"
    }

    public static func stop(_ id: RunID) -> String {
        run(id) + "/stop"
    }

    public static func standing(of id: RunID) -> String {
        run(id) + "/why"
    }

    public static func rerun(_ id: RunID) -> String {
        run(id) + "/rerun"
    }

    public static func attempts(of id: RunID) -> String {
        run(id) + "/attempts"
    }

    public static func output(of task: TaskID, in id: RunID) -> String {
        "\(run(id))/tasks/\(escaped(task.rawValue))/output"
    }

    public static func resend(alert id: String) -> String {
        "\(alerts)/\(escaped(id))/resend"
    }

    public static func alertReceiver(_ name: String) -> String {
        "\(alertReceivers)/\(escaped(name))"
    }

    public static func configuration(_ id: String) -> String {
        "\(configurations)/\(escaped(id))"
    }

    public static func schedule(of configuration: String) -> String {
        self.configuration(configuration) + "/schedule"
    }

    public static func backfill(of configuration: String) -> String {
        self.configuration(configuration) + "/backfill"
    }

    public static func ticks(of configuration: String) -> String {
        self.configuration(configuration) + "/ticks"
    }

    /// Escapes everything but RFC 3986's unreserved characters, so that it can stand in a path segment or a query value.
    public static func escaped(_ text: String) -> String {
        var result: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                result.append(byte)
            default:
                result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0xF)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
