import Foundation
import TaskRunners
import Testing
import WorkflowModel

@Suite struct WhatACommandPrints {
    @Test func arrivesInOrderFromBothStreams() async throws {
        let report = Recorder()
        _ = try await CommandWorkshop().run(
            ["sh", "-c", "for n in 1 2 3; do echo out $n; echo err $n >&2; done"], reporting: report)
        #expect(report.lines == ["out 1", "err 1", "out 2", "err 2", "out 3", "err 3"])
    }

    @Test func isPassedOnInSmallPiecesHoweverMuchItIs() async throws {
        let report = Recorder(keeps: false)
        let script = "import sys\nfor _ in range(200): sys.stdout.buffer.write(b'x' * (1 << 20))\nraise SystemExit(1)"
        let outcome = try await CommandWorkshop().python(script, reporting: report)
        #expect(report.count == 200 << 20)
        #expect(report.largestPiece <= 1 << 16)
        #expect(outcome.error?.message == "exit code 1: " + String(repeating: "x", count: 200) + "…")
    }

    @Test func isCompleteThoughSomethingInTheBackgroundKeepsThePipe() async throws {
        let report = Recorder()
        let outcome = try await CommandWorkshop().run(["sh", "-c", "sleep 1000 & echo $!; echo done"], reporting: report)
        #expect(outcome == .succeeded(TaskOutput()))
        #expect(report.lines.last == "done")
        #expect(!Child(try #require(report.lines.first)).isAlive)
    }

    @Test func endsThoughSomethingInTheBackgroundNeverStopsPrinting() async throws {
        let report = Recorder(keeps: false)
        #expect(try await CommandWorkshop().run(["sh", "-c", "yes & exit 0"], reporting: report) == .succeeded(TaskOutput()))
    }
}

/// A process whose pid a test's command has printed.
struct Child {
    let pid: String

    init(_ pid: String) {
        self.pid = pid
    }

    /// Whether the process exists and has not ended.
    var isAlive: Bool {
        guard let line = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8), let name = line.lastIndex(of: ")")
        else { return false }
        return !line[name...].hasPrefix(") Z")
    }
}
