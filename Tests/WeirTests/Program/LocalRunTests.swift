import Foundation
import ProgramTestKit
import Testing
import WorkflowModel

@testable import weir

/// `weir run`: the real program, its engine and real tasks.
@Suite("Runs without a service", .timeLimit(.minutes(10)))
struct LocalRunTests {
    private let directory: TemporaryDirectory
    /// Where the program has its temporary directory.
    private let scratch: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        scratch = try TemporaryDirectory()
    }

    private var leftOver: [String] { (try? FileManager.default.contentsOfDirectory(atPath: scratch.path)) ?? ["unreadable"] }

    private func weir(
        _ arguments: [String], environment: [String: String] = [:], output: String? = nil, started: (Int32) -> Void = { _ in }
    ) async throws -> Program.Ended {
        var environment = environment
        environment["TMPDIR"] = scratch.path
        return try await Program.run(["run"] + arguments, environment: environment, output: output, started: started)
    }

    private func file(_ tasks: String, _ members: String = "") throws -> String {
        try directory.write(
            "id: cg-local\nname: Local\ntype: test.local/run\n\(members)\nstages:\n  - name: Only\n    tasks:\n\(tasks)\n",
            to: "local.yaml")
    }

    @Test func tasksRunInTheirOrderAndPrintLinesAfterTheirIDs() async throws {
        let file = try file(
            #"""
                  - {id: pull, type: t.a, command: [sh, -c, 'echo pulled; printf "{\"rows\":3}" > "$WEIR_OUTPUT"']}
                  - {id: load-it, type: t.b, needs: [pull], command: [sh, -c, 'cat "$WEIR_INPUTS"; echo; pwd; printf "no break"']}
            """#, "schedule: {cron: \"* * * * *\", timezone: UTC}\nconcurrency: 1\nalerts: [{to: ops, on: [succeeded]}]")
        let ended = try await weir([file])
        #expect(ended.status == 0, "\(ended.messages)")
        #expect(
            ended.output == """
                pull    | pulled
                load-it | {"pull":{"rows":3}}
                load-it | \(URL(fileURLWithPath: directory.path).resolvingSymlinksInPath().path)
                load-it | no break

                """)
        #expect(ended.messages.hasPrefix("Running cg-local from \(file).\n"))
        #expect(
            ended.messages.contains("load-it: Succeeded\n") && ended.messages.contains(": Succeeded after "), "\(ended.messages)")
        #expect(leftOver == [])
    }

    @Test func parametersModeRangeAndVariablesReachTheTasks() async throws {
        let file = try file(
            #"      - {id: one, type: t.a, command: [sh, -c, 'echo "$WEIR_PARAMETERS $WEIR_RUN_MODE $WEIR_RANGE_FROM $WEIR_TENANT $ONE$TWO"']}"#,
            "parameters: {day: {type: date}, rows: {type: integer, default: 5}}")
        let line = [file, "--run-mode", "refresh", "--range-from", "2024-04-01", "--allow-env", "ONE"]
        let environment = ["ONE": "1", "TWO": "2"]
        let ended = try await weir(line + ["--param", "day=2026-11-01"], environment: environment)
        #expect(
            ended.output == "one | {\"day\":\"2026-11-01\",\"rows\":5} refresh 2024-04-01T00:00:00.000Z local 1\n",
            "\(ended.messages)")
        let missing = try await weir(line, environment: environment)
        #expect(missing.status == ExitStatus.data.rawValue && missing.messages.contains("day"), "\(missing.messages)")
        #expect(leftOver == [])
    }

    @Test(arguments: [("customer", ExitStatus.failedByCustomer), ("platform", .failedOtherwise)])
    func theExitCodeTellsTheBlame(blame: String, status: ExitStatus) async throws {
        let file = try file(
            """
                  - {id: fail, type: t.a, command: [sh, -c, "exit 7"], blame: {7: \(blame)}, retry: {attempts: 2, first_delay: 1ms}}
                  - {id: after, type: t.b, needs: [fail], command: [echo, never]}
                  - {id: tell, type: t.c, when: failure, command: [sh, -c, 'echo "$WEIR_FAILED_TASKS"']}
            """)
        let ended = try await weir([file])
        #expect(ended.status == status.rawValue, "\(ended.messages)")
        #expect(ended.output == "tell  | fail\n")
        #expect(ended.messages.contains("after: Not run (a task it needs failed)"), "\(ended.messages)")
    }

    @Test func retriesAreReal() async throws {
        let file = try file(
            """
                  - {id: flaky, type: t.a, retry: {attempts: 2, first_delay: 1ms}, blame: {1: platform},
                     command: [sh, -c, 'echo "try $WEIR_ATTEMPT"; test -e tried || { touch tried; exit 1; }']}
            """)
        let ended = try await weir([file])
        #expect(ended.status == 0, "\(ended.messages)")
        #expect(ended.output == "flaky | try 1\nflaky | try 2\n")
    }

    @Test func oneTaskRunsWithGivenOutputs() async throws {
        let file = try file(
            #"""
                  - {id: first, type: t.a, command: [echo, never]}
                  - {id: second, type: t.b, needs: [first], command: [echo, never]}
                  - {id: other, type: t.c, needs: [first], command: [echo, never]}
                  - {id: third, type: t.d, needs: [second, other], command: [sh, -c, 'cat "$WEIR_INPUTS"; echo']}
            """#)
        let outputs = try directory.write("{\"rows\": 3}", to: "outputs.json")
        let ended = try await weir([file, "--task", "third", "--outputs", "second=@\(outputs)"])
        #expect(ended.status == 0, "\(ended.messages)")
        #expect(ended.output == #"third | {"other":{},"second":{"rows":3}}"# + "\n")
        #expect(!ended.messages.contains("second"), "\(ended.messages)")
        let text = try await weir([file, "--task", "third", "--outputs", #"other={"a":[1]}"#])
        #expect(text.output == #"third | {"other":{"a":[1]},"second":{}}"# + "\n")

        for (line, status, complaint) in [
            (["--task", "none"], ExitStatus.noInput, "first, second, other, third"),
            (["--task", "third", "--outputs", "first={}"], .data, "It needs second, other."),
            (["--task", "first", "--outputs", "second={}"], .data, "It needs no task."),
            (["--task", "third", "--outputs", "second=[1]"], .data, "JSON object"),
            (["--task", "third", "--outputs", "second={"], .data, "not valid JSON"),
            (["--task", "third", "--outputs", "second=@\(outputs).none"], .noInput, "no such file"),
            (["--task", "third", "--outputs", "second={}", "--outputs", "second={}"], .usage, "twice"),
            (["--task", "third", "--outputs", "second"], .usage, "task=@file.json"),
            (["--outputs", "second={}"], .usage, "--outputs needs --task"),
        ] {
            let refused = try await weir([file] + line)
            #expect(refused.status == status.rawValue && refused.messages.contains(complaint), "\(line): \(refused.messages)")
            #expect(refused.output.isEmpty)
        }
        #expect(leftOver == [])
    }

    private static let waiting = #"""
              - {id: wait, type: t.a, command: [sh, -c, 'trap "echo bye; exit 0" TERM; echo ready > ready; sleep 600 & wait']}
              - {id: close, type: t.b, when: always, command: [sh, -c, 'echo "$WEIR_RUN_OUTCOME"']}
        """#

    @Test(arguments: [SIGINT, SIGTERM])
    func aSignalStopsTheRunGracefully(signal: Int32) async throws {
        let file = try file(Self.waiting)
        let (processes, started) = AsyncStream.makeStream(of: Int32.self)
        async let running = weir([file]) { started.yield($0) }
        try await Patience.wait(until: "the task waits") { !directory.text(of: "ready").isEmpty }
        for await process in processes {
            kill(process, signal)
            break
        }
        let ended = try await running
        #expect(ended.status == ExitStatus.stopped.rawValue, "\(ended.messages)")
        #expect(ended.output == "wait  | bye\nclose | stopped\n")
        #expect(ended.messages.contains("Stopping the run."), "\(ended.messages)")
        #expect(leftOver == [])
    }

    @Test func anUrgentSignalKillsTasksAndRemovesTheData() async throws {
        let file = try file(
            "      - {id: wait, type: t.a, command: [sh, -c, 'trap \"\" TERM; echo $$ > pid; while :; do sleep 600 & wait; done']}")
        let (processes, started) = AsyncStream.makeStream(of: Int32.self)
        async let running = weir([file]) { started.yield($0) }
        try await Patience.wait(until: "the task waits") { directory.text(of: "pid").hasSuffix("\n") }
        for await process in processes {
            kill(process, SIGQUIT)
            break
        }
        let ended = try await running
        #expect(ended.status == 128 + SIGQUIT, "\(ended.messages)")
        let task = try #require(Int32(directory.text(of: "pid").trimmingCharacters(in: .whitespacesAndNewlines)))
        try await Patience.wait(until: "the task is gone") { kill(task, 0) != 0 }
        #expect(leftOver == [])
    }

    @Test func aProxyThatCannotBeUsedIsRefused() async throws {
        let file = try file("      - {id: one, type: t.a, command: [touch, ran]}")
        let ended = try await weir([file], environment: ["HTTPS_PROXY": "socks5://proxy.example:1080"])
        #expect(ended.status == ExitStatus.settings.rawValue && ended.messages.contains("HTTPS_PROXY"), "\(ended.messages)")
        #expect(!FileManager.default.fileExists(atPath: directory.path + "/ran"))
    }

    @Test func invalidFilesRunNothing() async throws {
        let bad = try file("      - {id: one, type: t.a, command: [touch, ran], surprise: 1}")
        let ended = try await weir([bad])
        #expect(ended.status == ExitStatus.data.rawValue && ended.messages.contains("surprise"), "\(ended.messages)")
        #expect(try await weir([directory.path + "/none.yaml"]).status == ExitStatus.noInput.rawValue)
        #expect(try await weir([bad, "--range-to", "2024"]).status == ExitStatus.usage.rawValue)
        #expect(!FileManager.default.fileExists(atPath: directory.path + "/ran"))
        #expect(leftOver == [])
    }

    /// The exit code tells the result, so that the run goes on without a reader.
    @Test func aFullDiskIsReportedAfterTheRun() async throws {
        let file = try file("      - {id: one, type: t.a, command: [sh, -c, 'echo hello; touch ran']}")
        let ended = try await weir([file], output: "/dev/full")
        #expect(ended.status == ExitStatus.cannotWrite.rawValue, "\(ended.messages)")
        #expect(FileManager.default.fileExists(atPath: directory.path + "/ran"))
    }
}
