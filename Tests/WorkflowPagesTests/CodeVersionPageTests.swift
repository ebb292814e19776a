import Testing
import WorkflowModel
import WorkflowTestKit

@testable import WorkflowPages

/// The code of a workflow's directory on the pages.
@Suite("Code versions on pages")
struct CodeVersionPageTests {
    private static let visitor = Visitor(key: "wk_1", name: "Ada", tenant: StoreBench.acme, policy: .operator, formToken: "token")
    private static let old = CodeVersion(commit: String(repeating: "0a", count: 20), isDirty: false)
    private static let new = CodeVersion(commit: String(repeating: "0b", count: 20), isDirty: true)
    private static let oldWords = "0a0a0a0a0a0a"
    private static let newWords = "0b0b0b0b0b0b with uncommitted changes"

    private static func version(_ number: Int, _ code: CodeVersion?, in directory: String = "/srv") -> ConfigurationVersion {
        ConfigurationVersion(
            id: ConfigurationVersionID(rawValue: "etv-\(number)"), tenant: StoreBench.acme, configuration: "cg-daily",
            number: number, name: "Daily", type: "a.b",
            source: ConfigurationSource(text: "id: cg-daily\n", format: .yaml, directory: directory, code: code),
            createdAt: StoreBench.start, createdBy: StoreBench.someone)
    }

    private static var details: WorkflowRunDetails {
        WorkflowRunDetails(
            run: WorkflowRun(
                id: RunID(rawValue: "wf-1"), tenant: StoreBench.acme, name: "Daily", type: "a.b", state: .failed,
                createdAt: StoreBench.start, endedAt: StoreBench.after(1), principal: StoreBench.someone,
                origin: RunOrigin(configuration: "cg-daily", runMode: .full)),
            launchedVersion: ConfigurationVersionID(rawValue: "etv-1"), currentVersion: ConfigurationVersionID(rawValue: "etv-2"))
    }

    private static func text(_ page: some Page) throws -> String {
        try Pages().content(page)
    }

    @Test func aRunShowsItsCodeAndThatTheDirectoryHasChanged() throws {
        var details = Self.details
        func text() throws -> String {
            try Self.text(RunDetailsPage(details, attempts: [], for: Self.visitor, at: StoreBench.after(2)))
        }
        #expect(!(try text().contains(">Code<")))
        details.code = Self.old
        #expect(try text().contains(Self.oldWords))
        #expect(!(try text().contains("changed since")))
        details.currentCode = Self.new
        #expect(try text().contains("\(Self.oldWords); the directory has changed since, to \(Self.newWords)"))
    }

    @Test func aWorkflowAndItsDefinitionShowTheirCode() throws {
        func workflow(_ code: CodeVersion?) throws -> String {
            try Self.text(WorkflowPage(WorkflowOverview(version: Self.version(1, code), configuration: nil), for: Self.visitor))
        }
        #expect(try workflow(Self.new).contains(Self.newWords))
        #expect(!(try workflow(nil).contains(">Code<")))
        let (first, second) = (Self.version(1, Self.old), Self.version(2, Self.new))
        let definition = try Self.text(DefinitionPage(second, before: first, among: [second, first]))
        #expect(definition.contains("the code there was \(Self.newWords)"))
        #expect(definition.contains("The text is that of version 1; the code in the working directory differs."))
        let moved = Self.version(2, Self.new, in: "/opt")
        #expect(
            try Self.text(DefinitionPage(moved, before: first, among: [moved, first]))
                .contains("The text is that of version 1; the working directory differs."))
    }

    @Test func aRerunSaysThatTheDirectoryHasChanged() throws {
        var details = Self.details
        details.code = Self.old
        func text(_ version: RerunVersion, current: CodeVersion?) throws -> String {
            let choice = RerunChoice(start: .failure, version: version, once: "")
            let plan = try Self.plan
            return try Self.text(RerunPage(details, choice, plan: .success(plan), code: current, for: Self.visitor))
        }
        let sentence = "The directory has changed since the run: \(Self.oldWords) then, \(Self.newWords) now."
        #expect(!(try text(.launched, current: Self.new).contains(sentence)))
        #expect(try text(.current, current: Self.new).contains(sentence))
        #expect(!(try text(.current, current: Self.old).contains("has changed")))
        details.currentCode = Self.new
        #expect(try text(.launched, current: nil).contains(sentence))
    }

    private static var plan: RunPlan {
        get throws {
            let configuration = WorkflowConfiguration(
                id: "cg-daily", name: "Daily", type: "a.b", stages: [Stage(name: "All", tasks: [StoreBench.task("a")])])
            return try RunPlan(
                configuration, version: version(2, new), for: RunRequest(principal: StoreBench.someone), at: StoreBench.start,
                random: SeededRandom(seed: 1))
        }
    }
}
