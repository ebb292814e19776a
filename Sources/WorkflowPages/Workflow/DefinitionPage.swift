import Mustache
public import WorkflowModel

/// A version of a workflow's definition, its changes, and the other versions.
public struct DefinitionPage: Page {
    public static let template = "definition"
    /// Versions listed at most.
    public static let most = 50

    struct Row: Sendable, MustacheParent {
        var number: String
        var href: String
        var isCurrent: Bool
        var time: TimeText
        var by: String

        func child(named name: String) -> Any? {
            switch name {
            case "number": number
            case "href": href
            case "isCurrent": isCurrent
            case "time": time
            case "by": by
            default: nil
            }
        }
    }

    public var title: String { "Definition of \(name)" }
    public var section: Section? { .configured }

    var name: String
    var id: String
    var workflowHref: String
    var heading: String
    var versionID: String
    var time: TimeText
    var by: String
    /// The working directory of its commands; nil for one of the service.
    var directory: String?
    /// The code in that directory when it was applied; nil when it is not known.
    var code: String?
    var source: SourceText
    /// The changes since the version before; nil for the first one, and when the version before is no longer stored.
    var diff: DiffText?
    var diffNote: String
    var rows: [Row]
    /// nil for a large one, which has its own page.
    var graph: Graph?
    /// nil when this program cannot read the version.
    var graphHref: String?
    var hasGraph: Bool

    /// - Parameters:
    ///   - shown: the version to show.
    ///   - before: the version before it; nil for none.
    ///   - versions: newest first.
    ///   - configuration: the version to show; nil when this program cannot read it.
    public init(
        _ shown: ConfigurationVersion, before: ConfigurationVersion?, among versions: [ConfigurationVersion],
        configuration: WorkflowConfiguration? = nil
    ) {
        name = shown.name.visible()
        id = shown.configuration
        workflowHref = PageAddress.workflow(shown.configuration)
        heading = "Version \(shown.number)"
        versionID = shown.id.rawValue
        time = TimeText(shown.createdAt)
        by = shown.createdBy.name.visible()
        directory = shown.source.directory?.visible()
        code = shown.source.code?.words
        graph = configuration.flatMap { Graph.fitsInPage(TaskNeeds($0)) ? Graph($0) : nil }
        graphHref = configuration == nil ? nil : PageAddress.graph(shown.configuration, version: shown.number)
        hasGraph = graph != nil
        source = SourceText(shown.source)
        if let before {
            let diff = LineDiff(from: before.source.text, to: shown.source.text)
            self.diff = diff.isEmpty ? nil : DiffText(diff)
            diffNote =
                diff.isEmpty
                ? "The text is that of version \(before.number); the \(Self.difference(before.source, shown.source)) differs."
                : "From version \(before.number):"
        } else {
            diffNote = shown.number == 1 ? "This is the first version." : "The version before is no longer stored."
        }
        rows = versions.map { version in
            Row(
                number: "Version \(version.number)",
                href: PageAddress.definition(version.configuration, version: version.number),
                isCurrent: version.id == shown.id, time: TimeText(version.createdAt), by: version.createdBy.name.visible())
        }
    }

    /// The difference between two sources with the same text.
    private static func difference(_ before: ConfigurationSource, _ shown: ConfigurationSource) -> String {
        before.directory.isIdentical(to: shown.directory) ? "code in the working directory" : "working directory"
    }
}
