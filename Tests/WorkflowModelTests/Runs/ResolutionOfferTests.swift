import Testing
import WorkflowModel

@Suite("Offered resolutions")
struct ResolutionOfferTests {
    private static let now = Timestamp(milliseconds: 1_718_755_200_000)

    /// A run with its tasks by definition id, and their needs.
    private static func run(
        _ state: RunState, _ tasks: [(id: String, state: TaskState, needs: [String])], isImported: Bool = false
    ) throws -> (details: WorkflowRunDetails, needs: [[String]]) {
        let tenant = try #require(Tenant("acme"))
        let id = RunID(rawValue: "wf-1")
        let run = WorkflowRun(
            id: id, tenant: tenant, name: "Daily", type: "shop", state: state, createdAt: now, endedAt: state.hasEnded ? now : nil,
            principal: RunFixture.person, origin: RunOrigin(configuration: "daily", runMode: .full))
        let instances = tasks.map { task in
            TaskInstance(
                id: TaskID(rawValue: "wft-\(task.id)"), run: id, tenant: tenant, label: "Task \(task.id)", state: task.state,
                stateChangedAt: now, createdAt: now, executionType: "command", definitionID: task.id, definitionType: "t",
                attempts: 3,
                skipReason: SkipReason(task.state, when: .success, hasNeeds: !task.needs.isEmpty))
        }
        return (WorkflowRunDetails(run: run, isImported: isImported, tasks: instances), tasks.map(\.needs))
    }

    private static func sentences(_ index: Int, _ run: (details: WorkflowRunDetails, needs: [[String]])) -> [String] {
        ResolutionGuide(run.details, needs: run.needs).offers(for: run.details.tasks[index]).map(\.sentence)
    }

    @Test func whileTheRunGoesOnAFailedTaskIsSettledInPlace() throws {
        let run = try Self.run(
            .runningWithFailures,
            [
                ("a", .failed, []), ("b", .failed, []), ("c", .skipped, ["a"]), ("d", .skipped, ["a", "b"]), ("e", .running, []),
                ("f", .inProgress, []), ("g", .skipped, ["c"]),
            ])
        #expect(
            Self.sentences(0, run) == [
                "Retry it: attempt 4 begins as soon as a worker is free.", "Skip it: Task c will run without its outputs.",
                "Mark it succeeded: Task c will run with the outputs that you give.",
            ])
        #expect(
            Self.sentences(5, run) == [
                "Retry it now: attempt 4 does not wait for its time.", "Skip it: the run goes on without it.",
                "Mark it succeeded: the run goes on as if it had succeeded.",
            ])
        for index in [2, 4] { #expect(Self.sentences(index, run).isEmpty) }
        #expect(ResolutionGuide(run.details, needs: run.needs).offers(for: run.details.tasks[0]).allSatisfy { !$0.startsRerun })
    }

    @Test func closingTasksAreNotNamed() throws {
        var run = try Self.run(.runningWithFailures, [("a", .failed, []), ("b", .running, []), ("c", .scheduled, ["a", "b"])])
        run.details.tasks[2].when = .always
        #expect(Self.sentences(0, run)[1] == "Skip it: the run goes on without it.")
    }

    @Test func afterTheEndARerunCarriesTheDecision() throws {
        let run = try Self.run(
            .failed,
            [
                ("a", .succeeded, []), ("b", .failed, ["a"]), ("c", .skipped, ["b"]), ("d", .skipped, ["b"]),
                ("e", .succeeded, ["a"]),
            ])
        #expect(
            Self.sentences(1, run) == [
                "Retry it in a new run: all that did not succeed runs again, and the other results are kept.",
                "Skip it in a new run: Task c and Task d will run without its outputs.",
                "Mark it succeeded in a new run: Task c and Task d will run with the outputs that you give.",
                "Restart from the start in a new run: every task runs again.",
            ])
        let first = """
            Restart from here in a new run: it runs again, and so does all that needs it, beginning with Task b and Task e. \
            The other results are kept.
            """
        #expect(Self.sentences(0, run) == [first, "Restart from the start in a new run: every task runs again."])
        #expect(Self.sentences(2, run) == ["Restart from the start in a new run: every task runs again."])
        #expect(ResolutionGuide(run.details, needs: run.needs).offers(for: run.details.tasks[1]).allSatisfy { $0.startsRerun })
    }

    @Test func dependentsThatWaitForEachOtherAreBothNamedAndManyAreCounted() throws {
        let chain = try Self.run(
            .runningWithFailures, [("a", .failed, []), ("b", .skipped, ["a"]), ("c", .skipped, ["a", "b"]), ("x", .running, [])])
        #expect(Self.sentences(0, chain)[1] == "Skip it: Task b and Task c will run without its outputs.")
        let many = try Self.run(
            .runningWithFailures, [("a", .failed, []), ("x", .running, [])] + (1...5).map { ("b\($0)", .skipped, ["a"]) })
        #expect(Self.sentences(0, many)[1] == "Skip it: Task b1, Task b2, Task b3 and 2 others will run without its outputs.")
    }

    @Test func nothingIsOfferedForHistoryAndForARunThatIsStopping() throws {
        let tasks: [(String, TaskState, [String])] = [("a", .failed, []), ("b", .stopping, [])]
        #expect(try Self.sentences(0, Self.run(.stopping, tasks)).isEmpty)
        #expect(try Self.sentences(0, Self.run(.failed, tasks, isImported: true)).isEmpty)
    }
}
