import Testing
import WorkflowModel
import WorkflowTestKit

/// A plan in which a single task runs.
@Suite("Plans of one task")
struct OneTaskPlanTests {
    private func plan(_ tasks: [TaskDefinition]) throws -> RunPlan {
        let configuration = WorkflowConfiguration(id: "cg", name: "One", type: "a.b", stages: [Stage(name: "All", tasks: tasks)])
        let version = ConfigurationVersion(
            id: ConfigurationVersionID(rawValue: "etv-1"), tenant: StoreBench.acme, configuration: "cg", number: 1, name: "One",
            type: "a.b", source: ConfigurationSource(text: "", format: .yaml), createdAt: StoreBench.start,
            createdBy: StoreBench.someone)
        return try RunPlan(
            configuration, version: version, for: RunRequest(principal: StoreBench.someone), at: StoreBench.start,
            random: SeededRandom(seed: 1))
    }

    @Test func directNeedsStayAndAllOthersAreSkipped() throws {
        var plan = try plan([
            StoreBench.task("a"), StoreBench.task("b", needs: ["a"]), StoreBench.task("c", needs: ["b"]),
            StoreBench.task("d", needs: ["c"]), StoreBench.task("close", .always, needs: ["a", "b", "c", "d"]),
        ])
        #expect(plan.keepOnly("c") == ["b"])
        #expect(plan.tasks.map(\.isSkipped) == [true, false, false, true, true])
        #expect(plan.tasks.map(\.isReady) == [false, true, false, false, false])
        #expect(plan.tasks.map(\.needs) == [[], [], ["b"], [], []])
    }

    @Test func aTaskWithoutNeedsIsReady() throws {
        var plan = try plan([StoreBench.task("a"), StoreBench.task("b", needs: ["a"])])
        #expect(plan.keepOnly("a") == [])
        #expect(plan.tasks.map(\.isReady) == [true, false])
        #expect(plan.tasks.map(\.isSkipped) == [false, true])
    }

    @Test func aClosingTaskForFailuresRuns() throws {
        var plan = try plan([StoreBench.task("a"), StoreBench.task("close", .failure, needs: ["a"])])
        #expect(plan.keepOnly("close") == ["a"])
        #expect(plan.tasks.map(\.when) == [.success, .always])
    }

    @Test func anUnknownTaskChangesNothing() throws {
        var plan = try plan([StoreBench.task("a")])
        let before = plan
        #expect(plan.keepOnly("b") == nil)
        #expect(plan == before)
    }
}
