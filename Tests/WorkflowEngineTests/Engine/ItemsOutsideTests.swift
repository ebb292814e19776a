import Synchronization
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

/// Submits a job for each item, which waits a minute, and ends it as the test says.
private final class Jobs: TaskRunner {
    struct Record {
        /// The items whose jobs were submitted, checked and canceled.
        var submitted: [Int] = []
        var checked: [Int] = []
        var canceled: [Int] = []
        /// The outputs that the task behind the items got.
        var inputs: [JSONText] = []
    }

    private let clock: TestClock
    private let failing: Set<Int>
    private let state = Mutex(Record())

    init(_ clock: TestClock, failing: Set<Int> = []) {
        self.clock = clock
        self.failing = failing
    }

    var record: Record { state.withLock { $0 } }

    func run(_ attempt: TaskAttempt, reporting report: any TaskReport) async -> TaskOutcome {
        guard let index = attempt.item?.index else {
            await report.began()
            state.withLock { $0.inputs += attempt.inputs.values }
            return .succeeded(TaskOutput())
        }
        guard attempt.resumed == nil else {
            state.withLock { $0.checked.append(index) }
            return failing.contains(index)
                ? .failed(RunError(attribution: .customer, type: "test/job", message: "The job ended with FAILED"))
                : .succeeded(TaskOutput(values: JSONText(validated: "{\"n\":\(index)}")))
        }
        await report.began()
        state.withLock { $0.submitted.append(index) }
        let wait = TaskWait(for: .job, until: clock.now + .seconds(60), needsCancel: true, memo: JSONText(validated: "{}"))
        return .waiting(wait, runID: "job-\(index)")
    }

    func cancelOutside(_ attempt: TaskAttempt, reporting report: any TaskReport) async {
        state.withLock { $0.canceled.append(attempt.item?.index ?? -1) }
    }

    func endAtOnce(_ task: TaskID, attempt: Int) {}
    func endLeftovers(of tasks: Set<TaskID>) async {}
    func endOrphans() async {}
}

@Suite("Items that wait for work outside", .timeLimit(.minutes(10)))
struct ItemsOutsideTests {
    private typealias Bench = EngineBench

    private static let oneWorker = EngineSettings(workers: 1, pollInterval: .seconds(100_000))

    private func running(
        _ runner: any TaskRunner, _ bench: EngineBench, settings: EngineSettings = oneWorker, _ body: () async throws -> Void
    ) async throws {
        let engine = Engine(
            store: bench.store,
            runners: [.command: runner, .workflow: CallRunner(store: bench.database, time: bench.clock, random: bench.random)],
            time: bench.clock, random: bench.random, settings: settings, logger: bench.log.logger)
        let life = Task { try await engine.run() }
        do {
            try await body()
        } catch {
            life.cancel()
            throw error
        }
        await engine.shutDown()
        try await life.value
    }

    /// Returns when this many waits were written since the beginning.
    private func untilWaiting(_ count: Int, _ bench: EngineBench) async {
        await bench.store.until { record in
            record.inProgress[.commit, default: 0] == 0
                && record.commits.count { if case .waiting = $0.event { true } else { false } } >= count
        }
    }

    private func nextMinute(_ bench: EngineBench) async {
        await bench.clock.untilSleeping(for: .seconds(60))
        bench.clock.advance(by: .seconds(60))
    }

    private func items(of run: RunID, _ bench: EngineBench) async throws -> [TaskInstance] {
        try await bench.database.items(matching: TaskItemQuery(of: run, tenant: Bench.acme, limit: 100))
    }

    private func doOver(_ id: RunID, _ bench: EngineBench) async throws -> RunID {
        let old = try await bench.details(id)
        let launched = try #require(old.launchedVersion)
        let version = try #require(try await bench.store.configurationVersion(launched, of: Bench.acme))
        let configuration = try ConfigurationReader().read(version.source, file: "daily.yaml")
        let plan = try RunPlan(
            configuration, version: version, doingOver: Rerun(of: old, from: .failure, by: StoreBench.someone), at: bench.clock.now,
            random: bench.random)
        return try await bench.database.createRun(plan, once: nil).details.run.id
    }

    private static let load = Bench.task("load", "for_each: [a, b, c], max_parallel: 2, retry: {attempts: 1}")
    private static let sum = Bench.task("sum", "needs: [load]")

    // MARK: Jobs

    @Test func holdNoWorkerCountAsUnderWayAndKeepOthersBack() async throws {
        try await Bench.with { bench in
            let jobs = Jobs(bench.clock)
            try await running(jobs, bench) { () async throws in
                let run = try await bench.start(Self.load, Bench.task("other"), Self.sum)
                await untilWaiting(2, bench)
                try await bench.until("other", of: run, is: .succeeded)
                let counts = try #require(try await bench.task("load", of: run).fan?.counts)
                #expect(counts.active == 2 && counts.waiting == 1 && counts.ended == 0)
                #expect(try await items(of: run, bench).map(\.engineRunID) == ["job-0", "job-1", nil])
                await nextMinute(bench)
                await untilWaiting(3, bench)
                await nextMinute(bench)
                let details = try await bench.end(of: run)
                #expect(details.run.state == .succeeded && details.tasks[0].fan?.counts?.succeeded == 3)
                #expect(try await items(of: run, bench).map(\.attempts) == [1, 1, 1])
            }
            #expect(jobs.record.submitted == [0, 1, 2] && jobs.record.checked.sorted() == [0, 1, 2])
            #expect(jobs.record.inputs.map(\.text).contains(#"{"items":[{"n":0},{"n":1},{"n":2}]}"#))
        }
    }

    @Test func areCanceledByAStopEachByItsOwnCall() async throws {
        try await Bench.with { bench in
            let jobs = Jobs(bench.clock)
            try await running(jobs, bench) { () async throws in
                let run = try await bench.start(Self.load, Self.sum)
                await untilWaiting(2, bench)
                _ = try await bench.database.stopRun(run, of: Bench.acme, at: bench.clock.now)
                let details = try await bench.end(of: run)
                #expect(details.run.state == .canceled && details.tasks.map(\.state) == [.canceled, .canceled])
                #expect(details.tasks[0].fan?.counts?.canceled == 3)
            }
            #expect(jobs.record.submitted == [0, 1] && jobs.record.canceled.sorted() == [0, 1])
        }
    }

    @Test func areGoneOnWithAfterARestartWithoutASecondJob() async throws {
        try await Bench.with { bench in
            let (first, second) = (Jobs(bench.clock), Jobs(bench.clock))
            var run: RunID?
            try await running(first, bench) { () async throws in
                run = try await bench.start(Self.load)
                await untilWaiting(2, bench)
            }
            let started = try #require(run)
            try await running(second, bench) { () async throws in
                await nextMinute(bench)
                await untilWaiting(3, bench)
                await nextMinute(bench)
                #expect(try await bench.end(of: started).run.state == .succeeded)
            }
            #expect(first.record.submitted == [0, 1] && first.record.checked.isEmpty)
            #expect(second.record.submitted == [2] && second.record.checked.sorted() == [0, 1, 2])
        }
    }

    @Test func thatFailBlameTheirGroupAndAloneRunAgain() async throws {
        try await Bench.with { bench in
            let (first, second) = (Jobs(bench.clock, failing: [1]), Jobs(bench.clock))
            var run: RunID?
            try await running(first, bench) { () async throws in
                let failed = try await bench.start(Self.load, Self.sum)
                await untilWaiting(2, bench)
                await nextMinute(bench)
                await untilWaiting(3, bench)
                await nextMinute(bench)
                let details = try await bench.end(of: failed)
                #expect(details.tasks.map(\.state) == [.failed, .skipped])
                #expect(details.run.error?.attribution == .customer && details.run.error?.type == "test/job")
                #expect(
                    details.run.error?.message == "Task load: 1 of 3 items failed; first: [1]: The job ended with FAILED")
                run = failed
            }
            let failed = try #require(run)
            try await running(second, bench) { () async throws in
                let again = try await doOver(failed, bench)
                await untilWaiting(4, bench)
                await nextMinute(bench)
                let details = try await bench.end(of: again)
                #expect(details.run.state == .succeeded && details.tasks[0].fan?.counts?.succeeded == 3)
                #expect(try await items(of: again, bench).map(\.keptFrom) == [failed, nil, failed])
            }
            #expect(second.record.submitted == [1] && second.record.checked == [1])
            #expect(second.record.inputs.map(\.text) == [#"{"items":[{"n":0},{"n":1},{"n":2}]}"#])
        }
    }

    // MARK: Calls

    private static let call =
        "{id: call, label: Call, type: workflow.run, for_each: [eu, us, asia], max_parallel: 2, retry: {attempts: 1}, "
        + "workflow: {config: child, parameters: {region: \"${item}\"}}}"

    private func saveChild(_ bench: EngineBench) async throws {
        let text = """
            id: child
            name: Child
            type: test/child
            parameters: {region: {type: string}}
            stages: [{name: All, tasks: [{id: work, label: Work, type: t, retry: {attempts: 1}, command: [work]}]}]
            """
        let draft = ConfigurationDraft(
            version: ConfigurationVersionID(at: bench.clock.now, using: bench.random), tenant: Bench.acme, configuration: "child",
            name: "Child", type: "test/child", source: ConfigurationSource(text: text, format: .yaml), author: StoreBench.someone)
        _ = try await bench.store.saveConfiguration(draft, at: bench.clock.now)
    }

    private func children(_ bench: EngineBench) async throws -> [WorkflowRunDetails] {
        var query = RunQuery(tenant: Bench.acme, limit: 100)
        query.filter.types = TextChoice(included: ["test/child"])
        query.budget = StoreBench.patience
        var found: [WorkflowRunDetails] = []
        for run in try await bench.database.runs(matching: query).runs { found.append(try await bench.details(run.id)) }
        return found
    }

    @Test func callsGetTheirItemAndTheFaultOfOneIsThatOfTheGroup() async throws {
        try await Bench.with { bench in
            try await saveChild(bench)
            var run: RunID?
            try await running(Regions(failing: ["us"]), bench, settings: Bench.patient) { () async throws in
                let started = try await bench.start(Self.call)
                let details = try await bench.end(of: started)
                #expect(details.run.error?.attribution == .customer)
                let found = try await items(of: started, bench)
                #expect(found.map(\.state) == [.succeeded, .failed, .succeeded])
                for item in found {
                    let child = try await bench.details(RunID(rawValue: try #require(item.engineRunID)))
                    #expect(child.calledBy == RunCaller(run: started, task: item.id))
                    #expect(child.origin.parameters["region"].map(JSONText.init) == item.item)
                }
                #expect(
                    details.tasks[0].error?.message
                        == "1 of 3 items failed; first: [1]: The run \(found[1].engineRunID ?? "") failed: Work: No region us")
                run = started
            }
            #expect(try await children(bench).count == 3)
            let failed = try #require(run)
            try await running(Regions(), bench, settings: Bench.patient) { () async throws in
                let again = try await bench.end(of: try await doOver(failed, bench))
                #expect(again.run.state == .succeeded && again.tasks[0].fan?.counts?.succeeded == 3)
            }
            let all = try await children(bench)
            #expect(all.count == 4 && all.count { $0.origin.parameters["region"] == .string("us") } == 2)
        }
    }

    @Test func aStopOfTheCallerStopsTheRunsOfItsItems() async throws {
        try await Bench.with { bench in
            try await saveChild(bench)
            let runner = ScriptedRunner(otherwise: .hold)
            try await running(runner, bench, settings: Bench.patient) { () async throws in
                let run = try await bench.start(Self.call)
                await runner.until { $0.live.count == 2 }
                await untilWaiting(2, bench)
                _ = try await bench.database.stopRun(run, of: Bench.acme, at: bench.clock.now)
                #expect(try await bench.end(of: run).run.state == .canceled)
                let called = try await children(bench)
                #expect(called.count == 2)
                for child in called { #expect(try await bench.end(of: child.run.id).run.state == .canceled) }
                #expect(try await bench.task("call", of: run).fan?.counts?.canceled == 3)
            }
        }
    }
}

/// Works for each region but some.
private struct Regions: TaskRunner {
    var failing: Set<String> = []

    func run(_ attempt: TaskAttempt, reporting report: any TaskReport) async -> TaskOutcome {
        await report.began()
        let region = attempt.parameters["region"]?.string ?? ""
        guard failing.contains(region) else { return .succeeded(TaskOutput()) }
        return .failed(RunError(attribution: .customer, type: "test/region", message: "No region \(region)"))
    }

    func endAtOnce(_ task: TaskID, attempt: Int) {}
    func endLeftovers(of tasks: Set<TaskID>) async {}
    func endOrphans() async {}
}
