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

    /// The begin of a short command is reported when it ends, so that both become one write.
    @Test func atOnceIsSaidToHaveBegunWhenItIsOver() async throws {
        let workshop = try CommandWorkshop(beginDelay: .seconds(3_600))
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
                        attribution: .platform, type: "weir.task.command/signal", message: "killed by signal 9", data: data)))
    }

    @Test func isQuotedWithALineThatIsCutAndWithoutControlCharacters() async throws {
        let outcome = try await CommandWorkshop().python(
            "print('\\x1b[31m' + 'é' * 300 + '\\x1b[0m\\x07', end='\\n\\n \\n'); raise SystemExit(2)")
        #expect(outcome.error?.message == "exit code 2: " + String(repeating: "é", count: 200) + "…")
    }

    @Test(arguments: [
        (#"\033]8;;http://x/\033\\link\033]8;;\033\\ \033]0;t\007\0337\033[5@end\033(B\033[m\n"#, "link end"),
        (#"first\nlast\n\033[0m\n \n\033]0;title\007"#, "last"), (#"first\n\033]0;disk full\n"#, "0;disk full"),
        (#"10%%\r50%%\r100%%\r"#, "100%"),
        (#"N\bNO\bO\n\033[0m"#, "NO"), (#"no end of line"#, "no end of line"), (#"a\tb\r\n\r\n"#, "a b"),
        (#"cut \303"#, "cut \u{FFFD}"),
    ])
    func isQuotedWithWhatATerminalWouldShowLast(printed: String, quoted: String) async throws {
        let outcome = try await CommandWorkshop().run(["sh", "-c", "printf '\(printed)'; exit 3"])
        #expect(outcome.error?.message == "exit code 3: \(quoted)")
    }

    @Test(arguments: ["", "\\n", "\\r\\n", "\\n\\n\\n"])
    func isQuotedWithTheBeginningOfALineHoweverLongItIs(end: String) async throws {
        let outcome = try await CommandWorkshop().python(
            """
            import sys, time
            sys.stdout.write('x' * 70000 + '\\nBEGINNING ' + '🇩🇪e\u{301}' * 3000)
            sys.stdout.flush()
            sys.stdout.write('\\x1b[0m' * 40000 + ' end\(end)')
            raise SystemExit(1)
            """)
        let pairs = String(repeating: "🇩🇪e\u{301}", count: 95)
        #expect(outcome.error?.message == "exit code 1: BEGINNING " + pairs + "…")
    }
}

extension TaskOutcome {
    var error: RunError? {
        guard case .failed(let error, _, _) = self else { return nil }
        return error
    }

    var output: TaskOutput? {
        guard case .succeeded(let output) = self else { return nil }
        return output
    }
}

/// Records the remaining files of a command at the time of the begin report.
private final class BeginningReport: TaskReport {
    private let workshop: CommandWorkshop
    private let left = Mutex<[[String]]>([])

    init(_ workshop: CommandWorkshop) {
        self.workshop = workshop
    }

    /// The private directories at each report.
    var leftAtBeginning: [[String]] { left.withLock { $0 } }

    func began() async {
        left.withLock { $0.append(workshop.scratchContents) }
    }

    func printed(_ bytes: [UInt8], to stream: TaskStream) {}
    func recording() async {}
}
