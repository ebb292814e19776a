public import WorkflowModel

/// The graph of a run or of a version of a definition, on a page of its own.
public struct GraphPage: Page {
    public static let template = "graph_page"

    public var title: String { "Graph of \(name)" }
    public var section: Section? { isRun ? .history : .configured }

    var isRun: Bool
    var name: String
    var sectionHref: String
    var sectionName: String
    var backHref: String
    var backName: String
    var graph: Graph?

    /// - Parameter configuration: the definition that the run was launched with; nil when it is not known.
    public init(_ details: WorkflowRunDetails, _ configuration: WorkflowConfiguration?) {
        isRun = true
        name = details.run.name.visible()
        (sectionHref, sectionName) = (PageAddress.history, "Run history")
        (backHref, backName) = (PageAddress.run(details.run.id), details.run.id.rawValue)
        graph = Graph(details, TaskNeeds(details.tasks, configuration))
    }

    public init(_ version: ConfigurationVersion, _ configuration: WorkflowConfiguration) {
        isRun = false
        name = version.name.visible()
        (sectionHref, sectionName) = (PageAddress.configured, "Workflows")
        (backHref, backName) = (PageAddress.workflow(version.configuration), version.configuration)
        graph = Graph(configuration)
    }
}
