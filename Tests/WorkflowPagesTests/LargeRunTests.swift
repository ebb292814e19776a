import Foundation
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import WorkflowPages

/// Runs with more tasks than a page shows.
@Suite("The page of a large run") struct LargeRunTests {
    static let visitor = Visitor(key: "wk_1", name: "Ada", tenant: StoreBench.acme, policy: .operator, formToken: "token")
    static let now = StoreBench.after(600)

    /// A run with a thousand tasks in four stages.
    static func details(_ state: RunState = .inProgress, _ change: (Int) -> TaskState) -> WorkflowRunDetails {
        let run = WorkflowRun(
            id: RunID(rawValue: "wf-1"), tenant: StoreBench.acme, name: "Large", type: "a.b", state: state,
            createdAt: StoreBench.start, endedAt: state.hasEnded ? StoreBench.after(500) : nil, principal: StoreBench.someone,
            error: state == .failed ? RunError(attribution: .customer, type: "t/x", message: "No") : nil,
            origin: RunOrigin(configuration: "cg-large", runMode: .full))
        let tasks = (0..<1_000).map { number in
            let state = change(number)
            return TaskInstance(
                id: TaskID(rawValue: "wft-\(number)"), run: run.id, tenant: run.tenant, label: "Task \(number).", state: state,
                stateChangedAt: StoreBench.start, createdAt: StoreBench.start,
                endedAt: state.hasEnded ? StoreBench.after(Double(number) / 10 + 1) : nil, executionType: "command",
                definitionID: "t\(number)", definitionType: "t",
                error: state == .failed ? RunError(attribution: .customer, type: "t/x", message: "No") : nil,
                stage: "Stage \(number / 250 + 1)", attempts: state == .scheduled || state == .skipped ? 0 : 1,
                skipReason: state == .skipped ? .failedNeed : nil)
        }
        return WorkflowRunDetails(run: run, tasks: tasks)
    }

    static func attempts(_ details: WorkflowRunDetails) -> [TaskAttemptRecord] {
        details.tasks.enumerated().filter { $0.element.attempts > 0 }.map { number, task in
            TaskAttemptRecord(
                task: task.id, number: 1, startedAt: StoreBench.after(Double(number) / 10), endedAt: task.endedAt,
                outcome: task.endedAt == nil ? nil : task.state, error: task.error)
        }
    }

    static func page(_ details: WorkflowRunDetails, _ choice: TaskChoice = TaskChoice()) -> RunDetailsPage {
        RunDetailsPage(details, attempts: attempts(details), choice: choice, for: visitor, at: now)
    }

    static func look(_ details: WorkflowRunDetails, at now: Timestamp = now) throws -> LiveLook {
        RunDetailsPage.look(details, attempts: attempts(details), for: visitor, with: try Pages(), at: now)
    }

    @Test func theFailedTaskIsShownWhateverItsPosition() throws {
        let details = Self.details(.failed) { $0 == 777 ? .failed : $0 > 900 ? .skipped : .succeeded }
        let page = Self.page(details)
        #expect(page.tasks.timeline.rows.first?.label == "Task 777.")
        #expect(page.tasks.timeline.rows.count == TaskPanel.mostOfTimeline)
        #expect(
            page.tasks.timelineCut == "The timeline shows 20 of 1,000 tasks, among them all that failed or are running.")
        #expect(
            page.tasks.note == "50 of 1,000 tasks are shown: all tasks that failed or are running, and the first of the others.")
        #expect(page.tasks.seeAll?.href == "/runs/wf-1?tasks=all#tasks" && page.tasks.seeAll?.label == "Show all 1,000")
        #expect(
            page.tasks.stages.map(\.progress) == [
                "250 of 250 succeeded", "250 of 250 succeeded", "250 of 250 succeeded",
                "150 of 250 succeeded, 1 failed, 99 not run",
            ])
        #expect(page.tasks.groups.first?.rows.map(\.label) == ["Task 777."], "the stage with the failure comes first")
        #expect(page.tasks.notRun.map(\.count) == ["99 not run"] && page.tasks.notRun[0].needed.isEmpty)
        #expect(
            page.tasks.notRun[0].names == "Task 901., Task 902., Task 903., Task 904., "
                + "Task 905., Task 906., Task 907., Task 908., Task 909., Task 910. and 89 others")
        let html = try Pages().document(page, for: Self.visitor)
        #expect(html.utf8.count < 100_000, "\(html.utf8.count) bytes")
        #expect(html.contains("Failed task: <a href=\"/runs/wf-1/tasks/wft-777\""))
    }

    @Test func everyTaskIsFoundOnSomePage() {
        let details = Self.details { $0 == 777 ? .failed : $0 < 500 ? .succeeded : .scheduled }
        var (labels, choice): ([String], TaskChoice) = ([], TaskChoice(listsAll: true))
        while labels.count < 1_000 {
            let page = Self.page(details, choice)
            labels += page.tasks.groups.flatMap { $0.rows.map(\.label) }
            guard page.tasks.next != nil else { break }
            choice.from += TaskSelection.most
        }
        #expect(labels == details.tasks.map(\.label))
        #expect(Self.page(details, TaskChoice(listsAll: true, from: 50)).tasks.note == "Tasks 51 to 100 of 1,000.")
        #expect(Self.page(details, TaskChoice(stage: 4)).tasks.groups.map(\.name) == ["Stage 4"])
        #expect(Self.page(details, TaskChoice(status: .failed)).tasks.groups.flatMap { $0.rows.map(\.label) } == ["Task 777."])
        #expect(Self.page(details, TaskChoice(stage: 9)).tasks.noTasks == "No task matches the filter.")
    }

    @Test func aTextFindsTasksByNameAndByIDOnAnyPage() throws {
        let details = Self.details { _ in .succeeded }
        func labels(_ text: String) -> [String] {
            Self.page(details, TaskChoice(text: text)).tasks.groups.flatMap { $0.rows.map(\.label) }
        }
        #expect(labels("TASK 77.") == ["Task 77."] && labels("t999") == ["Task 999."] && labels("lost").isEmpty)
        let find = try #require(Self.page(details, TaskChoice(listsAll: true, text: "t9")).tasks.find)
        #expect(find.text == "t9" && find.all == "/runs/wf-1?tasks=all#tasks")
    }

    @Test func whenMoreFailedThanAPageShowsThePageSaysSo() {
        let page = Self.page(Self.details(.failed) { $0 < 300 ? .failed : .succeeded })
        #expect(page.tasks.note == "50 of 1,000 tasks are shown: the first of 300 that failed or are running.")
        #expect(page.tasks.timelineCut == "The timeline shows 50 of 1,000 tasks.")
        #expect(page.tasks.filters.map(\.label) == ["Overview", "All 1,000", "Failed 300", "Succeeded 700"])
    }

    @Test func aChangedTaskSendsItsOwnRowsOnly() throws {
        let before = try Self.look(Self.details { $0 < 500 ? .succeeded : $0 < 508 ? .running : .scheduled })
        let after = try Self.look(Self.details { $0 < 501 ? .succeeded : $0 < 509 ? .running : .scheduled })
        let changed = after.regions.filter { before.versions[ExactText($0.id)] != after.versions[ExactText($0.id)] }
        #expect(
            changed.map(\.id).sorted() == [
                "l-508", "rows-2", "stage-3", "t-508", "task-filters", "timeline-rows",
            ])
        #expect(changed.reduce(0) { $0 + $1.content.utf8.count } < 5_000)
    }

    @Test func passingTimeChangesTheScaleOnly() throws {
        let details = Self.details { $0 < 500 ? .succeeded : $0 < 508 ? .running : .scheduled }
        let (before, after) = (try Self.look(details), try Self.look(details, at: Self.now + .seconds(60)))
        #expect(after.regions.filter { before.versions[ExactText($0.id)] != $0.version }.map(\.id) == ["timeline-scale"])
    }
}

@Suite("The summary of a stage") struct StageTests {
    private static func counts(_ states: [TaskState], _ reasons: [Int: SkipReason] = [:]) -> TaskCounts {
        TaskCounts(
            states.enumerated().map { number, state in
                TaskInstance(
                    id: TaskID(rawValue: "wft-\(number)"), run: RunID(rawValue: "wf-1"), tenant: StoreBench.acme, label: "A",
                    state: state, stateChangedAt: .earliest, createdAt: .earliest, executionType: "command", definitionID: "a",
                    definitionType: "t", skipReason: reasons[number])
            })
    }

    @Test func itIsNotGreenWhenATaskDidNotRunBecauseOfAFailure() {
        let counts = Self.counts([.succeeded, .skipped, .skipped, .skipped], [1: .failedNeed, 2: .failedNeed, 3: .failedNeed])
        #expect(counts.words == "1 of 4 succeeded, 3 not run")
        #expect(counts.state.tone == "blocked" && counts.state.label == "Not run" && counts.state.icon == "blocked")
    }

    @Test func aClosingTaskThatWasNotNeededIsNoFailure() {
        let part = Self.counts([.succeeded, .skipped], [1: .noFailure])
        #expect(part.words == "1 of 1 succeeded, 1 not needed" && part.state.tone == "succeeded")
        let none = Self.counts([.skipped], [0: .noFailure])
        #expect(none.words == "1 task not needed" && none.state.label == "Not needed" && none.state.tone == "skipped")
    }

    @Test func tasksOutsideTheRunModeAreNoFailure() {
        let part = Self.counts([.succeeded, .succeeded, .skipped], [2: .runMode])
        #expect(part.words == "2 of 2 succeeded" && part.state.tone == "succeeded")
        let none = Self.counts([.skipped, .skipped], [0: .runMode, 1: .runMode])
        #expect(none.words == "2 tasks not in this run mode" && none.state.tone == "skipped")
        #expect(none.state.label == "Not in this run mode")
    }

    @Test(arguments: [
        ([TaskState.succeeded, .failed, .scheduled], "1 of 3 succeeded, 1 failed", "troubled"),
        ([.succeeded, .failed], "1 of 2 succeeded, 1 failed", "failed"),
        ([.succeeded, .canceled], "1 of 2 succeeded, 1 stopped", "stopped"),
        ([.running, .stopping], "0 of 2 succeeded, 2 running", "stopped"),
        ([.scheduled, .scheduled], "0 of 2 succeeded", "waiting"), ([.succeeded, .scheduled], "1 of 2 succeeded", "active"),
        ([.succeeded, .succeeded], "2 of 2 succeeded", "succeeded"),
        // Imported history has no reason.
        ([.succeeded, .skipped], "1 of 2 succeeded, 1 skipped", "skipped"),
    ])
    func itsTasksSayTogetherWhatItIs(_ states: [TaskState], _ words: String, _ tone: String) {
        let counts = Self.counts(states)
        #expect(counts.words == words && counts.state.tone == tone)
    }
}

@Suite("A stopped run") struct StoppedRunTests {
    private static func run(_ state: RunState, error: RunError? = .manuallyStopped) -> WorkflowRun {
        WorkflowRun(
            id: RunID(rawValue: "wf-1"), tenant: StoreBench.acme, name: "Daily", type: "a.b", state: state,
            createdAt: StoreBench.start, endedAt: state.hasEnded ? StoreBench.after(60) : nil, principal: StoreBench.someone,
            error: error)
    }

    private static let stop = RunStop(requestedAt: StoreBench.after(50), requestedBy: Principal(id: "wk_2", name: "night-shift"))

    @Test func itIsNeitherAnErrorNorAttributed() throws {
        let pages = try Pages()
        for state in [RunState.canceled, .stopping] {
            let run = Self.run(state, error: state == .canceled ? .manuallyStopped : nil)
            let details = WorkflowRunDetails(run: run, stop: Self.stop)
            let html = pages.content(RunDetailsPage(details, attempts: [], for: LargeRunTests.visitor, at: StoreBench.after(70)))
            let row = pages.render(
                RunRow(run, stop: Self.stop, in: HistoryAddress(), for: LargeRunTests.visitor, at: StoreBench.after(70)), "run_row")
            for text in [html, row] {
                #expect(text.contains("by <b>night-shift</b> at <time datetime=\"2023-11-14T22:14:10.000Z\""))
                #expect(!text.contains("class=\"blame") && !text.contains("Customer") && !text.contains("class=\"problem"))
            }
        }
    }

    @Test func withoutAPrincipalOnlyTheTimeIsShown() throws {
        let row = try Pages().render(
            RunRow(Self.run(.canceled), stop: nil, in: HistoryAddress(), for: LargeRunTests.visitor, at: StoreBench.after(70)),
            "run_row")
        #expect(row.contains("<span class=\"stopped-by\">Stopped at <time datetime=\"2023-11-14T22:14:20.000Z\""))
        let imported = RunError(attribution: .customer, type: "x.y/stopped", message: "Deployment")
        let note = try #require(StopNote(Self.run(.canceled, error: imported), nil))
        #expect(note.message == "Deployment" && note.by == nil)
        #expect(StopNote(Self.run(.failed), nil) == nil)
    }
}
