import Testing
import WorkflowModel

extension StoreContract {
    /// Receivers, rules and the alerts that they raise.
    static let alerting: [Rule] = [
        Rule("Receivers belong to a tenant, are listed by name, and have unique names") { bench in
            let store = bench.store
            let receivers = [
                StoreBench.receiver("a", on: []),
                StoreBench.receiver(
                    "z", on: [.failed, .slow], attribution: .platform, types: ["a.b", "ü\"\\"], configurations: ["cg-1"]),
            ]
            for receiver in receivers.reversed() { try await store.createReceiver(receiver) }
            try await store.createReceiver(StoreBench.receiver("a", of: StoreBench.globex))
            await bench.expect(.duplicate) { try await store.createReceiver(StoreBench.receiver("a")) }
            #expect(try await store.receivers(of: StoreBench.acme) == receivers)
            #expect(try await store.receivers(of: StoreBench.tenant("nobody")).isEmpty)
            #expect(try await store.receiversOfAllTenants().map(\.name) == ["a", "z", "a"])
            #expect(try await store.deleteReceiver("a", of: StoreBench.acme, at: StoreBench.start))
            #expect(try await store.deleteReceiver("a", of: StoreBench.acme, at: StoreBench.start) == false)
            #expect(try await store.receiversOfAllTenants().map(\.tenant) == [StoreBench.acme, StoreBench.globex])
        },
        Rule("A receiver is updated by its own state machine") { bench in
            var receiver = StoreBench.receiver("ops")
            try await bench.store.createReceiver(receiver)
            let changes: [AlertReceiver.Change] = [
                .settings(.slack, url: "https://other.example", AlertRule(events: [.stopped], types: ["a"])), .rotated([1]),
                .rotated([2]), .disabled("It said 410."), .enabled,
            ]
            for (second, change) in changes.enumerated() {
                let now = StoreBench.after(Double(second))
                receiver.apply(change, at: now)
                #expect(
                    try await bench.store.changeReceiver(ReceiverUpdate("ops", of: StoreBench.acme, change), at: now) == receiver)
                #expect(try await bench.store.receivers(of: StoreBench.acme) == [receiver])
            }
            let unknown = try await bench.store.changeReceiver(
                ReceiverUpdate("other", of: StoreBench.acme, .enabled), at: StoreBench.start)
            #expect(unknown == nil)
        },
        Rule("The end of a run raises an alert for each matching rule, in the same transaction") { bench in
            for event in [AlertEvent.failed, .succeeded, .stopped] {
                try await bench.store.createReceiver(StoreBench.receiver(event.rawValue, on: [event]))
            }
            try await bench.store.createReceiver(StoreBench.receiver("others", of: StoreBench.globex, on: [.failed]))
            let failed = try await bench.end(.failed)
            try await bench.end(.succeeded)
            try await bench.end(.stopped, at: StoreBench.after(1))
            #expect(try await bench.told() == ["failed failed", "stopped stopped", "succeeded succeeded"])
            #expect(try await bench.told(of: StoreBench.globex).isEmpty)
            let alert = try #require(try await bench.alerts().last)
            #expect(
                alert
                    == Alert(
                        id: "\(failed)_failed_failed", tenant: StoreBench.acme, receiver: "failed", event: .failed,
                        subject: .run(failed), title: "Daily", configuration: "cg-daily", occurredAt: StoreBench.start,
                        nextAttemptAt: StoreBench.start))
            #expect(try await bench.store.alert(alert.id, of: StoreBench.acme) == alert)
            #expect(try await bench.store.alert(alert.id, of: StoreBench.globex) == nil)
        },
        Rule("Rules match by type, configuration and attribution") { bench in
            let filters = [
                StoreBench.receiver("platform", attribution: .platform), StoreBench.receiver("type", types: ["x", "y"]),
                StoreBench.receiver("configuration", configurations: ["cg-1"]), StoreBench.receiver("silent", on: []),
            ]
            for receiver in filters { try await bench.store.createReceiver(receiver) }
            try await bench.end(.failed)
            #expect(try await bench.told().isEmpty)
            try await bench.end(.failed, type: "y", attribution: .customer)
            try await bench.end(.failed, configuration: "cg-1", attribution: .platform)
            #expect(try await bench.told() == ["failed configuration", "failed platform", "failed type"])
        },
        Rule("The rules of the current version apply, for existing receivers") { bench in
            for name in ["ops", "off"] { try await bench.store.createReceiver(StoreBench.receiver(name, on: [])) }
            func save(_ routes: [AlertRoute], text: String) async throws {
                var draft = bench.draft("cg-alerting", text: text)
                draft.alerts = routes
                _ = try await bench.store.saveConfiguration(draft, at: StoreBench.start)
            }
            let plan = try await bench.plan(configuration: "cg-alerting")
            let routes = ["ops", "off", "gone"].map { AlertRoute(to: $0, when: AlertRule(events: [.failed, .stopped])) }
            try await save(routes + routes.prefix(1), text: "one")
            let expected = ConfigurationAlerts(
                tenant: StoreBench.acme, configuration: "cg-alerting", routes: routes + routes.prefix(1))
            #expect(try await bench.store.configurationAlerts(of: StoreBench.acme) == [expected])
            _ = try await bench.store.changeReceiver(
                ReceiverUpdate("off", of: StoreBench.acme, .disabled("No.")), at: StoreBench.start)
            _ = try await bench.store.createRun(plan, once: nil)
            _ = try await bench.store.stopRun(plan.id, of: StoreBench.acme, at: StoreBench.start)
            #expect(try await bench.told() == ["stopped ops"])
            try await bench.end(.stopped)
            #expect(try await bench.told() == ["stopped ops"])
            try await save([], text: "two")
            #expect(try await bench.store.configurationAlerts(of: StoreBench.acme).isEmpty)
            try await save(routes, text: "three")
            _ = try await bench.store.deleteConfiguration("cg-alerting", of: StoreBench.acme, at: StoreBench.start)
            #expect(try await bench.store.configurationAlerts(of: StoreBench.acme).isEmpty)
        },
        Rule("An overdue run raises one alert, and its end another one") { bench in
            try await bench.store.createReceiver(StoreBench.receiver("ops", on: [.slow, .stopped]))
            let id = try await bench.start(warnAfter: .seconds(10))
            for second in [9.0, 10, 11] {
                _ = try await bench.store.newlyOverdueRunsOfAllTenants(at: StoreBench.after(second))
            }
            #expect(try await bench.alerts().map(\.occurredAt) == [StoreBench.after(10)])
            for second in [12.0, 13] {
                _ = try await bench.store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(second))
            }
            #expect(try await bench.told() == ["slow ops", "stopped ops"])
        },
        Rule("Of several missed ticks of a schedule the last one raises an alert, with the decision") { bench in
            try await bench.store.createReceiver(StoreBench.receiver("ops", on: [.tickMissed], types: ["test.daily/run"]))
            try await bench.schedule()
            let now = StoreBench.after(180)
            let ticks = [
                bench.tick(StoreBench.after(60), .missed, reason: .window),
                bench.tick(StoreBench.after(120), .missed, reason: .window),
                bench.tick(now, .skipped, reason: .paused),
            ]
            let decision = bench.decision(try await bench.scheduleProgress(at: now), until: now, ticks)
            #expect(try await bench.store.record(decision, at: now))
            #expect(try await bench.store.record(decision, at: now) == false)
            let alert = try #require(try await bench.alerts().first)
            #expect(try await bench.told() == ["tick_missed ops"])
            #expect(alert.subject == .tick(schedule: "default", nominal: StoreBench.after(120)))
            #expect(alert.title == "Daily" && alert.configuration == "cg-daily" && alert.occurredAt == now)
            let claimed = try #require(try await bench.claimAlerts(at: now).first)
            #expect(claimed.alert.subject == alert.subject)
            #expect(try await bench.retain(createdBefore: StoreBench.after(900)) == 0)
            #expect(try await bench.alerts().count == 1)
            try await bench.store.report(.delivered("Fine."), of: claimed, at: now)
            try await bench.retain(createdBefore: now)
            #expect(try await bench.alerts().count == 1)
            try await bench.retain(createdBefore: StoreBench.after(181))
            #expect(try await bench.alerts().isEmpty)
        },
        Rule("Imported history raises no alerts") { bench in
            try await bench.store.createReceiver(StoreBench.receiver("ops", of: StoreBench.acme, on: Set(AlertEvent.allCases)))
            let history = RunHistory(20, random: bench.random)
            _ = try await bench.store.importRuns(history.imported, into: StoreBench.acme)
            for run in history.runs where run.endedAt == nil {
                _ = try await bench.store.stopRun(run.id, of: StoreBench.acme, at: StoreBench.after(900))
            }
            #expect(try await bench.told().isEmpty)
        },
    ]
}
