import Foundation
import ProgramTestKit
import Testing
import WorkflowAPI
import WorkflowClient
import WorkflowModel
import WorkflowTestKit

extension ClusterTests {
    @Suite("A node that is cut off from the database")
    struct CutOffNodes {
        /// How connections hang. None of them is refused or closed.
        enum Hang: Sendable {
            /// No bytes arrive on either side.
            case everything
            /// The server receives requests, but its answers are lost.
            case answers
        }

        /// Writes a line at intervals while it works. The first attempt never ends and ignores SIGTERM.
        private static let script = """
            trap '' TERM
            left=20
            while test $WEIR_ATTEMPT = 1 || test $left -gt 0; do
                echo "$WEIR_ATTEMPT $(date +%s%N)" >> beats
                left=$((left - 1))
                sleep 0.05
            done

            """

        /// The times at which each attempt worked, in nanoseconds.
        private static func beats(_ nodes: NodesUnderTest) -> [Int: ClosedRange<Int>] {
            var found: [Int: ClosedRange<Int>] = [:]
            for line in nodes.directory.text(of: "beats").split(separator: "\n") {
                let words = line.split(separator: " ").compactMap { Int($0) }
                guard words.count == 2 else { continue }
                let before = found[words[0]]
                found[words[0]] = min(before?.lowerBound ?? words[1], words[1])...max(before?.upperBound ?? words[1], words[1])
            }
            return found
        }

        @Test(arguments: [(Hang.everything, 6, 2), (.answers, 6, 2), (.everything, 15, 5)])
        func nothingOfItsTasksIsLeftWhenAnotherNodeTakesThemOver(hang: Hang, lease: Int, grace: Int) async throws {
            let database = try await DatabaseUnderTest()
            let proxy = try await database.proxy()
            let nodes = try await NodesUnderTest(
                1, on: database.url(behind: proxy), options: ["--lease", "\(lease)s", "--grace", "\(grace)s"])
            try nodes.directory.write(Self.script, to: "beat.sh")
            try await nodes.apply("cg-cut", script: "beat.sh")
            let run = try await nodes.client(0).start(StartRequest(configuration: "cg-cut")).run.id
            try await Patience.wait(until: "the first attempt has begun") { Self.beats(nodes)[1] != nil }
            try await nodes.start(1, with: ["--database", database.url])

            proxy.change { faults in
                switch hang {
                case .everything: faults.hangs = true
                case .answers: faults.swallows = true
                }
            }
            let other = try nodes.client(1)
            try await Patience.wait(until: "another node finishes the task") {
                try await other.run(run).run.state == .succeeded
            }
            let beats = Self.beats(nodes)
            let (first, second) = (try #require(beats[1]), try #require(beats[2]))
            #expect(first.upperBound < second.lowerBound, "both were at work for \(first.upperBound - second.lowerBound) ns")
            let attempts = try await other.attempts(of: run)
            #expect(attempts.map(\.outcome) == [.failed, .succeeded])
            #expect(attempts.first?.error?.type == "weir.worker/lost")

            // After the connection is restored, the node works again, alone.
            proxy.change { $0 = ProxyFaults() }
            proxy.cut()
            #expect(try await nodes.process(1).end(with: SIGTERM) == 0)
            try await nodes.apply("cg-after")
            let next = try await nodes.client(0).start(StartRequest(configuration: "cg-after")).run.id
            try await Patience.wait(until: "the node that was cut off works again") {
                try await nodes.client(0).run(next).run.state == .succeeded
            }
            #expect(try await nodes.process(0).end(with: SIGTERM) == 0)
            await proxy.stop()
        }

        /// The claim is committed, and the node dies before it receives the answer.
        @Test func aNodeThatDiesBetweenItsClaimAndItsFirstRenewalIsReplaced() async throws {
            let database = try await DatabaseUnderTest()
            let proxy = try await database.proxy()
            let nodes = try await NodesUnderTest(1, on: database.url(behind: proxy))
            try await nodes.apply("cg-early")
            proxy.change { $0.hangsAfter = [.claim] }
            let run = try await nodes.client(0).start(StartRequest(configuration: "cg-early")).run.id
            await proxy.record.until { $0.hungCommits[.claim] == 1 }
            try await nodes.kill(0)

            try await nodes.start(1, with: ["--database", database.url])
            let other = try nodes.client(1)
            try await Patience.wait(until: "another node finishes the task") {
                try await other.run(run).run.state == .succeeded
            }
            let details = try await other.run(run)
            let attempts = try await other.attempts(of: run)
            #expect(attempts.map(\.outcome) == [.failed, .succeeded])
            #expect(attempts.first?.error?.type == "weir.worker/lost")
            // The attempt that no worker made has no output.
            #expect(nodes.ledger.entries.allSatisfy { $0.attempt == 2 })
            #expect(nodes.ledger.contradictions(to: details, attempts) == [])
            #expect(try await nodes.process(1).end(with: SIGTERM) == 0)
            await proxy.stop()
        }
    }
}
