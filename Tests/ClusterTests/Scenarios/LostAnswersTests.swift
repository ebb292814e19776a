import ProgramTestKit
import Testing
import WorkflowModel
import WorkflowTestKit

extension ClusterTests {
    @Suite("A network that loses answers")
    struct LostAnswers {
        @Test func commitsWithLostAnswersAreNeitherLostNorDuplicated() async throws {
            let database = try await DatabaseUnderTest()
            let proxy = try await database.proxy()
            let nodes = try await NodesUnderTest(2, on: database.url(behind: proxy))
            try await nodes.apply("cg-lost")
            // First starts that clients may repeat, then starts that only the store may repeat.
            let losses: [Conversation.Purpose: Int] = [.start: 8, .idempotentStart: 8, .claim: 8, .result: 8, .other: 8]
            proxy.change { $0.commitsToLose = losses }
            let keyed = await Traffic(nodes: nodes, configuration: "cg-lost", name: "lost").start(150)
            var bare = Traffic(nodes: nodes, configuration: "cg-lost", name: "bare")
            bare.repeatsItself = false
            let once = await bare.start(150)
            try await Patience.wait(until: "all answers have been lost that were to be") {
                proxy.record.value.lostCommits == losses
            }
            // No client gets an error.
            #expect(keyed.refusals == [:])
            #expect(once.refusals == [:])
            var both = keyed
            both.join(once)
            try await Observer(nodes: nodes).checkInvariants(both)
            #expect(try await nodes.end() == [0, 0])
            await proxy.stop()
        }

        @Test func runsSucceedDespiteDelaysCutsAndSilence() async throws {
            let database = try await DatabaseUnderTest()
            let proxy = try await database.proxy()
            let nodes = try await NodesUnderTest(2, on: database.url(behind: proxy))
            try await nodes.apply("cg-net")
            let progress = Watched(0)
            let traffic = Traffic(nodes: nodes, configuration: "cg-net", name: "net")
            async let sent = traffic.start(400, progress: progress)
            // Slow.
            await progress.until { $0 >= 50 }
            proxy.change { $0.delay = .milliseconds(20) }
            await progress.until { $0 >= 100 }
            proxy.change { $0.delay = nil }
            // Repeatedly cut.
            for cut in 1...10 {
                await progress.until { $0 >= 100 + cut * 10 }
                proxy.cut()
            }
            // Silent: messages in transit are lost, and the connections stay open.
            await progress.until { $0 >= 250 }
            proxy.change { $0.swallows = true }
            await proxy.record.until { $0.swallowed > 0 }
            proxy.change { $0.swallows = false }
            // No connections at all, until every node has noticed.
            await progress.until { $0 >= 300 }
            let before = proxy.record.value.refused
            proxy.change { $0.refuses = true }
            proxy.cut()
            await proxy.record.until { $0.refused >= before + 4 }
            proxy.change { $0.refuses = false }
            let tally = await sent
            let record = proxy.record.value
            #expect(record.delayed > 100 && record.cut > 10 && record.swallowed > 0)
            #expect(tally.acknowledged.count == 400, "\(tally.refusals)")
            #expect(tally.unexpected.isEmpty, "\(tally.unexpected)")
            #expect(tally.success > 0.8, "\(tally.refusals)")
            try await Observer(nodes: nodes).checkInvariants(tally)
            #expect(try await nodes.end() == [0, 0])
            await proxy.stop()
        }
    }
}
