import Testing
import WorkflowModel

@Suite("Triggers of a configuration")
struct TriggersReaderTests {
    private static let declared = """
        parameters:
          day: {type: date}
          region: {type: string, default: eu}
          whole: {type: json, required: false}
        """

    private func text(_ triggers: String, parameters: String = declared) -> String {
        """
        id: cg-report
        name: Report
        type: test.report
        \(parameters)
        triggers:
        \(triggers)
        stages:
          - name: All
            run_modes: [full]
            tasks: [{id: t, type: test.task, command: ["true"]}]
        """
    }

    private func read(_ triggers: String, parameters: String = declared) throws -> WorkflowConfiguration {
        try ConfigurationReader().read(
            ConfigurationSource(text: text(triggers, parameters: parameters), format: .yaml), file: "report.yaml")
    }

    private func problems(_ triggers: String, parameters: String = declared) -> [String] {
        do {
            _ = try read(triggers, parameters: parameters)
            return []
        } catch {
            return (error as? ConfigurationProblems)?.problems.map { "\($0)" } ?? ["\(error)"]
        }
    }

    @Test func bothKindsAreReadWithTheirDefaults() throws {
        let configuration = try read(
            """
              - {after: cg-sources, parameters: {day: "${trigger.range_from}"}}
              - {after: cg-sources, on: [failed], run_mode: full, range: trigger, parameters: {day: "2024-01-01", region: us}}
              - {webhook: orders-arrived, parameters: {day: "${trigger.body.day}", whole: {x: "${trigger.body}", n: 1}}}
              - {webhook: shop, secret: orders, parameters: {day: "${trigger.body.items[0]['the day']}", region: "${trigger.id}"}}
            """)
        #expect(configuration.triggers.count == 4)
        #expect(configuration.triggers[0].event == .after(WorkflowTrigger.RunEnding(of: "cg-sources", on: [.succeeded])))
        #expect(configuration.triggers[0].runMode == nil && configuration.triggers[0].range == .none)
        #expect(configuration.triggers[1].runMode == .full && configuration.triggers[1].range == .trigger)
        #expect(configuration.webhooks.map(\.name) == ["orders-arrived", "shop"])
        #expect(configuration.webhooks.map(\.secret) == ["orders-arrived", "orders"])
        #expect(configuration.secretNames.map(\.text) == ["orders", "orders-arrived"])
        #expect(configuration.afterTriggers == [AfterTrigger(after: "cg-sources", on: [.succeeded, .failed])])
        #expect(configuration.trigger(after: "cg-sources", in: .failed) == configuration.triggers[1])
        #expect(configuration.trigger(after: "cg-sources", in: .canceled) == nil)
        #expect(configuration.trigger(ofWebhook: "shop")?.trigger == configuration.triggers[3])
    }

    @Test(
        "Mistakes are named with their line",
        arguments: [
            ("  - {afer: cg-sources}", "has no member `afer`; did you mean `after`?"),
            ("  - {parameters: {day: \"2024-01-01\"}}", "needs `after` with the id of another workflow, or `webhook` with a name"),
            ("  - {after: cg-a, webhook: b, parameters: {day: \"2024-01-01\"}}", "`after` and `webhook` exclude each other"),
            ("  - {after: cg-report, parameters: {day: \"2024-01-01\"}}", "`after` names the configuration itself"),
            ("  - {after: cg-a, on: [succeded], parameters: {day: \"2024-01-01\"}}", "did you mean `succeeded`?"),
            ("  - {after: cg-a, on: [any, failed], parameters: {day: \"2024-01-01\"}}", "`any` beside other ends"),
            ("  - {webhook: 9, parameters: {day: \"2024-01-01\"}}", "`webhook` must be 1 to 64 letters"),
            ("  - {webhook: a, on: [any], parameters: {day: \"2024-01-01\"}}", "`on` needs `after`"),
            ("  - {webhook: a, range: trigger, parameters: {day: \"2024-01-01\"}}", "`range` needs `after`"),
            ("  - {after: cg-a, secret: s, parameters: {day: \"2024-01-01\"}}", "`secret` needs `webhook`"),
            (
                "  - {after: cg-a, run_mode: source, parameters: {day: \"2024-01-01\"}}",
                "`run_mode` is `source`, in which no stage has a task"
            ),
            ("  - {after: cg-a}", "the parameter `day` needs a value"),
            ("  - {after: cg-a, parameters: {day: x}}", "`day` must be a date"),
            ("  - {after: cg-a, parameters: {dy: \"2024-01-01\", day: \"2024-01-01\"}}", "`dy`, which is no parameter"),
            ("  - {after: cg-a, parameters: {day: \"${trigger.body.day}\"}}", "it can only name values of its trigger"),
            ("  - {after: cg-a, parameters: {day: \"${trigger.range_form}\"}}", "did you mean `trigger.range_from`?"),
            ("  - {after: cg-a, parameters: {day: \"${trigger.state.x}\"}}", "`trigger.state` is a text and has no members"),
            ("  - {webhook: a, parameters: {day: \"${trigger.parameters.day}\"}}", "`trigger.body`, `trigger.id`"),
            ("  - {webhook: a, parameters: {day: \"${run.range_from}\"}}", "it can only name values of its trigger"),
            ("  - {webhook: a, parameters: {day: \"${secrets.x}\"}}", "it can only name values of its trigger"),
            ("  - {webhook: \"${run.id}\", parameters: {day: \"2024-01-01\"}}", "where values are not put in"),
        ])
    func mistakes(triggers: String, message: String) {
        let found = problems(triggers)
        #expect(found.contains { $0.contains(message) && $0.contains("report.yaml:9") }, "\(found)")
    }

    @Test func oneEventStartsOneRun() {
        let day = "parameters: {day: \"2024-01-01\"}"
        let twice = problems("  - {after: cg-a, \(day)}\n  - {after: cg-a, on: [succeeded, failed], \(day)}")
        #expect(twice.count == 1 && twice[0].contains("report.yaml:10") && twice[0].contains("line 9"), "\(twice)")
        #expect(problems("  - {after: cg-a, on: [any], \(day)}\n  - {after: cg-a, on: [failed], \(day)}").count == 1)
        #expect(problems("  - {webhook: a, \(day)}\n  - {webhook: a, \(day)}").first?.contains("already in line 9") == true)
        #expect(problems("  - {after: cg-a, on: [failed], \(day)}\n  - {after: cg-a, \(day)}\n  - {webhook: a, \(day)}").isEmpty)
    }

    @Test func theNumberOfTriggersIsLimited() {
        func triggers(_ count: Int) -> String {
            (0..<count).map { "  - {webhook: w\($0), parameters: {day: \"2024-01-01\"}}" }.joined(separator: "\n")
        }
        #expect(problems(triggers(TriggerLimits.count)).isEmpty)
        #expect(problems(triggers(TriggerLimits.count + 1)).first?.contains("50 triggers at most, not 51") == true)
        #expect(problems("  []").first?.contains("an empty list") == true)
    }

    @Test func aTaskCannotNameTheTrigger() {
        let command = text("  - {webhook: a}", parameters: "").replacing("[\"true\"]", with: "[echo, \"${trigger.body.x}\"]")
        do {
            _ = try ConfigurationReader().read(ConfigurationSource(text: command, format: .yaml), file: "report.yaml")
            Issue.record("It was accepted.")
        } catch {
            #expect(
                error.problems.map { "\($0)" }.contains { $0.contains("only the `parameters` of a trigger") }, "\(error.problems)")
        }
    }
}
