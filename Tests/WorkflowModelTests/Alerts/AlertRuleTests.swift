import Testing
import WorkflowModel

@Suite("Alerts selected by rules")
struct AlertRuleTests {
    private func matter(_ event: AlertEvent, attribution: Attribution? = nil) -> AlertMatter {
        AlertMatter(
            event, of: .run(RunID(rawValue: "wf-1")), title: "Daily", configuration: "cg-daily", type: "a.b",
            attribution: attribution, at: Timestamp(milliseconds: 0))
    }

    @Test func aRuleCoversItsEvents() {
        for event in AlertEvent.allCases {
            #expect(AlertRule(events: [event]).covers(matter(event)))
            #expect(!AlertRule(events: Set(AlertEvent.allCases).subtracting([event])).covers(matter(event)))
            #expect(!AlertRule(events: []).covers(matter(event)))
        }
    }

    @Test func whoseFaultItWasCountsForFailuresOnly() {
        let rule = AlertRule(events: Set(AlertEvent.allCases), attribution: .platform)
        #expect(rule.covers(matter(.failed, attribution: .platform)))
        #expect(!rule.covers(matter(.failed, attribution: .customer)))
        #expect(!rule.covers(matter(.failed)))
        for event in AlertEvent.allCases where event != .failed { #expect(rule.covers(matter(event))) }
    }

    @Test func typesAndConfigurationsNarrowARule() {
        for (types, configurations, expected) in [
            (["a.b"], [], true), (["a"], [], false), (["x", "a.b"], ["cg-daily"], true), (["a.b"], ["cg-other"], false),
        ] as [([String], [String], Bool)] {
            let rule = AlertRule(events: [.slow], types: types, configurations: configurations)
            #expect(rule.covers(matter(.slow)) == expected)
        }
    }

    @Test func everybodyIsToldOnce() {
        let rule = AlertRule(events: [.failed])
        let routes =
            ["z", "a", "z"].map { AlertRoute(to: $0, when: rule) } + [AlertRoute(to: "q", when: AlertRule(events: [.slow]))]
        #expect(routes.receivers(for: matter(.failed)) == ["a", "z"])
    }

    @Test func theIdOfAnAlertFollowsFromWhatItIsAbout() throws {
        let tenant = try #require(Tenant("acme"))
        var odd = matter(.failed)
        odd.subject = .run(RunID(rawValue: "a.b/~ü"))
        #expect(Alert(odd, of: tenant, to: "ops").id == "a~2eb~2f~7e~c3~bc_failed_ops")
        var tick = matter(.tickMissed)
        tick.subject = .tick(schedule: "0 6 * * *", nominal: Timestamp(milliseconds: 7))
        #expect(Alert(tick, of: tenant, to: "ops").id == "tick-acme-cg-daily-0~206~20~2a~20~2a~20~2a-7_tick_missed_ops")
    }

    @Test func onlyTheHostOfAnAddressIsShown() throws {
        let tenant = try #require(Tenant("acme"))
        for (url, shown) in [
            ("https://hooks.example/T/secret?x=1", "https://hooks.example/…"), ("http://[::1]:80", "http://[::1]:80/…"), ("x", "…"),
        ] {
            let receiver = AlertReceiver(
                tenant: tenant, name: "a", kind: .slack, url: url, rule: AlertRule(events: []), secret: [],
                createdAt: Timestamp(milliseconds: 0))
            #expect(receiver.shownURL == shown)
        }
    }

    @Test func theSecretBeforeSignsForADay() throws {
        let start = Timestamp(milliseconds: 0)
        var receiver = AlertReceiver(
            tenant: try #require(Tenant("acme")), name: "a", kind: .webhook, url: "https://a.example",
            rule: AlertRule(events: []), secret: [1], createdAt: start)
        #expect(receiver.secrets(at: start) == [[1]])
        receiver.apply(.rotated([2]), at: start)
        let end = start + AlertLimits.previousSecretValidity
        #expect(receiver.secrets(at: end + .milliseconds(-1)) == [[2], [1]])
        #expect(receiver.secrets(at: end) == [[2]])
        receiver.apply(.rotated([3]), at: start + .seconds(5))
        #expect(receiver.secrets(at: start + .seconds(5)) == [[3], [2]])
    }

    @Test(arguments: [("ops", true), ("a-1", true), ("", false), ("-a", false), ("a-", false), ("A", false), ("a_b", false)])
    func namesOfReceivers(name: String, isName: Bool) {
        #expect(AlertReceiver.isName(name) == isName)
        #expect(AlertReceiver.isName(String(repeating: "a", count: 40)) && !AlertReceiver.isName(String(repeating: "a", count: 41)))
    }
}
