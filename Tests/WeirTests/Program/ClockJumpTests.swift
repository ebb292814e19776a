import Foundation
import ProgramTestKit
import Testing
import WorkflowAPI
import WorkflowClient
import WorkflowModel

/// A real service whose clock is changed while it runs.
@Suite("A clock that jumps", .timeLimit(.minutes(10)))
struct ClockJumpTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private static func text(_ id: String, cron: String) -> String {
        """
        id: \(id)
        name: \(id)
        type: test/run
        schedule: {cron: "\(cron)", overlap: allow, catch_up: all, catch_up_limit: 100}
        stages:
          - name: Only
            tasks:
              - {id: only, type: test, command: [sh, -c, "echo $WEIR_SCHEDULED_FOR"]}

        """
    }

    @Test func anHourAheadAndAnHourBackLoseNothingAndStartNothingTwice() async throws {
        let clock = try FakedClock(in: directory.path)
        let server = try await ServerProcess.start(
            directory.path + "/data", ["--rate-limit", "0", "--lease", "3600s"], environment: clock.environment)
        let key = try await server.makeKey()
        @discardableResult
        func apply(_ id: String, cron: String) async throws -> ConfigurationAnswer {
            let source = ConfigurationSource(text: Self.text(id, cron: cron), format: .yaml, directory: directory.path)
            return try await server.client(key).save(source, as: id)
        }
        /// Oldest first.
        func ticks(_ id: String) async throws -> [ScheduleTick] {
            // A new client, because tokens expire in such a jump.
            try await server.client(key).ticks(of: id, limit: 1_000).ticks.reversed()
        }
        /// Returns when every minute up to this one has its run.
        func untilStarted(_ id: String, through instant: Timestamp) async throws {
            try await Patience.wait(until: "\(id) has run for \(instant.iso8601)") {
                let ticks = try await ticks(id)
                return ticks.last.map { $0.instant + .seconds(60) > instant } ?? false
            }
        }

        try await apply("steady", cron: "* * * * *")
        let begin = clock.now
        try clock.jump(by: .seconds(3_600))
        try await untilStarted("steady", through: clock.now)
        let ahead = try await ticks("steady")
        #expect(ahead.count >= 59)
        #expect(zip(ahead, ahead.dropFirst()).allSatisfy { $1.instant - $0.instant == .seconds(60) })
        #expect(try #require(ahead.first).instant - begin <= .seconds(60))

        try clock.jump(by: .seconds(-3_600))
        var probes = 0
        try await Patience.wait(until: "the service sees that its clock was set back") {
            probes += 1
            return try await apply("probe-\(probes)", cron: "* * * * *").createdAt < begin + .seconds(1_800)
        }
        // This run proves that the scheduler has read the clock that was set back.
        try clock.jump(by: .seconds(60))
        try await untilStarted("probe-\(probes)", through: clock.now)
        #expect(try await ticks("probe-\(probes)").allSatisfy { $0.instant < begin + .seconds(1_800) })
        let back = try await ticks("steady")
        #expect(back.map(\.instant) == ahead.map(\.instant))
        let runs = back.compactMap(\.run)
        #expect(Set(runs).count == runs.count)
        #expect(try await server.end(with: SIGTERM) == 0)
    }
}
