import Foundation
import ProgramTestKit
import Testing
import WorkflowModel

@testable import weir

/// Tasks that run once for each of several items, with the real program and real commands.
@Suite("Fan-out without a service", .timeLimit(.minutes(10)))
struct FanOutProgramTests {
    private let directory: TemporaryDirectory
    private static let examples = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../examples/fan-out").standardizedFileURL.path

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func weir(_ arguments: [String]) async throws -> Program.Ended {
        try await Program.run(["run"] + arguments, environment: ["TMPDIR": directory.path])
    }

    private func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init).sorted() }

    @Test("The example maps a list, and adds its outputs up", arguments: [0, 5])
    func mapping(count: Int) async throws {
        let ended = try await weir(["\(Self.examples)/mapping.yaml", "--param", "count=\(count)"])
        #expect(ended.status == 0, "\(ended.messages)")
        let items = (0..<count).map { "add-one[\($0)]   | item \($0): \($0 + 1) + 1" }
        let sum = (0..<count).reduce(0) { $0 + $1 + 2 }
        #expect(lines(ended.output) == (items + ["sum          | \(count) items, \(sum) together"]).sorted(), "\(ended.output)")
        if count > 0 {
            #expect(ended.messages.contains("add-one: Succeeded: 5 of 5 succeeded\n"), "\(ended.messages)")
        }
    }

    @Test("The example of a matrix runs each combination, and its closing task")
    func matrix() async throws {
        let ended = try await weir(["\(Self.examples)/matrix.yaml"])
        #expect(ended.status == 0, "\(ended.messages)")
        #expect(ended.output.contains("check[1]   | 1: the hourly feed of eu is good"), "\(ended.output)")
        #expect(ended.output.contains("report     | succeeded: 3 feeds were checked"), "\(ended.output)")
    }

    @Test("With fail_fast, a failed item ends commands that are running, and another task goes on")
    func failFast() async throws {
        let file = try directory.write(
            """
            id: cg-fan
            name: Fan
            type: test.fan/run
            stages:
              - name: Only
                tasks:
                  - id: load
                    type: t.a
                    for_each: [600, 600, fail, 600]
                    max_parallel: 3
                    fail_fast: true
                    command: [sh, -c, 'if [ "$1" = fail ]; then exit 65; fi; exec sleep "$1"', load, "${item}"]
                  - {id: other, type: t.b, command: [sh, -c, 'sleep 1; echo done']}

            """, to: "fan.yaml")
        let ended = try await weir([file, "--workers", "8"])
        #expect(ended.status == ExitStatus.failedByCustomer.rawValue, "\(ended.messages)")
        #expect(ended.output == "other     | done\n", "\(ended.output)")
        #expect(ended.messages.contains("1 of 4 items failed; first: [2]: "), "\(ended.messages)")
        #expect(ended.messages.contains("other: Succeeded"), "\(ended.messages)")
    }
}
