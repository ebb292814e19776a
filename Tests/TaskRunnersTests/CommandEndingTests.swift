import Synchronization
import TaskRunners
import Testing
import WorkflowModel

@Suite struct ACommandThatEnds {
    @Test func withZeroHasSucceeded() async throws {
        let report = Recorder()
        let outcome = try await CommandWorkshop().run(["true"], reporting: report)
        #expect(outcome == .succeeded(TaskOutput()))
        #expect(report.events == ["began"])
    }

    /// Then its beginning and its end can be written in one go.
    @Test func atOnceIsSaidToHaveBegunWhenItIsOver() async throws {
        let workshop = try CommandWorkshop(atOnce: .seconds(3_600))
        let report = BeginningReport(workshop)
        #expect(await workshop.runner.run(try workshop.attempt(["true"]), reporting: report).output != nil)
        #expect(report.leftAtBeginning == [[]])
    }

    @Test(arguments: [(3, Attribution.customer), (75, .platform), (1, .customer), (255, .customer)])
    func withAnotherCodeHasFailedByTheConvention(code: Int, attribution: Attribution) async throws {
        let script = "echo first; echo 'no such table: orders' >&2; echo; exit \(code)"
        let outcome = try await CommandWorkshop().run(["sh", "-c", script])
        let message = "exit code \(code): no such table: orders"
        let data = JSONText(validated: "{\"exit_code\":\(code)}")
        #expect(
            outcome == .failed(RunError(attribution: attribution, type: "weir.task.command/exit", message: message, data: data)))
    }

    @Test(arguments: [65: Attribution.platform, 75: .customer])
    func isBlamedByTheTableOfItsTask(code: Int, attribution: Attribution) async throws {
        let workshop = try CommandWorkshop()
        let attempt = try workshop.attempt(["sh", "-c", "exit \(code)"], blame: BlameTable(byCode: [code: attribution]))
        let error = try #require(await workshop.runner.run(attempt, reporting: Recorder()).error)
        #expect(error.attribution == attribution)
        #expect(error.message == "exit code \(code)")
    }

    @Test func byASignalThatIsNotOursIsThePlatformsFault() async throws {
        let outcome = try await CommandWorkshop().run(["sh", "-c", "kill -9 $$"])
        let data = JSONText(validated: "{\"signal\":9}")
        #expect(
            outcome
                == .failed(
                    RunError(
                        attribution: .platform, type: "weir.task.command/signal", message: "ended by signal 9", data: data)))
    }

    @Test func isQuotedWithALineThatIsCutAndWithoutControlCharacters() async throws {
        let outcome = try await CommandWorkshop().python(
            "print('\\x1b[31m' + 'é' * 300 + '\\x1b[0m\\x07', end='\\n\\n \\n'); raise SystemExit(2)")
        #expect(outcome.error?.message == "exit code 2: " + String(repeating: "é", count: 200) + "…")
    }
}

extension TaskOutcome {
    var error: RunError? {
        guard case .failed(let error, _) = self else { return nil }
        return error
    }

    var output: TaskOutput? {
        guard case .succeeded(let output) = self else { return nil }
        return output
    }
}

/// Keeps what there was of a command when it was said to have begun.
private final class BeginningReport: TaskReport {
    private let workshop: CommandWorkshop
    private let left = Mutex<[[String]]>([])

    init(_ workshop: CommandWorkshop) {
        self.workshop = workshop
    }

    /// The private directories, each time.
    var leftAtBeginning: [[String]] { left.withLock { $0 } }

    func began() async {
        left.withLock { $0.append(workshop.scratchContents) }
    }

    func printed(_ bytes: [UInt8]) {}
    func recording() async {}
}
