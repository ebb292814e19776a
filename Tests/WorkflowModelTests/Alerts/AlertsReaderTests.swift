import Testing
import WorkflowModel

@Suite("Alert rules of configurations")
struct AlertsReaderTests {
    private func read(_ alerts: String) throws -> WorkflowConfiguration {
        let text = """
            id: daily
            name: Daily
            type: shop.daily
            \(alerts)
            stages: [{name: All, tasks: [{id: a, type: x.y, command: [a]}]}]
            """
        return try ConfigurationReader().read(ConfigurationSource(text: text, format: .yaml), file: "daily.yaml")
    }

    @Test func alertsAreReadInTheirOrder() throws {
        let configuration = try read(
            "alerts: [{to: ops}, {to: pager, on: [tick_missed, failed], attribution: platform}, {to: ops, on: [succeeded]}]")
        #expect(
            configuration.alerts == [
                AlertRoute(to: "ops", when: AlertRule(events: [.failed])),
                AlertRoute(to: "pager", when: AlertRule(events: [.failed, .tickMissed], attribution: .platform)),
                AlertRoute(to: "ops", when: AlertRule(events: [.succeeded])),
            ])
        #expect(try read("").alerts.isEmpty)
        #expect(try read("alerts: []").alerts.isEmpty)
    }

    @Test(arguments: [
        ("alerts: ops", "must be a list such as `- {to: ops, on: [failed]}`"), ("alerts: [ops]", "must be a mapping"),
        ("alerts: [{on: [failed]}]", "`to` is missing"), ("alerts: [{to: Ops}]", "lower-case letters"),
        ("alerts: [{to: ops, on: []}]", "one or more"), ("alerts: [{to: ops, on: [faild]}]", "did you mean `failed`?"),
        ("alerts: [{to: ops, on: failed}]", "must be a list of one or more"),
        ("alerts: [{to: ops, attribution: operator}]", "`customer` or `platform`"),
        ("alerts: [{to: ops, url: x}]", "no member `url`"),
        ("alerts: [\(String(repeating: "{to: ops}, ", count: 21))]", "there may be 20 alerts at most, not 21"),
    ])
    func mistakesAreNamed(alerts: String, said: String) {
        #expect {
            try read(alerts)
        } throws: { error in
            let text = (error as? ConfigurationProblems)?.description ?? ""
            if !text.contains(said) { Issue.record("\(text)") }
            return text.contains("daily.yaml") && text.contains("4")
        }
    }
}
