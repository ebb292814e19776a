import Testing
import WorkflowModel
import WorkflowTestKit

@testable import WorkflowPages

/// Snapshots of the rerun page and the comparison page.
@Suite struct RerunSnapshotTests {
    private static let visitor = Visitor(
        key: "wk_1", name: "Ada", tenant: StoreBench.acme, policy: .operator, formToken: "token")
    private static let ids = (
        old: ConfigurationVersionID(rawValue: "etv-1"), new: ConfigurationVersionID(rawValue: "etv-2")
    )

    private static func run(_ id: String, _ state: RunState, took seconds: Double, version: ConfigurationVersionID = ids.old)
        -> ComparedRun
    {
        let run = WorkflowRun(
            id: RunID(rawValue: id), tenant: StoreBench.acme, name: "Daily \(SnapshotTests.hostile)", type: "a.b", state: state,
            createdAt: StoreBench.start, endedAt: StoreBench.after(seconds), principal: StoreBench.someone,
            origin: RunOrigin(configuration: "cg-daily", runMode: .full))
        let tasks = ["pull", "send"].map { name in
            TaskInstance(
                id: TaskID(rawValue: "\(id)-\(name)"), run: run.id, tenant: StoreBench.acme,
                label: "\(name) \(SnapshotTests.hostile)",
                state: name == "send" && state == .failed ? .failed : .succeeded, stateChangedAt: StoreBench.start,
                createdAt: StoreBench.start, endedAt: StoreBench.after(seconds), executionType: "command", definitionID: name,
                definitionType: "t")
        }
        let attempts = tasks.map {
            TaskAttemptRecord(task: $0.id, number: 1, startedAt: StoreBench.start, endedAt: $0.endedAt, outcome: $0.state)
        }
        let text = #"{"rows":\#(Int(seconds)),"note":"\#("'><b>")"}"#
        let details = WorkflowRunDetails(
            run: run, launchedVersion: version, currentVersion: ids.new, tasks: tasks)
        return ComparedRun(
            details: details, attempts: attempts,
            outputs: [TaskOutputs(definitionID: "pull", text: JSONText(validated: text), length: text.utf8.count)])
    }

    private static func version(_ id: ConfigurationVersionID, _ number: Int, _ text: String) -> ConfigurationVersion {
        ConfigurationVersion(
            id: id, tenant: StoreBench.acme, configuration: "cg-daily", number: number, name: "Daily", type: "a.b",
            source: ConfigurationSource(text: text, format: .yaml), createdAt: StoreBench.start, createdBy: StoreBench.someone)
    }

    @Test func comparing() throws {
        let versions = [
            ids.old: Self.version(ids.old, 1, "id: cg-daily\nname: Daily\ntype: a.b\n"),
            ids.new: Self.version(ids.new, 2, "id: cg-daily\nname: Daily \(SnapshotTests.hostile)\ntype: a.b\nwarn_after: 2h\n"),
        ]
        let page = ComparePage(
            Self.run("wf-2", .failed, took: 90), against: Self.run("wf-1", .succeeded, took: 60), versions: versions)
        try PageSnapshot.check(page, "compare")
        let alone = ComparePage(Self.run("wf-2", .failed, took: 90, version: ids.new), against: nil, versions: versions)
        #expect(try Pages().content(alone).contains("the launched version is the current one"))
    }

    @Test func rerunning() throws {
        let old = Self.run("wf-2", .failed, took: 90).details
        let configuration = WorkflowConfiguration(
            id: "cg-daily", name: "Daily", type: "a.b",
            stages: [
                Stage(name: "All", tasks: ["pull", "send"].map { StoreBench.task($0 + "") })
            ])
        let plan = try RunPlan(
            configuration, version: Self.version(ids.new, 2, ""), doingOver: Rerun(of: old, from: .failure, by: StoreBench.someone),
            at: StoreBench.after(100), random: SeededRandom(seed: 1))
        let choice = RerunChoice(start: .failure, version: .current, once: SnapshotTests.hostile)
        try PageSnapshot.check(RerunPage(old, choice, plan: .success(plan), for: Self.visitor), "rerun")
        let changed = RerunPage(old, choice, plan: .success(plan), redefined: ["pull"], for: Self.visitor)
        #expect(try Pages().content(changed).contains("<li>Task pull (definition has changed since)</li>"))
        let refused = RerunPage(old, choice, plan: .failure(.keepsEverything), for: Self.visitor)
        #expect(try Pages().content(refused).contains("have succeeded already"))
        #expect(!(try Pages().content(refused).contains("form_token")))
    }

    private var ids: (old: ConfigurationVersionID, new: ConfigurationVersionID) { Self.ids }
}
