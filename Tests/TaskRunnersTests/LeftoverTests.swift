import Foundation
import TaskRunners
import Testing
import WorkflowModel

@Suite struct WhatAKilledServiceLeft {
    /// Starts a process as a service that was killed would have left it: with the marker, and nobody who waits for it.
    private func leave(_ task: String, attempt: Int) throws -> Child {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "-i", "PATH=/usr/bin:/bin", "WEIR_TASK_ID=\(task)", "WEIR_ATTEMPT=\(attempt)", "python3", "-c",
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
        process.standardOutput = output
        try process.run()
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

    @Test func mayBeNothing() async throws {
        let workshop = try CommandWorkshop()
        await workshop.runner.endLeftovers(of: [])
        await workshop.runner.endLeftovers(of: [TaskID(rawValue: CommandWorkshop.freshTask())])
        #expect(workshop.scratchContents.isEmpty)
    }
}
