import Testing
import WorkflowModel

/// The state transitions, written by hand: one row per state, one column per event, `·` for an illegal event.
private struct StateTable {
    var cells: [String: String] = [:]

    init(_ texts: String...) {
        for text in texts {
            let rows = text.split(separator: "\n").map { $0.split(separator: "|").map { String($0.trimmingSpaces) } }
            guard let header = rows.first else { continue }
            for row in rows.dropFirst() {
                for (event, after) in zip(header, row).dropFirst() { cells["\(row[0])/\(event)"] = after }
            }
        }
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        var rest = self
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return rest
    }
}

@Suite("States")
struct StateTableTests {
    private static let runs = StateTable(
        """
        state               | taskClaimed         | taskBegan           | taskFailed          | failuresResolved | stopRequested
        scheduled           | started             | ·                   | ·                   | ·                | stopping
        started             | started             | inProgress          | runningWithFailures | ·                | stopping
        inProgress          | inProgress          | inProgress          | runningWithFailures | ·                | stopping
        runningWithFailures | runningWithFailures | runningWithFailures | runningWithFailures | inProgress       | stopping
        stopping            | stopping            | stopping            | stopping            | ·                | stopping
        canceled            | ·                   | ·                   | ·                   | ·                | canceled
        succeeded           | ·                   | ·                   | ·                   | ·                | succeeded
        failed              | ·                   | ·                   | ·                   | ·                | failed
        """,
        """
        state               | allSucceeded | endedWithFailure | allStopped
        scheduled           | succeeded    | failed           | ·
        started             | succeeded    | failed           | ·
        inProgress          | succeeded    | failed           | ·
        runningWithFailures | ·            | failed           | ·
        stopping            | ·            | ·                | canceled
        canceled            | ·            | ·                | ·
        succeeded           | ·            | ·                | ·
        failed              | ·            | ·                | ·
        """)

    private static let tasks = StateTable(
        """
        state      | claimed  | began    | recording  | succeeded | failed   | retrying   | stopRequested | stopped  | skipped | waiting
        scheduled  | started  | ·        | ·          | ·         | ·        | ·          | canceled      | ·        | skipped | ·
        started    | ·        | running  | ·          | ·         | failed   | inProgress | stopping      | ·        | ·       | ·
        inProgress | started  | ·        | ·          | ·         | ·        | ·          | canceled      | ·        | ·       | ·
        running    | running  | ·        | finalizing | succeeded | failed   | inProgress | stopping      | ·        | ·       | running
        finalizing | ·        | ·        | ·          | succeeded | failed   | inProgress | stopping      | ·        | ·       | running
        stopping   | stopping | stopping | stopping   | canceled  | canceled | canceled   | stopping      | canceled | ·       | stopping
        canceled   | ·        | ·        | ·          | ·         | ·        | ·          | ·             | ·        | ·       | ·
        succeeded  | ·        | ·        | ·          | ·         | ·        | ·          | ·             | ·        | ·       | ·
        failed     | ·        | ·        | ·          | ·         | ·        | ·          | ·             | ·        | ·       | ·
        skipped    | ·        | ·        | ·          | ·         | ·        | ·          | ·             | ·        | ·       | ·
        """,
        """
        state      | retryRequested | skipRequested | markedSucceeded | restored
        scheduled  | ·              | ·             | ·               | ·
        started    | ·              | ·             | ·               | ·
        inProgress | inProgress     | skipped       | succeeded       | ·
        running    | ·              | ·             | ·               | ·
        finalizing | ·              | ·             | ·               | ·
        stopping   | ·              | ·             | ·               | ·
        canceled   | inProgress     | ·             | ·               | ·
        succeeded  | ·              | ·             | ·               | ·
        failed     | inProgress     | skipped       | succeeded       | ·
        skipped    | ·              | ·             | ·               | scheduled
        """)

    @Test func everyEventInEveryStateOfARunIsAsTheTableSays() {
        #expect(Self.runs.cells.count == RunState.allCases.count * RunEvent.allCases.count)
        for state in RunState.allCases {
            for event in RunEvent.allCases {
                do {
                    let after = try state.applying(event)
                    #expect(Self.runs.cells["\(state)/\(event)"] == "\(after)", "\(state), \(event)")
                } catch {
                    #expect(Self.runs.cells["\(state)/\(event)"] == "·", "\(state), \(event)")
                    #expect(error == IllegalTransition(state: state.state, event: event.rawValue))
                }
            }
        }
    }

    @Test func everyEventInEveryStateOfATaskIsAsTheTableSays() {
        #expect(Self.tasks.cells.count == TaskState.allCases.count * TaskEventKind.allCases.count)
        for state in TaskState.allCases {
            for event in TaskEventKind.allCases {
                do {
                    let after = try state.applying(event)
                    #expect(Self.tasks.cells["\(state)/\(event)"] == "\(after)", "\(state), \(event)")
                } catch {
                    #expect(Self.tasks.cells["\(state)/\(event)"] == "·", "\(state), \(event)")
                    #expect(error == IllegalTransition(state: state.state, event: event.rawValue))
                }
            }
        }
    }

    @Test func whatHasEndedStaysAsItIs() {
        for state in RunState.allCases where state.hasEnded {
            for event in RunEvent.allCases { #expect((try? state.applying(event)) ?? state == state) }
        }
        // Only a person's decision changes a task that has ended, and only while its run goes on.
        let decisions: Set<TaskEventKind> = [.retryRequested, .skipRequested, .markedSucceeded, .restored]
        for state in TaskState.allCases where state.hasEnded {
            for event in TaskEventKind.allCases where !decisions.contains(event) {
                #expect(throws: IllegalTransition.self) { try state.applying(event) }
            }
        }
    }

    @Test func everyStateIsReachedAndEveryOneThatIsNoEndLeadsToOne() {
        let runs = Dictionary(
            uniqueKeysWithValues: RunState.allCases.map { state in
                (state, RunEvent.allCases.compactMap { try? state.applying($0) })
            })
        #expect(reached(from: .scheduled, in: runs) == Set(RunState.allCases))
        for state in RunState.allCases {
            let canEnd = reached(from: state, in: runs).contains { $0.hasEnded }
            #expect(canEnd, "\(state)")
        }
        let tasks = Dictionary(
            uniqueKeysWithValues: TaskState.allCases.map { state in
                (state, TaskEventKind.allCases.compactMap { try? state.applying($0) })
            })
        #expect(reached(from: .scheduled, in: tasks) == Set(TaskState.allCases))
        for state in TaskState.allCases {
            let canEnd = reached(from: state, in: tasks).contains { $0.hasEnded }
            #expect(canEnd, "\(state)")
        }
    }

    private func reached<State: Hashable>(from start: State, in steps: [State: [State]]) -> Set<State> {
        var reached: Set<State> = [start]
        var waiting = [start]
        while let state = waiting.popLast() {
            for next in steps[state] ?? [] where reached.insert(next).inserted { waiting.append(next) }
        }
        return reached
    }

    @Test func onlyWhatAWorkerHoldsCanReport() {
        for state in TaskState.allCases {
            let reports: [TaskEventKind] = [.began, .recording, .succeeded, .failed, .retrying, .waiting, .stopped]
            let takesReports = reports.contains { (try? state.applying($0)) != nil }
            #expect(takesReports == state.isHeld, "\(state)")
        }
    }

    @Test func statesHaveTheirWireValues() {
        let wire = [
            "scheduled", "started", "in-progress", "running", "finalizing", "running-with-failures", "stopping", "canceled",
            "succeeded", "failed", "skipped",
        ]
        #expect(WorkflowState.allCases.map(\.rawValue) == wire)
        for state in RunState.allCases { #expect(state.state.rawValue == state.rawValue) }
        for state in TaskState.allCases { #expect(state.state.rawValue == state.rawValue) }
        // Each is a state of runs, of tasks, or of both.
        #expect(Set(RunState.allCases.map(\.state)).union(TaskState.allCases.map(\.state)) == Set(WorkflowState.allCases))
    }

    @Test(arguments: [
        ("scheduled", WorkflowState.scheduled), ("Scheduled", .scheduled), ("IN PROGRESS", .inProgress),
        ("in_progress", .inProgress),
        ("In-Progress", .inProgress), ("running with failures", .runningWithFailures),
        ("RUNNING_WITH-FAILURES", .runningWithFailures),
        ("stopped", .canceled), ("Stopped", .canceled), ("canceled", .canceled), ("cancelled", .canceled), ("CANCELLED", .canceled),
        ("skipped", .skipped), ("Canceling", .stopping), ("cancelling", .stopping), ("CANCELING", .stopping),
    ])
    func statesAreReadByWireValueAndByLabel(name: String, state: WorkflowState) {
        #expect(WorkflowState(name: name) == state)
    }

    @Test func everyLabelAndWireValueIsRead() {
        for state in WorkflowState.allCases {
            #expect(WorkflowState(name: state.rawValue) == state)
            #expect(WorkflowState(name: state.label) == state)
        }
    }

    @Test(
        "the filter by state takes every documented value",
        arguments: [
            ("running", [.started, .inProgress, .runningWithFailures]), ("Running", [.started, .inProgress, .runningWithFailures]),
            ("Paused", []), ("up-for-retry", []), ("Up for retry", []), ("UP_FOR_RETRY", []), ("skipped", []), ("finalizing", []),
            ("Canceling", [.stopping]), ("stopped", [.canceled]), ("In progress", [.inProgress]), ("failed", [.failed]),
        ] as [(String, Set<RunState>)])
    func filterValues(name: String, states: Set<RunState>) {
        #expect(RunStates.named(name) == states)
    }

    @Test func everySetOfStatesIsReadBackFromItsFilterValues() {
        for bits in 0..<(1 << RunState.allCases.count) {
            let states = Set(RunState.allCases.enumerated().filter { bits & 1 << $0.offset != 0 }.map(\.element))
            let read = RunStates.values(of: states).compactMap { RunStates.named($0) }
            #expect(read.reduce(into: []) { $0.formUnion($1) } == states)
        }
        #expect(RunStates.named("no such state") == nil)
    }

    @Test(arguments: ["", " ", "done", "inprogress", "in--progress", "scheduled ", "Ｆailed"])
    func otherNamesAreNoState(name: String) {
        #expect(WorkflowState(name: name) == nil)
        #expect(WorkflowState(name: "failed\0") == nil)
    }
}
