import ProgramTestKit
import Testing
import WorkflowAPI
import WorkflowClient
import WorkflowModel

extension ClusterTests {
    @Suite("Schedules on many nodes")
    struct Schedules {
        private static let configurations = 50
        private static let jumps = 12
        /// A node is killed after each interval. It is short enough that later ticks are on time even on a slow machine.
        private static let jump = Duration.seconds(30)

        /// The clock of all nodes jumps by minutes. Leases are long enough not to expire.
        @Test func everyTickStartsOneRunWhileNodeAfterNodeIsKilled() async throws {
            let database = try await DatabaseUnderTest()
            let directory = try TemporaryDirectory()
            let clock = try FakedClock(in: directory.path)
            let nodes = try await NodesUnderTest(
                3, on: database.url, options: ["--lease", "3600s"], environment: clock.environment)
            for number in 0..<Self.configurations { try await apply("cg-\(number)", to: nodes) }
            let applied = clock.now
            var seen = applied
            for step in 0..<Self.jumps {
                let before = try await nodes.client(step).runs(limit: 1, withTotal: true).total?.exact ?? 0
                try clock.jump(by: Self.jump)
                seen = clock.now
                let minutes = Int(seen.milliseconds / 60_000 - applied.milliseconds / 60_000)
                // In turn, and during the scheduler's decision if there is one.
                if before < minutes * Self.configurations {
                    try await Patience.wait(until: "the first of many ticks has started its run") {
                        try await nodes.client(step + 1).runs(limit: 1, withTotal: true).total?.exact ?? 0 > before
                    }
                }
                try await nodes.kill(step % 3)
                try await nodes.start(step % 3)
                try await Patience.wait(until: "every tick of \(minutes) minutes has started its run") {
                    try await nodes.client(step).runs(limit: 1, withTotal: true).total?.exact ?? 0 >= minutes * Self.configurations
                }
            }
            var started: Set<RunID> = []
            for number in 0..<Self.configurations {
                var ticks: [ScheduleTick] = []
                try await Patience.wait(until: "every tick of cg-\(number) has started its run") {
                    ticks = try await nodes.client(number).ticks(of: "cg-\(number)", limit: 1_000).ticks.reversed().filter {
                        $0.instant <= seen
                    }
                    return ticks.last.map { $0.instant + .seconds(60) > seen } ?? false
                        && !ticks.contains { $0.outcome == .waiting }
                }
                #expect(ticks.allSatisfy { $0.outcome == .started }, "\(ticks.filter { $0.outcome != .started })")
                #expect(zip(ticks, ticks.dropFirst()).allSatisfy { $1.instant - $0.instant == .seconds(60) })
                #expect(ticks.count >= Int(Self.jump.components.seconds) * Self.jumps / 60)
                for run in ticks.compactMap(\.run) {
                    #expect(started.insert(run).inserted, "\(run) was started for two ticks")
                }
            }
            // No other run was started.
            let runs = try await Observer(nodes: nodes).runs()
            let late = runs.values.filter { !started.contains($0.id) }
            #expect(late.allSatisfy { $0.createdAt > seen }, "\(late.count) of \(runs.count) runs are those of no tick")
            #expect(started.isSubset(of: runs.keys))
            #expect(try await nodes.end() == [0, 0, 0])
        }

        private func apply(_ id: String, to nodes: NodesUnderTest) async throws {
            let text = """
                id: \(id)
                name: \(id)
                type: test.cluster/run
                schedule: {cron: "* * * * *", overlap: allow, catch_up: all}
                stages:
                  - name: Only
                    tasks:
                      - {id: only, type: test.none, command: ["true"]}

                """
            let source = ConfigurationSource(text: text, format: .yaml, directory: nodes.directory.path)
            _ = try await nodes.client(0).save(source, as: id)
        }
    }
}
