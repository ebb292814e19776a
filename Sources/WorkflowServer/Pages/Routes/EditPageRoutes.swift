import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowOperations
import WorkflowPages

/// The forms that write and change definitions of workflows.
struct EditPageRoutes: Sendable {
    let service: PageService

    var routes: [PageRoute] {
        let edit = PageAddress.configured + "/{id}/edit"
        let longest = Limits.configurationBody
        return [
            PageRoute(.get, PageAddress.newWorkflow, .policy(.admin)) { call in
                try answer(EditFields(text: SampleWorkflow.text), of: nil, to: call)
            },
            PageRoute(.post, PageAddress.newWorkflow, .policy(.admin), fieldBytes: longest) { call in
                try await submit(call, of: nil)
            },
            PageRoute(.get, edit, .policy(.admin)) { call in
                let version = try await service.version(of: call)
                return try answer(EditFields(version), of: version, to: call)
            },
            PageRoute(.post, edit, .policy(.admin), fieldBytes: longest) { call in
                try await submit(call, of: try await service.version(of: call))
            },
        ]
    }

    /// Checks a text, and applies it if that button was pressed.
    private func submit(_ call: PageCall, of current: ConfigurationVersion?) async throws -> Response {
        let visitor = try call.known()
        // Browsers send two characters for the end of a line.
        let fields = EditFields(
            text: try call.field("text").replacing("\r\n", with: "\n"), base: try call.field("base"))
        do {
            var checked = try service.api.read(
                fields.text.utf8, format: current?.source.format ?? .yaml, directory: current?.source.directory, file: Self.file)
            try await checkPlace(of: checked.configuration, fields, current, visitor.tenant)
            try await service.api.check(checked, of: visitor.tenant, file: Self.file)
            // The text is none of the commit that the directory is at.
            checked.source.code = current?.source.code
            if current?.source.text.isIdentical(to: checked.source.text) == false { checked.source.code?.isDirty = true }
            let isSame = current?.source == checked.source
            guard try call.field("do") == "apply" else {
                let warnings = try await service.api.warnings(about: checked, of: visitor.tenant, file: Self.file)
                let number = isSame ? nil : (current?.number ?? 0) + 1
                return try answer(fields, of: current, .valid(number: number, warnings: warnings), to: call)
            }
            let principal = Principal(id: visitor.key, name: visitor.name)
            _ = try await service.api.save(checked, of: visitor.tenant, by: principal, at: service.now)
            return .seeOther(PageAddress.workflow(checked.configuration.id))
        } catch let error as ConfigurationProblems {
            return try answer(fields, of: current, .problems(error.problems), to: call)
        }
    }

    /// Checks that a text is of the edited workflow, and made from its current version.
    private func checkPlace(
        of configuration: WorkflowConfiguration, _ fields: EditFields, _ current: ConfigurationVersion?, _ tenant: Tenant
    ) async throws {
        if let current {
            guard configuration.id.isIdentical(to: current.configuration) else {
                throw Self.problem(
                    "The id is \(configuration.id.quoted), but this page edits \(current.configuration.quoted). Set the id back, or "
                        + "write a new workflow.")
            }
            guard fields.base == current.id.rawValue else {
                throw Self.problem(
                    "\(current.createdBy.name) applied version \(current.number) while you edited an earlier one. Copy your text, "
                        + "open this page again, and make your change there.")
            }
        } else if try await service.stores.configurations.configuration(configuration.id, of: tenant) != nil {
            throw Self.problem("The workflow \(configuration.id.quoted) exists already. Choose another id, or edit that workflow.")
        }
    }

    /// The name of the text in problems, which the page does not show.
    private static let file = "text"

    private static func problem(_ message: String) -> ConfigurationProblems {
        ConfigurationProblems(problems: [ConfigurationProblem(file: file, line: nil, message: message)])
    }

    private func answer(
        _ fields: EditFields, of current: ConfigurationVersion?, _ outcome: EditPage.Outcome = .unchecked, to call: PageCall
    ) throws -> Response {
        let visitor = try call.known()
        let page = EditPage(fields, current: current, outcome: outcome, for: visitor)
        var isWrong = false
        if case .problems = outcome { isWrong = true }
        return .html(service.pages.document(page, for: visitor), status: isWrong ? .badRequest : .ok)
    }
}
