public import WorkflowModel

/// Asks whether a run is really to be stopped.
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
        name = run.name
        back = PageAddress.run(run.id)
        action = back + "/stop"
        formToken = visitor.formToken
    }
}
