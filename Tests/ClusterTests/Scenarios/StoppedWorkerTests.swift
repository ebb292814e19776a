import Foundation
import ProgramTestKit
import Testing
import WorkflowAPI
import WorkflowClient
import WorkflowModel

extension ClusterTests {
    @Suite("A worker that is stopped (SIGSTOP)")
    struct StoppedWorkers {
        /// The first attempt's behaviour while its worker is stopped.
        enum FirstAttempt: String, CaseIterable, Sendable {
            /// It continues. Its process is killed once another worker has the task.
            case goesOn = "exec sleep 600"
            /// It succeeds. Its worker learns that only after another worker has the task.
            case ends = "while test ! -e go; do sleep 0.05; done"
        }

        @Test(arguments: FirstAttempt.allCases)
        func anotherWorkerTakesTheTaskAndItsResultIsRefused(first: FirstAttempt) async throws {
            let database = try await DatabaseUnderTest()
            let nodes = try await NodesUnderTest(1, on: database.url)
            try nodes.directory.write(
                """
                echo "began $WEIR_WORKFLOW_ID $WEIR_TASK_ID $WEIR_ATTEMPT $$" >> ledger
                test $WEIR_ATTEMPT != 1 || { \(first.rawValue); }
                echo "ended $WEIR_WORKFLOW_ID $WEIR_TASK_ID $WEIR_ATTEMPT $$" >> ledger
                echo "attempt $WEIR_ATTEMPT"

                """, to: "stop.sh")
            try await nodes.apply("cg-stop", script: "stop.sh")
            let run = try await nodes.client(0).start(StartRequest(configuration: "cg-stop")).run.id
            try await Patience.wait(until: "the first attempt has begun") {
                nodes.ledger.entries.contains { $0.word == "began" }
            }
            let child = try #require(nodes.ledger.entries.first)

            let stopped = try nodes.process(0)
            stopped.send(SIGSTOP)
            if first == .ends {
                try nodes.directory.write("", to: "go")
                try await Patience.wait(until: "the first attempt has ended") {
                    nodes.ledger.entries.contains { $0.word == "ended" && $0.attempt == 1 }
                }
            }
            try await nodes.start(1)
            let other = try nodes.client(1)
            try await Patience.wait(until: "another worker finishes the task") {
                try await other.run(run).run.state == .succeeded
            }

            stopped.send(SIGCONT)
            try await Patience.wait(until: "the first worker has noticed that it lost the task") {
                // The log line depends on whether the worker reports or renews first.
                ["its lease is stale", "the lease of a task was lost", "could not be reported"].contains {
                    stopped.log.contains($0)
                }
            }
            try await Patience.wait(until: "nothing of the first attempt is left") {
                TaskProcesses.running(for: nodes.tenant).isEmpty
            }
            #expect(!TaskProcesses.isRunning(child.process, for: child.task))
            let details = try await other.run(run)
            let attempts = try await other.attempts(of: run)
            #expect(nodes.ledger.contradictions(to: details, attempts) == [])
            #expect(attempts.map(\.number) == [1, 2])
            #expect(attempts.first?.outcome == .failed)
            #expect(attempts.first?.error?.attribution == .platform)
            let output = try await other.output(of: try #require(details.tasks.first).id, in: run)
            #expect(String(decoding: output.bytes, as: UTF8.self) == "attempt 2\n")

            // The stopped worker is intact: alone again, it works.
            #expect(try await nodes.process(1).end(with: SIGTERM) == 0)
            let next = try await nodes.client(0).start(StartRequest(configuration: "cg-stop")).run.id
            try nodes.directory.write("", to: "go")
            if first == .ends {
                try await Patience.wait(until: "the worker that stood still works again") {
                    try await nodes.client(0).run(next).run.state == .succeeded
                }
            } else {
                _ = try await nodes.client(0).stop(next)
                try await Patience.wait(until: "the worker that stood still heeds a stop") {
                    try await nodes.client(0).run(next).run.state == .canceled
                }
            }
            #expect(try await nodes.process(0).end(with: SIGTERM) == 0)
        }
    }
}
