import Foundation
import Testing
import WorkflowModel

@Suite("Planning a run")
struct RunPlanTests {
    private static let now = Timestamp(milliseconds: 1_718_755_200_000)
    private static let principal = Principal(id: "key", name: "Key")

    /// `source|refresh|full: a, b needs a`: a stage, its modes and its tasks.
    private static func configuration(_ stages: [String], runMode: RunMode = .full) -> WorkflowConfiguration {
        var before: [String] = []
        let parsed = stages.map { stage in
            let parts = stage.split(separator: ":")
            let modes = Set(parts[0].split(separator: "|").compactMap { RunMode(rawValue: String($0)) })
            let tasks = (parts.count > 1 ? parts[1].split(separator: ",") : []).map { task in
                let words = task.split(separator: " ").map(String.init)
                let needs = words.contains("needs") ? Array(words.drop { $0 != "needs" }.dropFirst()) : before
                return TaskDefinition(id: words[0], label: words[0], type: "t", needs: needs, action: .command(["x"]))
            }
            if !tasks.isEmpty { before = tasks.map(\.id) }
            return Stage(name: stage, runModes: modes, tasks: tasks)
        }
        return WorkflowConfiguration(
            id: "daily", name: "Daily", type: "shop", runMode: runMode, warnAfter: .seconds(9), stages: parsed)
    }

    private static func plan(
        _ configuration: WorkflowConfiguration, mode: RunMode? = nil, range: TimeWindow? = nil, labels: RunLabels = RunLabels()
    ) throws -> RunPlan {
        let tenant = try #require(Tenant("acme"))
        let version = ConfigurationVersion(
            id: ConfigurationVersionID(rawValue: "etv-1"), tenant: tenant, configuration: "daily", number: 1, name: "Daily",
            type: "shop", source: ConfigurationSource(text: "", format: .yaml), createdAt: now, createdBy: principal)
        let request = RunRequest(principal: principal, runMode: mode, range: range, labels: labels)
        return try RunPlan(configuration, version: version, for: request, at: now, random: SystemRandom())
    }

    /// `a`, `b needs a`, `c skipped`: the tasks of a plan in the notation of these tables.
    private static func tasks(_ plan: RunPlan) -> [String] {
        plan.tasks.map { task in
            task.definitionID + (task.isSkipped ? " skipped" : "")
                + (task.needs.isEmpty ? "" : " needs " + task.needs.joined(separator: " "))
        }
    }

    private static let stages = ["source|refresh|full: a,b", "refresh|full: c,d needs a", "full: e"]

    @Test(arguments: [
        (stages, RunMode.full, ["a", "b", "c needs a b", "d needs a", "e needs c d"]),
        (stages, .refresh, ["a", "b", "c needs a b", "d needs a", "e skipped"]),
        (stages, .source, ["a", "b", "c skipped", "d skipped", "e skipped"]),
        // Dependents of an omitted task depend on that task's dependencies.
        (["full|source: a,b", "full: c", "full|source: d"], .source, ["a", "b", "c skipped", "d needs a b"]),
        (["full|source: a,b", "full: c needs b", "full|source: d"], .source, ["a", "b", "c skipped", "d needs b"]),
        (["source: a", "full: b", "full: c", "source: d"], .source, ["a", "b skipped", "c skipped", "d needs a"]),
        (["full: a", "source: b"], .source, ["a skipped", "b"]),
        (
            ["source: a,b", "full: c,d needs c", "source: e needs b d"], .source,
            ["a", "b", "c skipped", "d skipped", "e needs b a"]
        ),
        // A task without needs hands none on.
        (["source: a", "full: b needs", "source: c"], .source, ["a", "b skipped", "c"]),
        (["source: a", "source:", "source: b"], .source, ["a", "b needs a"]),
    ])
    func theModePicksStages(stages: [String], mode: RunMode, expected: [String]) throws {
        #expect(Self.tasks(try Self.plan(Self.configuration(stages), mode: mode)) == expected)
    }

    @Test func aRunWithoutAModeTakesTheConfigurations() throws {
        let plan = try Self.plan(Self.configuration(Self.stages, runMode: .refresh))
        #expect(plan.runMode == .refresh)
        #expect(Self.tasks(plan).last == "e skipped")
        #expect(try Self.plan(Self.configuration(Self.stages, runMode: .refresh), mode: .source).runMode == .source)
    }

    @Test func aModeThatLeavesEverythingOutIsRefusedWithTheOnesThatDoNot() throws {
        let refused = #expect(throws: RunPlanError.self) {
            try Self.plan(Self.configuration(["source: a", "full: b", "refresh:"]), mode: .refresh)
        }
        guard case .nothingToRun(let problem)? = refused else {
            Issue.record("\(String(describing: refused)) was thrown")
            return
        }
        #expect(problem.usable == [.source, .full] && problem.runMode == .refresh && problem.configuration == "daily")
    }

    @Test func theRunIsThatOfItsConfigurationVersionAndRequest() throws {
        let range = TimeWindow(from: Self.now, to: Self.now + .seconds(1))
        let plan = try Self.plan(Self.configuration(Self.stages), range: range)
        #expect(plan.tenant.name == "acme" && plan.name == "Daily" && plan.type == "shop" && plan.configuration == "daily")
        #expect(plan.version.rawValue == "etv-1")
        #expect(
            plan.principal == Self.principal && plan.createdAt == Self.now && plan.range == range && plan.warnAfter == .seconds(9))
        #expect(plan.id.rawValue.wholeMatch(of: /wf-20240619-[0-9]{5}-[0-9A-Za-z]{6}/) != nil)
        #expect(Set(plan.tasks.map(\.id)).count == plan.tasks.count)
        #expect(plan.tasks.allSatisfy { $0.id.rawValue.hasPrefix("wft-20240619-") && $0.executionType == .command })
        #expect(plan.tasks.map(\.isReady) == [true, true, false, false, false])
        #expect(plan.tasks.map(\.stage) == [Self.stages[0], Self.stages[0], Self.stages[1], Self.stages[1], Self.stages[2]])
    }

    @Test func labelsOfTheRequestAreAddedAndWin() throws {
        var configuration = Self.configuration(Self.stages)
        configuration.labels = try #require(RunLabels(storedText: "team:crm,tier:gold"))
        let asked = try #require(RunLabels(storedText: "run:1,tier:"))
        #expect(try Self.plan(configuration, labels: asked).labels.storedText == "run:1,team:crm,tier:")
        #expect(try Self.plan(configuration).labels == configuration.labels)
    }

    @Test func aRunHasTwentyLabelsAtMost() throws {
        func labels(_ numbers: ClosedRange<Int>) -> RunLabels { RunLabels(numbers.compactMap { RunLabel("k\($0):v") }) }
        var configuration = Self.configuration(Self.stages)
        configuration.labels = labels(1...15)
        #expect(try Self.plan(configuration, labels: labels(11...20)).labels.count == RunLabels.most && RunLabels.most == 20)
        #expect(throws: RunPlanError.tooManyLabels(21)) { try Self.plan(configuration, labels: labels(16...21)) }
    }

    /// Each task of the last stage depends on every task of the middle one, and each of those on every task of the first: 37
    /// million paths, which must not be visited.
    @Test(.timeLimit(.minutes(10)))
    func aGreatStageThatIsLeftOutCostsLittle() throws {
        let names = { (letter: String) in (0..<333).map { "\(letter)\($0)" }.joined(separator: ",") }
        let stages = ["source|full: \(names("a"))", "full: \(names("b"))", "source|full: \(names("c"))"]
        let plan = try Self.plan(Self.configuration(stages), mode: .source)
        #expect(plan.tasks.last?.needs == (0..<333).map { "a\($0)" })
    }
}
