public import WorkflowModel

/// Asks for confirmation before a run is stopped.
public struct StopPage: Page {
    public static let template = "stop"

    public var title: String { "Stop \(name)" }
    public var section: Section? { .history }

    var id: String
    var name: String
    var action: String
    var back: String
    var formToken: String
    var reason: String
    var longest = ReasonRule.bytes
    var problem: String?

    /// - Parameter problem: what is wrong with the reason, in one sentence.
    public init(_ run: WorkflowRun, reason: String = "", problem: String? = nil, for visitor: Visitor) {
        id = run.id.rawValue
        name = run.name.visible()
        back = PageAddress.run(run.id)
        action = back + "/stop"
        formToken = visitor.formToken
        self.reason = reason
        self.problem = problem
    }
}
