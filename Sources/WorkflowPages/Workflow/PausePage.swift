public import WorkflowModel

/// The fields of the form that pauses a workflow.
public struct PauseFields: Hashable, Sendable {
    public var reason: String
    /// A date-time; empty for a pause until the workflow is resumed.
    public var until: String

    public init(reason: String = "", until: String = "") {
        self.reason = reason
        self.until = until
    }

    public init(_ pause: WorkflowPause) {
        self.init(reason: pause.reason, until: pause.until?.iso8601 ?? "")
    }
}

/// The form that pauses a workflow, or changes its pause.
public struct PausePage: Page {
    public static let template = "pause"

    public var title: String { "Pause \(name)" }
    public var section: Section? { .configured }

    var name: String
    var action: String
    var back: String
    var formToken: String
    var reason: String
    var until: String
    /// Characters of a reason that the browser lets through. The service counts bytes.
    var longest = ReasonRule.bytes
    var problem: String?

    /// - Parameter problem: why the fields cannot pause the workflow, in one sentence.
    public init(_ version: ConfigurationVersion, fields: PauseFields, problem: String? = nil, for visitor: Visitor) {
        name = version.name.visible()
        action = PageAddress.pause(version.configuration)
        back = PageAddress.workflow(version.configuration)
        formToken = visitor.formToken
        reason = fields.reason
        until = Timestamp(iso8601: fields.until)?.field ?? fields.until
        self.problem = problem
    }
}

extension ConfirmPage {
    public static func resume(_ version: ConfigurationVersion, for visitor: Visitor) -> ConfirmPage {
        ConfirmPage(
            title: "Resume \(version.name.visible())?", section: .configured,
            text:
                "Its schedules and triggers start runs again, beginning with the next tick or event. Those that were held back stay so.",
            action: PageAddress.resume(version.configuration), formToken: visitor.formToken, button: "Resume", isDanger: false,
            back: PageAddress.workflow(version.configuration))
    }
}
