import WorkflowModel
import WorkflowTestKit

extension Simulation {
    /// One that is told of every end, and one of platform faults alone.
    func addReceivers() async throws {
        let rules = [
            "ends": AlertRule(events: [.failed, .succeeded, .stopped]),
            "platform": AlertRule(events: [.failed], attribution: .platform),
        ]
        for (name, rule) in rules {
            try await store.createReceiver(
                AlertReceiver(
                    tenant: Self.tenant, name: name, kind: .webhook, url: "https://\(name).example/", rule: rule, secret: [1],
                    createdAt: now))
        }
    }

    /// Whatever went wrong: of every run that has ended, everybody is told once whom a rule has told of it, and nobody else.
    func checkAlerts() async throws {
        var expected: [String] = []
        for details in observations.ended.values {
            guard let event = AlertEvent(endedIn: details.run.state) else { continue }
            expected.append("\(details.run.id) \(event.rawValue) ends")
            if event == .failed, details.run.error?.attribution == .platform {
                expected.append("\(details.run.id) failed platform")
            }
        }
        let alerts = try await store.alerts(of: Self.tenant, in: nil, from: nil, limit: 10_000).alerts
        let found = alerts.map { alert in
            guard case .run(let run) = alert.subject else { return "an alert of no run" }
            return "\(run) \(alert.event.rawValue) \(alert.receiver)"
        }
        if found.sorted() != expected.sorted() { observations.complain("alerts are \(found.sorted()), not \(expected.sorted())") }
    }
}
