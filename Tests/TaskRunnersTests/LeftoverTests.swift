import Foundation
import Glibc
import ProgramTestKit
import TaskRunners
import Testing
import WorkflowModel

@Suite struct WhatAKilledServiceLeft {
    /// Starts a process as a killed service would leave it: with the marker, and without a parent that reaps it.
    private func leave(_ task: String, attempt: Int, of service: String = "") throws -> Child {
        let arguments = [
            "-i", "PATH=/usr/bin:/bin", "WEIR_TASK_ID=\(task)", "WEIR_ATTEMPT=\(attempt)", "WEIR_SERVICE=\(service)",
            "python3", "-c",
            """
            import os, signal
            if os.fork() > 0: os._exit(0)
            os.setsid()
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            os.write(1, b"%d" % os.getpid())
            os.close(1)
            os.execvp("sleep", ["sleep", "1000"])
            """,
        ]
        let output = Pipe()
        let process = try SpawnedProgram("/usr/bin/env", arguments)
            .start(outputTo: output.fileHandleForWriting.fileDescriptor)
        try output.fileHandleForWriting.close()
        // The first of the two processes, which ends after starting the other.
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let pid = try output.fileHandleForReading.readToEnd() ?? Data()
        return Child(String(decoding: pid, as: UTF8.self))
    }

    @Test func isEndedForTheTasksThatAreNamedAndForNoOther() async throws {
        let workshop = try CommandWorkshop()
        let (task, other) = (CommandWorkshop.freshTask(), CommandWorkshop.freshTask())
        let mine = try [leave(task, attempt: 1), leave(task, attempt: 2)]
        let foreign = try leave(other, attempt: 1)
        #expect(foreign.isAlive)
        for name in ["\(task).abc", "\(other).abc"] {
            try FileManager.default.createDirectory(atPath: "\(workshop.scratch)/\(name)", withIntermediateDirectories: true)
        }
        await workshop.runner.endLeftovers(of: [TaskID(rawValue: task)])
        #expect(mine.allSatisfy { !$0.isAlive })
        #expect(foreign.isAlive)
        #expect(workshop.scratchContents == ["\(other).abc"])
        await workshop.runner.endLeftovers(of: [TaskID(rawValue: other)])
        #expect(!foreign.isAlive)
    }

    @Test func isEndedAfterAnyServiceThatNoLongerRuns() async throws {
        let workshop = try CommandWorkshop()
        let report = Recorder()
        _ = try await workshop.run(["sh", "-c", "printf %s $WEIR_SERVICE; basename $(dirname $WEIR_INPUTS)"], reporting: report)
        let words = report.text.split(separator: "w", maxSplits: 1).map(String.init)
        let mark = try #require(words.first)
        // The same pid with another start time: a process that no longer exists.
        let gone = mark + "1"
        let files = "w" + (words.last ?? "").trimmingCharacters(in: .newlines)
        #expect(files.contains(mark))
        let (living, dead) = (files, files.replacingOccurrences(of: mark, with: gone))
        for name in [living, dead, "other.abc"] {
            try FileManager.default.createDirectory(atPath: "\(workshop.scratch)/\(name)", withIntermediateDirectories: true)
        }
        let orphan = try leave(CommandWorkshop.freshTask(), attempt: 1, of: gone)
        let strangers = try ["", "0-1-2", "nonsense"].map { try leave(CommandWorkshop.freshTask(), attempt: 1, of: $0) }
        let child = try leave(CommandWorkshop.freshTask(), attempt: 1, of: mark)
        // Another service that starts on this machine meanwhile may kill it first.
        await workshop.runner.endOrphans()
        #expect(!orphan.isAlive)
        #expect(child.isAlive && strangers.allSatisfy(\.isAlive))
        #expect(Set(workshop.scratchContents) == [living, "other.abc"])
        for left in strangers + [child] { kill(try #require(Int32(left.pid)), SIGKILL) }
    }

    @Test func mayBeNothing() async throws {
        let workshop = try CommandWorkshop()
        await workshop.runner.endLeftovers(of: [])
        await workshop.runner.endLeftovers(of: [TaskID(rawValue: CommandWorkshop.freshTask())])
        #expect(workshop.scratchContents.isEmpty)
    }
}
