import Foundation
import ProgramTestKit
import Testing
import WorkflowAPI
import WorkflowClient
import WorkflowModel

extension ClusterTests {
    @Suite("A worker that stands still")
    struct StoppedWorkers {
        /// What the first attempt does while its worker stands still.
        enum FirstAttempt: String, CaseIterable, Sendable {
            /// It goes on: once the task is somebody else's, its process has to go.
            case goesOn = "exec sleep 600"
            /// It ends well, which its worker learns only when the task is somebody else's.
            case ends = "while test ! -e go; do sleep 0.05; done"
        }

        @Test(arguments: FirstAttempt.allCases)
        func itsTaskIsTakenOverAndItsOwnResultRefused(first: FirstAttempt) async throws {
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
            try await Patience.wait(.seconds(30), until: "the first attempt has begun") {
                nodes.ledger.entries.contains { $0.word == "began" }
            }
            let child = try #require(nodes.ledger.entries.first)

            let stopped = try nodes.process(0)
            stopped.send(SIGSTOP)
            if first == .ends {
                try nodes.directory.write("", to: "go")
                try await Patience.wait(.seconds(10), until: "the first attempt has ended") {
                    nodes.ledger.entries.contains { $0.word == "ended" && $0.attempt == 1 }
                }
            }
            try await nodes.start(1)
            let other = try nodes.client(1)
            try await Patience.wait(.seconds(40), until: "another worker finishes the task") {
                try await other.run(run).run.state == .succeeded
            }

            stopped.send(SIGCONT)
            try await Patience.wait(.seconds(20), until: "the first worker has heard that the task is not its own any more") {
                // Which of these it says depends on whether it reports first or asks for more time first.
                ["its lease is stale", "the lease of a task was lost", "could not be reported"].contains {
                    stopped.log.contains($0)
                }
            }
            try await Patience.wait(.seconds(10), until: "nothing of the first attempt is left") {
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

            // It has not come to harm by standing still: alone again, it works.
            #expect(try await nodes.process(1).end(with: SIGTERM) == 0)
            let next = try await nodes.client(0).start(StartRequest(configuration: "cg-stop")).run.id
            try nodes.directory.write("", to: "go")
            if first == .ends {
                try await Patience.wait(.seconds(30), until: "the worker that stood still works again") {
                    try await nodes.client(0).run(next).run.state == .succeeded
                }
            } else {
                _ = try await nodes.client(0).stop(next)
                try await Patience.wait(.seconds(30), until: "the worker that stood still heeds a stop") {
                    try await nodes.client(0).run(next).run.state == .canceled
                }
            }
            #expect(try await nodes.process(0).end(with: SIGTERM) == 0)
        }
    }
}
