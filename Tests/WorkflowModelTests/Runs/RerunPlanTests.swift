import Testing
import WorkflowModel

@Suite("Planning a rerun")
struct RerunPlanTests {
    private static let now = Timestamp(milliseconds: 1_718_755_200_000)
    private static let asker = Principal(id: "asker", name: "Asker")

    /// `a`, `b needs a`, `c only full`: tasks in one stage each, so that each may have its own run modes.
    private static func configuration(_ tasks: [String], labels: RunLabels = RunLabels()) -> WorkflowConfiguration {
        let stages = tasks.map { task in
            let words = task.split(separator: " ").map(String.init)
            let modes = words.firstIndex(of: "only").flatMap { RunMode(rawValue: words[$0 + 1]) }
            let needs = words.drop { $0 != "needs" }.dropFirst().prefix { $0 != "only" }
            let definition = TaskDefinition(
                id: words[0], label: words[0], type: "t", needs: Array(needs), action: .command(["x"]))
            return Stage(name: words[0], runModes: modes.map { [$0] } ?? Set(RunMode.allCases), tasks: [definition])
        }
        return WorkflowConfiguration(id: "daily", name: "Daily", type: "shop", labels: labels, stages: stages)
    }

    private static func version() throws -> ConfigurationVersion {
        ConfigurationVersion(
            id: ConfigurationVersionID(rawValue: "etv-2"), tenant: try #require(Tenant("acme")), configuration: "daily", number: 2,
            name: "Daily", type: "shop", source: ConfigurationSource(text: "", format: .yaml), createdAt: now, createdBy: asker)
    }

    /// An ended run with its tasks by definition id.
    private static func old(
        _ state: RunState = .failed, _ tasks: KeyValuePairs<String, TaskState>, mode: RunMode = .full,
        labels: RunLabels = RunLabels(), isImported: Bool = false
    ) throws -> WorkflowRunDetails {
        let tenant = try #require(Tenant("acme"))
        let id = RunID(rawValue: "wf-old")
        let run = WorkflowRun(
            id: id, tenant: tenant, name: "Daily", type: "shop", state: state, createdAt: now + .seconds(-60),
            endedAt: state.hasEnded ? now : nil, principal: Principal(id: "first", name: "First"),
            origin: RunOrigin(
                configuration: "daily", labels: labels, runMode: mode, range: TimeWindow(from: now, to: now + .seconds(5))))
        let instances = tasks.enumerated().map { position, task in
            TaskInstance(
                id: TaskID(rawValue: "wft-\(position)"), run: id, tenant: tenant, label: task.key, state: task.value,
                stateChangedAt: now, createdAt: now, executionType: "command", definitionID: task.key, definitionType: "t")
        }
        return WorkflowRunDetails(
            run: run, launchedVersion: ConfigurationVersionID(rawValue: "etv-1"), isImported: isImported, tasks: instances)
    }

    private static func plan(
        _ tasks: [String], over old: WorkflowRunDetails, from start: RerunStart = .failure, labels: RunLabels = RunLabels()
    ) throws -> RunPlan {
        try RunPlan(
            configuration(tasks, labels: labels), version: version(), doingOver: Rerun(of: old, from: start, by: asker), at: now,
            random: SystemRandom())
    }

    /// `a kept`, `b ready`, `c`: the initial states in a plan.
    private static func beginnings(_ plan: RunPlan) -> [String] {
        plan.tasks.map { task in
            task.definitionID + (task.kept == nil ? "" : " kept") + (task.isReady ? " ready" : "")
                + (task.isSkipped ? " skipped" : "")
        }
    }

    @Test(
        arguments: [
            // Failed and skipped tasks run.
            (
                ["a", "b needs a", "c needs b"], ["a": TaskState.succeeded, "b": .failed, "c": .skipped],
                ["a kept", "b ready", "c"]
            ),
            (["a", "b", "c needs a b"], ["a": .failed, "b": .succeeded, "c": .skipped], ["a ready", "b kept", "c"]),
            (["a", "b needs a"], ["a": .succeeded, "b": .canceled], ["a kept", "b ready"]),
            (["a", "b"], ["a": .failed, "b": .failed], ["a ready", "b ready"]),
            // A task that is new in this version runs, and so do all its dependents.
            (
                ["a", "new", "b needs a new", "c needs b"], ["a": .succeeded, "b": .succeeded, "c": .failed],
                ["a kept", "new ready", "b", "c"]
            ),
            // Removed tasks are ignored.
            (["b", "c needs b"], ["a": .succeeded, "b": .succeeded, "c": .failed], ["b kept", "c ready"]),
            // Tasks omitted by the run mode stay omitted.
            (
                ["a", "b only source", "c needs b a"], ["a": .succeeded, "b": .skipped, "c": .failed],
                ["a kept", "b skipped", "c ready"]
            ),
        ] as [([String], KeyValuePairs<String, TaskState>, [String])])
    func fromFailureTheRestRuns(
        tasks: [String], states: KeyValuePairs<String, TaskState>, expected: [String]
    ) throws {
        #expect(Self.beginnings(try Self.plan(tasks, over: Self.old(.failed, states))) == expected)
    }

    @Test func fromTheStartEverythingRuns() throws {
        let plan = try Self.plan(["a", "b needs a"], over: Self.old(.failed, ["a": .succeeded, "b": .failed]), from: .start)
        #expect(Self.beginnings(plan) == ["a ready", "b"])
        #expect(plan.rerunOf?.rawValue == "wf-old")
    }

    @Test func theRunIsThatOfTheOldOneAndOfWhoeverAsks() throws {
        let plan = try Self.plan(["a", "b"], over: Self.old(.canceled, ["a": .succeeded, "b": .canceled], mode: .refresh))
        #expect(plan.rerunOf?.rawValue == "wf-old" && plan.id.rawValue != "wf-old")
        #expect(plan.runMode == .refresh)
        #expect(plan.range == TimeWindow(from: Self.now, to: Self.now + .seconds(5)))
        #expect(plan.principal == Self.asker && plan.createdAt == Self.now && plan.version.rawValue == "etv-2")
        #expect(plan.tasks.map(\.state) == [.succeeded, .scheduled])
        #expect(plan.tasks[0].kept == KeptTask(id: TaskID(rawValue: "wft-0"), position: 0, origin: RunID(rawValue: "wf-old")))
    }

    @Test func labelsAreThoseOfTheOldRunAndNewOnesOfTheVersion() throws {
        func labels(_ text: String) throws -> RunLabels { try #require(RunLabels(storedText: text)) }
        let old = try Self.old(.failed, ["a": .failed], labels: labels("run:1,team:crm"))
        #expect(try Self.plan(["a"], over: old, labels: labels("team:ops,tier:gold")).labels == labels("run:1,team:crm,tier:gold"))
        // Those of the old run alone where all together would be too many.
        let many = try labels((1...RunLabels.most).map { "k\($0):" }.joined(separator: ","))
        #expect(try Self.plan(["a"], over: old, labels: many).labels == old.run.origin.labels)
    }

    @Test func whatWasKeptBeforeIsKeptFromWhereItRan() throws {
        var old = try Self.old(.failed, ["a": .succeeded, "b": .failed])
        old.tasks[0].keptFrom = RunID(rawValue: "wf-first")
        #expect(try Self.plan(["a", "b"], over: old).tasks[0].kept?.origin.rawValue == "wf-first")
    }

    private static func plan(
        _ tasks: [String], over old: WorkflowRunDetails, _ resolution: Resolution, of id: String, outputs: String? = nil
    ) throws -> RunPlan {
        let task = try #require(old.tasks.first { $0.definitionID == id })
        let order = ResolutionOrder(
            resolution, of: .one(task.id), outputs: outputs.map { JSONText(validated: $0) }, by: asker, at: now, reason: "known")
        return try RunPlan(
            configuration(tasks), version: version(), doingOver: Rerun(of: old, carrying: order), at: now, random: SystemRandom())
    }

    @Test func aDecisionOfAPersonIsCarriedByTheRerun() throws {
        let tasks = ["a", "b needs a", "c needs b", "d", "e needs d"]
        let old = try Self.old(.failed, ["a": .succeeded, "b": .failed, "c": .skipped, "d": .succeeded, "e": .succeeded])
        let skipped = try Self.plan(tasks, over: old, .skip, of: "b")
        #expect(Self.beginnings(skipped) == ["a kept", "b", "c ready", "d kept", "e kept"])
        #expect(skipped.tasks[1].state == .skipped && skipped.tasks[1].resolved?.outputs == JSONText(validated: "{}"))
        let decision = try #require(skipped.resolutions.first)
        #expect(skipped.resolutions.count == 1 && decision.task == skipped.tasks[1].id && decision.reason == "known")
        #expect(decision.resolution == .skip && decision.resolvedBy == Self.asker && decision.resolvedAt == Self.now)
        #expect(skipped.startEvent == .runResolved && skipped.rerunOf == old.run.id)

        let succeeded = try Self.plan(tasks, over: old, .succeed, of: "b", outputs: #"{"rows":3}"#)
        #expect(succeeded.tasks.map(\.state) == [.succeeded, .succeeded, .scheduled, .succeeded, .succeeded])
        #expect(succeeded.tasks[1].resolved?.outputs == JSONText(validated: #"{"rows":3}"#))

        #expect(
            try Self.beginnings(Self.plan(tasks, over: old, .retry, of: "b")) == ["a kept", "b ready", "c", "d kept", "e kept"])
        #expect(try Self.beginnings(Self.plan(tasks, over: old, .fromHere, of: "d")) == ["a kept", "b ready", "c", "d ready", "e"])
        #expect(try Self.beginnings(Self.plan(tasks, over: old, .fromHere, of: "a")) == ["a ready", "b", "c", "d kept", "e kept"])
        #expect(try Self.beginnings(Self.plan(tasks, over: old, .fromStart, of: "b")) == ["a ready", "b", "c", "d ready", "e"])
    }

    @Test func aSuccessfulRunIsRestartedFromATask() throws {
        let old = try Self.old(.succeeded, ["a": .succeeded, "b": .succeeded, "c": .succeeded])
        #expect(
            try Self.beginnings(Self.plan(["a", "b needs a", "c"], over: old, .fromHere, of: "a")) == ["a ready", "b", "c kept"])
        #expect(throws: RerunRefusal.resolution(.doesNotApply(label: "a", state: .succeeded))) {
            try Self.plan(["a", "b", "c"], over: old, .skip, of: "a")
        }
    }

    @Test func aRerunNeedsNothingToRunWhenEveryResultIsKeptOrGiven() throws {
        let plan = try Self.plan(["a", "b needs a"], over: Self.old(.failed, ["a": .succeeded, "b": .failed]), .succeed, of: "b")
        #expect(plan.isComplete && plan.tasks.map(\.state) == [.succeeded, .succeeded])
    }

    @Test func aResultThatAPersonGaveIsKeptLikeAnother() throws {
        var old = try Self.old(.failed, ["a": .skipped, "b": .failed])
        old.tasks[0].skipReason = .resolved
        old.tasks[0].resolution = .skip
        let plan = try Self.plan(["a", "b needs a"], over: old)
        #expect(Self.beginnings(plan) == ["a kept", "b ready"])
        #expect(plan.tasks[0].state == .skipped && plan.tasks[0].kept?.resolution == .skip)
        #expect(try Self.beginnings(Self.plan(["a", "b needs a"], over: old, .fromHere, of: "a")) == ["a ready", "b"])
    }

    @Test func aDecisionAboutATaskThatTheVersionLacksIsRefused() throws {
        let old = try Self.old(.failed, ["a": .failed, "b": .skipped])
        #expect(throws: RerunRefusal.lacksTask("a")) { try Self.plan(["b"], over: old, .skip, of: "a") }
        #expect(throws: RerunRefusal.lacksTask("a")) { try Self.plan(["a only source", "b"], over: old, .retry, of: "a") }
        #expect(try Self.plan(["b"], over: old, .fromStart, of: "a").resolutions.isEmpty)
        #expect(throws: RerunRefusal.resolution(.doesNotApply(label: "b", state: .skipped))) {
            try Self.plan(["a", "b"], over: old, .skip, of: "b")
        }
        #expect(throws: RerunRefusal.hasNotEnded) {
            try Self.plan(["a"], over: Self.old(.inProgress, ["a": .failed]), .skip, of: "a")
        }
    }

    @Test func whatCannotBeDoneOverIsRefused() throws {
        let ran = ["a": TaskState.succeeded, "b": .failed] as KeyValuePairs
        #expect(throws: RerunRefusal.hasNotEnded) { try Self.plan(["a", "b"], over: Self.old(.inProgress, ran)) }
        #expect(throws: RerunRefusal.hasNotEnded) { try Self.plan(["a", "b"], over: Self.old(.stopping, ran), from: .start) }
        #expect(throws: RerunRefusal.isHistory) { try Self.plan(["a", "b"], over: Self.old(.failed, ran, isImported: true)) }
        #expect(throws: RerunRefusal.hasNotFailed) { try Self.plan(["a"], over: Self.old(.succeeded, ["a": .succeeded])) }
        #expect(try Self.plan(["a"], over: Self.old(.succeeded, ["a": .succeeded]), from: .start).tasks.count == 1)
        // The failed task is removed, and the tasks omitted by the run mode never ran.
        #expect(throws: RerunRefusal.keepsEverything) {
            try Self.plan(["a", "c only source"], over: Self.old(.failed, ran))
        }
        let nothing = #expect(throws: RerunRefusal.self) { try Self.plan(["a only source"], over: Self.old(.failed, ran)) }
        guard case .hasNothingToRun(let refused) = nothing else {
            Issue.record("\(String(describing: nothing)) was thrown")
            return
        }
        #expect(refused.runMode == .full && refused.usable == [.source])
    }

    @Test func whoSaysNothingGoesOnFromAFailureAndDoesASuccessOver() {
        #expect(RunState.allCases.filter { $0.hasEnded && RerunStart.usual(for: $0) == .start } == [.succeeded])
    }

    /// A chain in which each task needs all earlier ones: half a million needs, each visited once.
    @Test(.timeLimit(.minutes(10)))
    func aLongChainCostsLittle() throws {
        let tasks = (0..<500).map { number in "t\(number) needs " + (0..<number).map { "t\($0)" }.joined(separator: " ") }
        let states = try Self.old(.failed, ["t0": .failed])
        var old = states
        old.tasks = (0..<500).map { number in
            var task = states.tasks[0]
            task.definitionID = "t\(number)"
            task.state = number == 0 ? .failed : .succeeded
            return task
        }
        #expect(try Self.plan(tasks, over: old).tasks.allSatisfy { $0.kept == nil })
    }
}
