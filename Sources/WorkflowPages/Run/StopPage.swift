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

    public init(_ run: WorkflowRun, for visitor: Visitor) {
        id = run.id.rawValue
        name = run.name.visible()
        back = PageAddress.run(run.id)
        action = back + "/stop"
        formToken = visitor.formToken
    }
}
