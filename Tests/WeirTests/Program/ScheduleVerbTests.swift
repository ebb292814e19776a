import Foundation
import ProgramTestKit
import Testing
import WorkflowAPI
import WorkflowClient
import WorkflowModel

@testable import weir

@Suite("The verbs of schedules against a service", .timeLimit(.minutes(10)))
struct ScheduleVerbTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// Each run appends a line with its nominal time and period to `out`, and waits while a file `closed` exists.
    private static let workflow = """
        id: cg-nightly
        name: Nightly
        type: test.group/run
        schedule: {cron: "30 2 * * *", timezone: America/New_York, range: period, paused: true}
        stages:
          - name: Only
            tasks:
              - id: work
                type: test.work
                command:
                  - sh
                  - -c
                  - 'while [ -e closed ]; do sleep 0.05; done; echo "$WEIR_SCHEDULED_FOR $WEIR_RANGE_FROM $WEIR_RANGE_TO" >> out'
        """

    @Test func ticksAreShownAndAnInterruptedBackfillResumes() async throws {
        let server = try await ServerProcess.start(directory.path + "/data", ["--rate-limit", "0"])
        let key = try await server.makeKey()
        let environment = server.environment(key)
        func weir(_ arguments: String...) async throws -> Program.Ended {
            try await Program.run(arguments, environment: environment)
        }
        let applied = try await weir("apply", try directory.write(Self.workflow, to: "workflow.yaml"))
        #expect(applied.status == 0, "\(applied.messages)")

        let preview = try await weir("schedule", "preview", "cg-nightly", "--next", "2", "--from", "2026-03-07T12")
        #expect(
            preview.output == """
                default: 30 2 * * * in America/New_York, paused
                LOCAL TIME                  UTC                   NOTE
                2026-03-08 03:00:00 -04:00  2026-03-08 07:00:00Z  paused, starts no run; 02:30 does not exist on 2026-03-08, runs at 03:00
                2026-03-09 02:30:00 -04:00  2026-03-09 06:30:00Z  paused, starts no run

                """)
        let json = try await weir("schedule", "preview", "cg-nightly", "--next", "1", "--from", "2026-03-07T12", "--json")
        let forecasts = try ScheduleForecast.list(json: Array(json.output.utf8))
        #expect(forecasts.first?.ticks.map(\.change) == [.moved])
        #expect(try await weir("schedule", "preview", "cg-none").status == ExitStatus.noInput.rawValue)

        // Interrupted while its first two runs wait: they continue, and no further run is started.
        try directory.write("", to: "closed")
        let backfill = ["backfill", "cg-nightly", "--from", "2026-03-07", "--to", "2026-03-11", "--parallel", "2"]
        let client = server.client(key)
        let (processes, started) = AsyncStream.makeStream(of: Int32.self)
        async let interrupted = Program.run(backfill, environment: environment) { started.yield($0) }
        try await Patience.wait(until: "two runs are there") { try await client.runs().runs.count == 2 }
        for await process in processes {
            kill(process, SIGINT)
            break
        }
        let first = try await interrupted
        #expect(first.status == ExitStatus.temporary.rawValue, "\(first.messages)")
        #expect(first.messages.contains("of 4 ticks") && first.messages.contains("Repeat the command to start the remaining ticks"))
        #expect(try await client.runs().runs.count == 2)

        try FileManager.default.removeItem(atPath: directory.path + "/closed")
        let second = try await Program.run(backfill, environment: environment)
        #expect(second.status == 0, "\(second.messages)")
        #expect(second.messages.contains("2 runs started, 2 ticks already had a run."))
        let third = try await Program.run(backfill + ["--json"], environment: environment)
        #expect(third.output.components(separatedBy: "already-started").count - 1 == 4)
        let lines = directory.text(of: "out").split(separator: "\n").sorted()
        #expect(
            lines == [
                "2026-03-07T07:30:00.000Z 2026-03-06T07:30:00.000Z 2026-03-07T07:30:00.000Z",
                "2026-03-08T07:00:00.000Z 2026-03-07T07:30:00.000Z 2026-03-08T07:00:00.000Z",
                "2026-03-09T06:30:00.000Z 2026-03-08T07:00:00.000Z 2026-03-09T06:30:00.000Z",
                "2026-03-10T06:30:00.000Z 2026-03-09T06:30:00.000Z 2026-03-10T06:30:00.000Z",
            ])
        try await startAgain(environment, client)
        #expect(try await server.end(with: SIGTERM) == 0)
    }

    /// The ticks of March, of which four have a run that has ended.
    private func startAgain(_ environment: [String: String], _ client: WorkflowClient) async throws {
        let month = ["backfill", "cg-nightly", "--month", "2026-03", "--again"]
        let dry = try await Program.run(month + ["--dry-run"], environment: environment)
        #expect(
            dry.status == 0 && dry.messages.contains("Dry run: 27 runs would start, 4 ticks would start again."), "\(dry.messages)")
        #expect(try await client.runs().runs.count == 4)
        let day = ["backfill", "cg-nightly", "--day", "2026-03-08"]
        let again = try await Program.run(day + ["--again", "--json"], environment: environment)
        #expect(again.status == 0 && again.messages.contains("0 runs started, 1 tick started again."), "\(again.messages)")
        let report = try #require(JSONValue(json: Array(again.output.utf8)))
        let since = try #require(report["again_before"]?.string)
        // A clock change: 02:30 does not exist on this day.
        #expect(again.output.contains("2026-03-08T07:00:00.000Z") && again.output.contains("rerun_of"))
        let repeated = try await Program.run(day + ["--again", "--since", since], environment: environment)
        #expect(repeated.messages.contains("0 runs started, 1 tick already had a run."), "\(repeated.messages)")
        #expect(try await client.runs().runs.count == 5)
    }

    @Test func aWorkflowIsPausedAndResumed() async throws {
        let server = try await ServerProcess.start(directory.path + "/data", ["--rate-limit", "0"])
        let environment = server.environment(try await server.makeKey())
        func weir(_ arguments: String...) async throws -> Program.Ended {
            try await Program.run(arguments, environment: environment)
        }
        let workflow = Self.workflow.replacing(", range: period, paused: true", with: "")
        #expect(try await weir("apply", try directory.write(workflow, to: "workflow.yaml")).status == 0)
        let paused = try await weir("pause", "cg-nightly", "--reason", "the warehouse moves", "--until", "2099-01-01")
        #expect(
            paused.status == 0 && paused.messages.contains("cg-nightly is paused until 2099-01-01 00:00:00Z."), "\(paused.messages)"
        )
        let preview = try await weir("schedule", "preview", "cg-nightly", "--next", "1", "--from", "2098-12-31T12")
        #expect(preview.output.hasPrefix("Paused by ") && preview.output.contains(": the warehouse moves\n\ndefault: 30 2"))
        #expect(preview.output.hasSuffix("2099-01-01 07:30:00Z\n"))
        #expect(try await weir("schedule", "preview", "cg-nightly", "--next", "1").output.contains("paused, starts no run"))
        #expect(try await weir("configs").output.contains("until 2099-01-01 00:00:00Z: the warehouse moves"))
        let again = try await weir("pause", "cg-nightly", "--reason", "longer", "--until", "2d", "--json")
        let answer = try ConfigurationAnswer(json: Array(again.output.utf8))
        #expect(answer.pause?.reason == "longer" && answer.pause?.until != nil)
        for arguments in [
            ["pause", "cg-nightly"], ["pause", "cg-nightly", "--reason", ""],
            ["pause", "cg-nightly", "--reason", String(repeating: "r", count: 1_025)],
            ["pause", "cg-nightly", "--reason", "r", "--until", "yesterday"],
        ] {
            let refused = try await Program.run(arguments, environment: environment)
            #expect(refused.status == ExitStatus.usage.rawValue, "\(refused.messages)")
        }
        for arguments in [["pause", "cg-none", "--reason", "r"], ["resume", "cg-none"]] {
            #expect(try await Program.run(arguments, environment: environment).status == ExitStatus.noInput.rawValue)
        }
        for _ in 0..<2 {
            let resumed = try await weir("resume", "cg-nightly")
            #expect(resumed.status == 0 && resumed.messages.contains("cg-nightly is not paused."), "\(resumed.messages)")
        }
        #expect(try await !weir("schedule", "preview", "cg-nightly").output.contains("paused"))
        #expect(try await server.end(with: SIGTERM) == 0)
    }
}
