public import WorkflowModel

/// The fields of the form that edits the definition of a workflow.
public struct EditFields: Hashable, Sendable {
    @Exact public var text: String
    /// The id of the version that the text was made from; empty for a new workflow.
    @Exact public var base: String

    public init(text: String, base: String = "") {
        self.text = text
        self.base = base
    }

    /// - Parameter version: the one to edit.
    public init(_ version: ConfigurationVersion) {
        self.init(text: version.source.text, base: version.id.rawValue)
    }
}

/// The form that validates and applies a definition: a new one, or a change.
public struct EditPage: Page {
    public static let template = "edit"

    /// The result of checking the text of the form.
    public enum Outcome: Sendable {
        case unchecked
        /// The text cannot be applied.
        case problems([ConfigurationProblem])
        /// The text can be applied.
        /// - Parameter number: of the version that applying it creates; nil when it is the current version.
        case valid(number: Int?, warnings: [ConfigurationProblem] = [])
    }

    struct Problem: Sendable {
        /// The line in the text; nil when the problem has none.
        var line: Int?
        var message: String
        /// The text of the line.
        var excerpt: String?

        init(_ problem: ConfigurationProblem, in lines: [Substring]) {
            line = problem.line.flatMap { lines.indices.contains($0 - 1) ? $0 : nil }
            message = problem.message.visible()
            excerpt = line.map { CutText.text(String(lines[$0 - 1]), longest: SourceText.longestLine).visible() }
        }
    }

    public var title: String { heading }
    public var section: Section? { .configured }

    var heading: String
    /// The workflow that is edited; nil for a new one.
    var id: String?
    var back: String
    var action: String
    var formToken: String
    var text: String
    var rows: Int
    var base: String
    /// Bytes that the browser lets through, if each character is one. The service counts bytes.
    var longest = ConfigurationLimits.textBytes
    var directory: String?
    var problems: [Problem] = []
    var problemTitle = ""
    var note: String?
    var warnings: [Problem] = []
    var hasWarnings = false
    /// The changes since the current version.
    var diff: DiffText?

    /// - Parameter current: the version that is edited; nil for a new workflow.
    public init(_ fields: EditFields, current: ConfigurationVersion?, outcome: Outcome = .unchecked, for visitor: Visitor) {
        heading = current.map { "Edit \($0.name.visible())" } ?? "New workflow"
        id = current?.configuration
        back = current.map { PageAddress.workflow($0.configuration) } ?? PageAddress.configured
        action = current.map { PageAddress.edit($0.configuration) } ?? PageAddress.newWorkflow
        formToken = visitor.formToken
        text = fields.text
        base = fields.base
        directory = current?.source.directory?.visible()
        let lines = fields.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        rows = min(max(lines.count + 2, 12), 40)
        switch outcome {
        case .unchecked: break
        case .problems(let found):
            problemTitle = CountText.text(found.count, "problem", "problems") + ". Nothing was changed."
            problems = found.map { Problem($0, in: lines) }
        case .valid(let number, let found):
            warnings = found.map { Problem($0, in: lines) }
            hasWarnings = !found.isEmpty
            note =
                number.map { "No problem was found. Apply creates version \($0)." }
                ?? "No problem was found, and nothing has changed."
            diff = current.map { LineDiff(from: $0.source.text, to: fields.text) }.flatMap { $0.isEmpty ? nil : DiffText($0) }
        }
    }
}

/// A first workflow, to try the service with.
public enum SampleWorkflow {
    public static let id = "hello"

    /// It needs no other program than a shell.
    public static let text = """
        # A sample: two tasks, of which the second needs the first.
        id: hello
        name: Hello
        type: sample.hello
        stages:
          - name: Greet
            tasks:
              - id: look
                label: Look around
                type: shell
                command: [sh, -c, 'echo "It is $(date)."']
              - id: greet
                label: Say hello
                type: shell
                needs: [look]
                command: [echo, Hello from Weir]

        """
}
