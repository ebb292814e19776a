import Testing
import WorkflowModel

@Suite("Planning runs with closing tasks")
struct ClosingPlanTests {
    private static let now = Timestamp(milliseconds: 1_718_755_200_000)
    private static let asker = Principal(id: "asker", name: "Asker")

    private static func task(_ id: String, _ when: TaskCondition = .success, needs: [String] = []) -> TaskDefinition {
        TaskDefinition(id: id, label: id, type: "t", when: when, needs: needs, action: .command(["x"]))
    }

    private static let stages = [
        Stage(name: "Sources", runModes: [.source, .full], tasks: [task("pull"), task("drop", .always, needs: ["pull"])]),
        Stage(
            name: "Rest", runModes: [.refresh, .full],
            tasks: [
                task("build", needs: ["pull"]), task("tell", .failure, needs: ["pull", "build"]),
                task("last", .always, needs: ["tell"]),
            ]),
        Stage(name: "Closing", tasks: [task("of-pull", .always, needs: ["pull"])]),
    ]

    private static let configuration = WorkflowConfiguration(
        id: "daily", name: "Daily", type: "shop", afterStop: .seconds(30), stages: stages)

    private static func version() throws -> ConfigurationVersion {
        ConfigurationVersion(
            id: ConfigurationVersionID(rawValue: "etv-2"), tenant: try #require(Tenant("acme")), configuration: "daily", number: 2,
            name: "Daily", type: "shop", source: ConfigurationSource(text: "", format: .yaml), createdAt: now, createdBy: asker)
    }

    private static func plan(_ mode: RunMode) throws -> RunPlan {
        try RunPlan(
            configuration, version: version(), for: RunRequest(principal: asker, runMode: mode), at: now, random: SystemRandom())
    }

    /// `pull ready`, `drop needs pull`, `build skipped`
    private static func words(_ plan: RunPlan) -> [String] {
        plan.tasks.map { task in
            task.definitionID + (task.kept == nil ? "" : " kept") + (task.isReady ? " ready" : "")
                + (task.isSkipped ? " skipped" : "") + (task.needs.isEmpty ? "" : " needs " + task.needs.joined(separator: " "))
        }
    }

    @Test func closingTasksWaitForWhatTheyNeed() throws {
        let plan = try Self.plan(.full)
        #expect(
            Self.words(plan) == [
                "pull ready", "drop needs pull", "build needs pull", "tell needs pull build", "last needs tell",
                "of-pull needs pull",
            ])
        #expect(plan.tasks.map(\.when) == [.success, .always, .success, .failure, .always, .always])
        #expect(plan.afterStop == .seconds(30))
    }

    @Test func theRunModeSkipsAClosingTaskThatHasNothingToClose() throws {
        #expect(
            Self.words(try Self.plan(.refresh)) == [
                "pull skipped", "drop skipped", "build ready", "tell needs build", "last needs tell", "of-pull skipped",
            ])
        #expect(
            Self.words(try Self.plan(.source)) == [
                "pull ready", "drop needs pull", "build skipped", "tell skipped", "last skipped", "of-pull needs pull",
            ])
    }

    @Test func aModeInWhichOnlyClosingTasksWouldRunIsRefused() throws {
        var configuration = Self.configuration
        configuration.stages = [Self.stages[0], Self.stages[2]]
        let version = try Self.version()
        let error = #expect(throws: RunPlanError.self) {
            try RunPlan(
                configuration, version: version, for: RunRequest(principal: Self.asker, runMode: .refresh), at: Self.now,
                random: SystemRandom())
        }
        guard case .nothingToRun(let refused)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(refused.usable == [.source, .full])
    }

    @Test func aRunWithoutClosingTasksHasNoTimeAfterAStop() throws {
        var configuration = Self.configuration
        configuration.stages = [Stage(name: "Sources", tasks: [Self.task("pull")])]
        let plan = try RunPlan(
            configuration, version: Self.version(), for: RunRequest(principal: Self.asker), at: Self.now, random: SystemRandom())
        #expect(plan.afterStop == nil)
    }

    // MARK: Reruns

    private static func rerun(_ states: [TaskState], _ state: RunState = .failed) throws -> RunPlan {
        let tenant = try #require(Tenant("acme"))
        let id = RunID(rawValue: "wf-old")
        let run = WorkflowRun(
            id: id, tenant: tenant, name: "Daily", type: "shop", state: state, createdAt: now, endedAt: now, principal: asker,
            origin: RunOrigin(configuration: "daily", runMode: .full))
        let tasks = zip(configuration.tasks, states).map { definition, state in
            TaskInstance(
                id: TaskID(rawValue: "wft-\(definition.id)"), run: id, tenant: tenant, label: definition.label, state: state,
                stateChangedAt: now, createdAt: now, endedAt: now, executionType: "command", definitionID: definition.id,
                definitionType: "t", when: definition.when)
        }
        let old = WorkflowRunDetails(run: run, launchedVersion: ConfigurationVersionID(rawValue: "etv-1"), tasks: tasks)
        return try RunPlan(
            configuration, version: version(), doingOver: Rerun(of: old, from: .failure, by: asker), at: now, random: SystemRandom()
        )
    }

    @Test func aRerunFromTheFailureRunsClosingTasksAgain() throws {
        let plan = try Self.rerun([.succeeded, .succeeded, .failed, .succeeded, .succeeded, .succeeded])
        #expect(
            Self.words(plan) == [
                "pull kept", "drop ready needs pull", "build ready needs pull", "tell needs pull build", "last needs tell",
                "of-pull ready needs pull",
            ])
    }

    @Test func aFailedClosingTaskAloneCanRunAgain() throws {
        let plan = try Self.rerun([.succeeded, .failed, .succeeded, .skipped, .succeeded, .succeeded])
        #expect(
            Self.words(plan) == [
                "pull kept", "drop ready needs pull", "build kept needs pull", "tell skipped needs pull build",
                "last ready needs tell", "of-pull ready needs pull",
            ])
        #expect(plan.tasks[3].state == .skipped)
    }

    @Test func withoutAnythingToDoOverARerunIsRefused() throws {
        #expect(throws: RerunRefusal.keepsEverything) {
            try Self.rerun([.succeeded, .succeeded, .succeeded, .skipped, .succeeded, .succeeded])
        }
    }
}
