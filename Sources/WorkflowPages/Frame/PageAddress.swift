public import WorkflowModel

/// The paths of the pages.
public enum PageAddress {
    public static let root = "/"
    public static let signIn = "/sign-in"
    public static let signOut = "/sign-out"
    public static let history = "/runs"
    public static let export = "/runs/export"
    public static let completions = "/runs/completions"
    public static let views = "/views"
    public static let newView = "/views/new"
    public static let configured = "/workflows"
    /// Not below the workflows, whose ids may be anything.
    public static let newWorkflow = "/new-workflow"
    public static let bulk = "/bulk"
    public static let newBulk = "/bulk/new"
    public static let keys = "/settings/keys"
    public static let secrets = "/settings/secrets"
    public static let newSecret = "/settings/secrets/new"
    public static let alerts = "/settings/alerts"
    /// Receivers of alerts.
    public static let receivers = "/settings/alerts/receivers"
    public static let newReceiver = "/settings/alerts/receivers/new"
    public static let audit = "/settings/audit"
    public static let assets = "/assets"
    public static let palette = "/go"
    public static let display = "/display"
    public static let shortcuts = "/shortcuts"

    public static func signIn(link: String) -> String { "\(signIn)/\(PathSegment.escaped(link))" }
    public static func run(_ id: RunID) -> String { "\(history)/\(PathSegment.escaped(id.rawValue))" }
    public static func bulk(_ id: BulkID) -> String { "\(bulk)/\(PathSegment.escaped(id.rawValue))" }
    public static func task(_ task: TaskID, of run: RunID) -> String {
        "\(self.run(run))/tasks/\(PathSegment.escaped(task.rawValue))"
    }
    /// The history with some conditions.
    static func history(_ conditions: [(field: RunFilterField, text: String?)]) -> String {
        history + query(conditions.map { ($0.field.name, $0.text) })
    }
    public static func resolve(_ task: TaskID, of run: RunID) -> String { self.task(task, of: run) + "/resolve" }
    /// The form with a resolution chosen.
    static func resolve(_ task: TaskID, of run: RunID, by resolution: Resolution) -> String {
        resolve(task, of: run) + query([(resolutionName, resolution.rawValue)])
    }
    /// The parameter with the chosen resolution.
    public static let resolutionName = "resolution"
    public static func graph(_ id: RunID) -> String { run(id) + "/graph" }
    static func notes(_ id: RunID) -> String { run(id) + "/notes" }
    static func subscriptions(to id: RunID) -> String { run(id) + "/subscriptions" }
    public static func rerun(_ id: RunID) -> String { run(id) + "/rerun" }
    public static func compare(_ id: RunID) -> String { run(id) + "/compare" }
    public static func workflow(_ configuration: String) -> String { "\(configured)/\(PathSegment.escaped(configuration))" }
    public static func startForm(_ configuration: String) -> String { workflow(configuration) + "/run" }
    public static func schedule(_ configuration: String) -> String { workflow(configuration) + "/schedule" }
    /// Where another system posts to a webhook.
    static func hook(_ name: String, of configuration: String, tenant: Tenant) -> String {
        "/hooks/\(tenant.name)/\(PathSegment.escaped(configuration))/\(name)"
    }
    public static func edit(_ configuration: String) -> String { workflow(configuration) + "/edit" }
    public static func pause(_ configuration: String) -> String { workflow(configuration) + "/pause" }
    public static func resume(_ configuration: String) -> String { workflow(configuration) + "/resume" }
    public static func graph(_ configuration: String, version: Int? = nil) -> String {
        workflow(configuration) + "/graph" + query([("version", version.map(String.init))])
    }
    /// - Parameter version: its number; nil for the current one.
    public static func definition(_ configuration: String, version: Int? = nil) -> String {
        workflow(configuration) + "/definition" + query([("version", version.map(String.init))])
    }
    static func resend(_ alert: String) -> String { "\(alerts)/\(PathSegment.escaped(alert))/resend" }
    private static func receiver(_ name: String) -> String { "\(receivers)/\(PathSegment.escaped(name))" }
    static func enable(_ receiver: String) -> String { self.receiver(receiver) + "/enable" }
    static func editReceiver(_ name: String) -> String { receiver(name) + "/edit" }
    static func deleteReceiver(_ name: String) -> String { receiver(name) + "/delete" }
    static func rotateReceiver(_ name: String) -> String { receiver(name) + "/rotate" }
    static func testReceiver(_ name: String) -> String { receiver(name) + "/test" }
    public static func key(_ id: String) -> String { "\(keys)/\(PathSegment.escaped(id))" }

    public static func dropView(_ name: String) -> String { "\(views)/\(PathSegment.escaped(name))/delete" }
    /// The form with the name of a secret.
    static func newSecret(_ name: String) -> String { newSecret + query([(secretName, name)]) }
    static func deleteSecret(_ name: String) -> String { "\(secrets)/\(PathSegment.escaped(name))/delete" }
    /// The parameter with the name of a secret.
    public static let secretName = "name"
    /// The parameter of the form of an export.
    public static let exportFormat = "format"
    /// The parameter with the text of the search box.
    public static let searchText = "q"

    /// The address of the live updates of a page.
    public static func live(_ address: String) -> String {
        let parts = address.split(separator: "?", maxSplits: 1)
        return (parts.first.map(String.init) ?? "") + "/live" + (parts.count > 1 ? "?\(parts[1])" : "")
    }

    /// Colons and slashes stay readable: in a query they have no meaning (RFC 3986, section 3.4).
    private static func queryEncoded(_ text: String) -> String {
        PathSegment.percentEncoded(text).replacing("%3A", with: ":").replacing("%2F", with: "/")
    }

    static func query(_ pairs: [(String, String?)]) -> String {
        let present = pairs.compactMap { name, value in value.map { "\(name)=\(queryEncoded($0))" } }
        return present.isEmpty ? "" : "?" + present.joined(separator: "&")
    }
}
