import Foundation
import TaskRunners
import Testing
import WorkflowModel
import WorkflowTestKit

@Suite struct ACommandThatIsStopped {
    /// Starts a command, waits until it has printed `ready`, and cancels it.
    private func stop(
        _ words: [String], in workshop: CommandWorkshop, grace: Duration? = nil, reporting report: Recorder = Recorder(),
        afterwards: () async -> Void = {}
    ) async throws -> TaskOutcome {
        let attempt = try workshop.attempt(words, grace: grace)
        let running = Task { await workshop.runner.run(attempt, reporting: report) }
        await report.hasPrinted("ready")
        running.cancel()
        await afterwards()
        return await running.value
    }

    @Test func isAskedToEndFirst() async throws {
        let workshop = try CommandWorkshop()
        let report = Recorder()
        // The shell that waits has forked before: a signal that reaches a shell between fork and exec would be lost.
        let child = #"sh -c "echo ready; exec sleep 1000""#
        let words = ["sh", "-c", "trap 'echo tidied; exit 0' TERM; \(child) & wait"]
        #expect(try await stop(words, in: workshop, reporting: report) == .stopped)
        #expect(report.lines == ["ready", "tidied"])
        #expect(workshop.scratchContents.isEmpty)
        let ending = try #require(report.endings.first)
        let terminatedAt = try #require(ending.terminatedAt)
        #expect(report.endings.count == 1 && ending.killedAt == nil && ending.callCanceledAt == nil)
        #expect(ending.goneAt >= terminatedAt)
    }

    @Test func hasNoReceiptWhenItEndedByItself() async throws {
        let workshop = try CommandWorkshop()
        let report = Recorder()
        // The process that it leaves is killed, but not because of a request.
        let attempt = try workshop.attempt(["sh", "-c", "sleep 1000 & exit 0"])
        #expect(await workshop.runner.run(attempt, reporting: report) == .succeeded(TaskOutput()))
        #expect(report.endings.isEmpty)
    }

    // A signal that interrupts `print` must not print: Python refuses that. The scripts write to the descriptor instead.

    @Test func isKilledWhenTheGraceIsOver() async throws {
        let time = TestClock()
        let workshop = try CommandWorkshop(grace: .seconds(10), time: time)
        let report = Recorder()
        let script = """
            import os, signal, time
            signal.signal(signal.SIGTERM, lambda *_: os.write(1, b"no\\n"))
            os.write(1, b"ready\\n")
            while True: time.sleep(1000)
            """
        let outcome = try await stop(["python3", "-c", script], in: workshop, reporting: report) {
            await report.hasPrinted("no")
            await time.untilSleeping(for: .seconds(10))
            time.advance(by: .seconds(10))
        }
        #expect(outcome == .stopped)
        let killedAt = time.now
        #expect(
            report.endings == [
                TaskEnding(terminatedAt: killedAt + .seconds(-10), killedAt: killedAt, goneAt: killedAt)
            ])
    }

    @Test func hasTheGraceOfItsTask() async throws {
        let time = TestClock()
        let workshop = try CommandWorkshop(grace: .seconds(10), time: time)
        let words = ["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"]
        let outcome = try await stop(words, in: workshop, grace: .seconds(3)) {
            await time.untilSleeping(for: .seconds(3))
            time.advance(by: .seconds(3))
        }
        #expect(outcome == .stopped)
    }

    @Test func leavesTheGraceToItsChildrenAfterItHasEnded() async throws {
        let report = Recorder()
        let child = """
            import os, signal, sys, time
            parent = os.getppid()
            def tidy(*_):
                while os.getppid() == parent: time.sleep(0.01)
                os.write(1, b"tidied\\n")
                sys.exit(0)
            signal.signal(signal.SIGTERM, tidy)
            os.write(1, b"ready\\n")
            while True: time.sleep(1000)
            """
        let outcome = try await stop(["sh", "-c", "python3 -c '\(child)' & wait"], in: try CommandWorkshop(), reporting: report)
        #expect(outcome == .stopped)
        #expect(report.lines == ["ready", "tidied"])
    }

    /// Leaves its session, group, parent and pipe, and ignores SIGTERM; prints its pid before it closes the pipe.
    private static let stray = """
        import os, signal, sys, time
        told, tell = os.pipe()
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                os.write(1, b"%d\\n" % os.getpid())
                os.write(tell, b"x")
                null = os.open("/dev/null", os.O_RDWR)
                for descriptor in (0, 1, 2): os.dup2(null, descriptor)
                os.execvp("sleep", ["sleep", "1000"])
            os._exit(0)
        os.wait()
        """

    @Test func killsProcessesThatHaveForkedAway() async throws {
        let time = TestClock()
        let workshop = try CommandWorkshop(grace: .seconds(10), time: time)
        let report = Recorder()
        let script = Self.stray + "\nos.read(told, 1)\nos.write(1, b'ready\\n')\ntime.sleep(1000)"
        let outcome = try await stop(["python3", "-c", script], in: workshop, reporting: report) {
            await time.untilSleeping(for: .seconds(10))
            time.advance(by: .seconds(10))
        }
        #expect(outcome == .stopped)
        let stray = Child(try #require(report.lines.first { $0 != "ready" }))
        #expect(!stray.isAlive)
    }

    @Test(arguments: ["", "time.sleep(0.5)"])
    func leavesNothingThatHasForkedAwayWhenItSucceeds(meanwhile: String) async throws {
        let report = Recorder()
        let script = Self.stray + "\n\(meanwhile)"
        #expect(try await CommandWorkshop().python(script, reporting: report) == .succeeded(TaskOutput()))
        if let pid = report.lines.first {
            #expect(!Child(pid).isAlive)
        } else {
            // The process was killed before it could print its pid.
            #expect(meanwhile.isEmpty)
        }
    }

    @Test func isNotStartedAtAllWhereItWasCancelledBefore() async throws {
        let workshop = try CommandWorkshop()
        let attempt = try workshop.attempt(["touch", "\(workshop.root)/started"])
        let report = Recorder()
        let outcome = await withTaskGroup(of: TaskOutcome.self) { group in
            group.cancelAll()
            group.addTask { await workshop.runner.run(attempt, reporting: report) }
            return await group.next()
        }
        #expect(outcome == .stopped)
        #expect(report.events.isEmpty)
        #expect(workshop.scratchContents.isEmpty)
    }

    @Test func isFoundUnderAnyName() async throws {
        let workshop = try CommandWorkshop()
        let file = "\(workshop.root)/x) S 1 (y"
        try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: "/bin/sh")
        #expect(try await stop([file, "-c", "echo ready; while :; do sleep 1; done"], in: workshop) == .stopped)
    }

    @Test func isOneOfManyThatAreStoppedAtOnce() async throws {
        let workshop = try CommandWorkshop()
        let reports = (0..<8).map { _ in Recorder() }
        let outcomes = try await withThrowingTaskGroup(of: TaskOutcome.self) { group in
            for report in reports {
                let attempt = try workshop.attempt(["sh", "-c", "sleep 1000 & echo ready; wait"])
                group.addTask { await workshop.runner.run(attempt, reporting: report) }
            }
            for report in reports { await report.hasPrinted("ready") }
            group.cancelAll()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes == Array(repeating: .stopped, count: 8))
    }
}
