import Foundation
import ProgramTestKit
import Testing

@testable import weir

@Suite("Values, variables and conditions in a running service", .timeLimit(.minutes(10)))
struct ValueProgramTests {
    private static let workflow = #"""
        id: cg-values
        name: Values
        type: test.group/run
        parameters:
          day: {type: date, default: 2026-11-01}
          rows: {type: integer, default: 3}
        defaults: {timeout: 1m, env: {REGION: eu}}
        stages:
          - name: Load
            tasks:
              - id: list
                type: test.list
                command: [sh, -c, 'printf ''{"rows":%s,"file":"a b; touch broken; $(touch broken)"}'' "$1" > "$WEIR_OUTPUT"', list, "${parameters.rows}"]
              - id: load
                type: test.load
                needs: [list]
                if: "${outputs.list.rows} > 2"
                env: {FILE: "${outputs.list.file}", DAY: "${parameters.day}"}
                command: [sh, -c, 'echo "<$1|$2|$FILE|$DAY|$REGION|$#>"', load, "${outputs.list.file}", "--run=${run.id}"]
              - id: report
                type: test.report
                needs: [load]
                command: [echo, "rows: ${outputs.list.rows}"]
        """#

    private static let faulty = #"""
        id: cg-faulty
        name: Faulty
        type: test.group/run
        stages:
          - name: Only
            tasks:
              - {id: a, type: t, command: ["true"]}
              - {id: b, type: t, needs: [a], command: [echo, "${outputs.a.rows}"]}
        """#

    @Test func valuesReachCommandsAsTheyAreAndConditionsSkip() async throws {
        let directory = try TemporaryDirectory()
        let server = try await ServerProcess.start(directory.path + "/data", ["--rate-limit", "0"])
        let environment = server.environment(try await server.makeKey())
        func weir(_ arguments: String...) async throws -> Program.Ended {
            try await Program.run(arguments, environment: environment)
        }
        let file = try directory.write(Self.workflow, to: "values.yaml")
        let faulty = try directory.write(Self.faulty, to: "faulty.yaml")
        let applied = try await weir("apply", file, faulty)
        #expect(applied.status == 0, "\(applied.messages)")

        let first = try await weir("start", "cg-values", "--wait")
        #expect(first.status == 0, "\(first.messages)")
        let id = first.output.trimmingCharacters(in: .whitespacesAndNewlines)
        let log = try await weir("logs", id, "load")
        #expect(
            log.output.contains(
                "<a b; touch broken; $(touch broken)|--run=\(id)|a b; touch broken; $(touch broken)|2026-11-01|eu|2>"),
            "\(log.output)")
        #expect(!FileManager.default.fileExists(atPath: directory.path + "/broken"))
        #expect(try await weir("logs", id, "report").output.contains("rows: 3"))

        let second = try await weir("start", "cg-values", "--param", "rows=2", "--wait")
        #expect(second.status == 0, "\(second.messages)")
        let other = second.output.trimmingCharacters(in: .whitespacesAndNewlines)
        let shown = try await weir("show", other)
        #expect(shown.output.contains("Not needed (its condition was false)"), "\(shown.output)")
        #expect(try await weir("logs", other, "report").output.contains("rows: 2"))

        let third = try await weir("start", "cg-faulty", "--wait")
        #expect(third.status != 0)
        #expect((third.output + third.messages).contains("the task `a` gave no output `rows`"), "\(third.output) \(third.messages)")

        let refused = try directory.write(
            Self.workflow.replacing("${parameters.rows}", with: "${parameters.row}"), to: "refused.yaml")
        let answer = try await weir("apply", refused)
        #expect(answer.status != 0)
        #expect(
            answer.messages.contains("refused.yaml:13: Task `list`: an item of `command` names `${parameters.row}`"),
            "\(answer.messages)")
        #expect(try await server.end(with: SIGTERM) == 0)
    }
}
