import WorkflowModel
import WorkflowTestKit

/// An alert claimed by a sender that considers the claim its own.
struct SimulatedDelivery {
    var claimed: ClaimedAlert
    var expiry: Timestamp
}

/// The actions of senders and receivers.
struct SimulatedOutbox {
    /// Claims of senders that are still alive.
    var inProgress: [SimulatedDelivery] = []
    /// The last claim for each receiver, until its outcome is known.
    var busy: [String: SimulatedDelivery] = [:]
    /// Claims of each alert since it was raised or retried by hand.
    var attempts: [String: Int] = [:]
    /// Messages received, by alert.
    var heard: [String: Int] = [:]
    /// Reports whose answers may have been lost, to be repeated.
    var reported: [(claimed: ClaimedAlert, outcome: AlertOutcome)] = []
}

extension Simulation {
    /// One receiver for every end, and one for platform errors only.
    func addReceivers() async throws {
        let rules = [
            ("ends", AlertRule(events: [.failed, .succeeded, .stopped])),
            ("platform", AlertRule(events: [.failed], attribution: .platform)),
        ]
        for (name, rule) in rules {
            try await store.createReceiver(
                AlertReceiver(
                    tenant: Self.tenant, name: name, kind: .webhook, url: "https://\(name).example/", rule: rule, secret: [1],
                    createdAt: now))
        }
    }

    // MARK: Steps

    /// A step of a sender: it claims due alerts, gets a response, dies, or repeats a report.
    func deliver() async throws {
        switch random.number(in: 0...9) {
        case 0..<4: try await claimAlerts()
        case 4..<7: try await send()
        case 7..<9:
            if let place = outbox.inProgress.indices.last {
                note("sender dies of \(outbox.inProgress.remove(at: place).claimed.alert.id)")
            }
        default: try await repeatDelivery()
        }
    }

    func claimAlerts(isReliable: Bool = false) async throws {
        let expiry = now + AlertLimits.lease
        let claimed = try await store.claimAlertsOfAllTenants(limit: random.number(in: 1...3), until: expiry, at: now)
        for claim in claimed {
            let alert = claim.alert
            note("alert \(alert.id) \(alert.attempts)")
            if let other = outbox.busy[alert.receiver], other.expiry > now, other.claimed != claim {
                observations.complain("\(alert.receiver) has two attempts in progress")
            }
            outbox.attempts[alert.id, default: 0] += 1
            if alert.attempts != outbox.attempts[alert.id] {
                observations.complain("\(alert.id) counts \(alert.attempts) attempts of \(outbox.attempts[alert.id] ?? 0)")
            }
            let delivery = SimulatedDelivery(claimed: claim, expiry: expiry)
            outbox.busy[alert.receiver] = delivery
            // Otherwise the answer is lost, and the claim is unknown until its lease expires.
            if isReliable || !random.chance(0.12) { outbox.inProgress.append(delivery) }
        }
    }

    /// A receiver may get an alert, and its sender may report the outcome.
    func send(isReliable: Bool = false) async throws {
        guard let place = outbox.inProgress.indices.randomPlace(random) else { return }
        let claimed = outbox.inProgress.remove(at: place).claimed
        let isTaken = isReliable || random.chance(0.6)
        if isTaken { outbox.heard[claimed.alert.id, default: 0] += 1 }
        let outcome: AlertOutcome = isTaken ? .delivered("It answered 200.") : .failed("It answered 500.")
        if !isReliable, random.chance(0.4) { return note("sent \(claimed.alert.id), without a report") }
        try await report(outcome, of: claimed)
    }

    private func report(_ outcome: AlertOutcome, of claimed: ClaimedAlert) async throws {
        try await store.report(outcome, of: claimed, at: now)
        note("sent \(claimed.alert.id): \(outcome)")
        if outbox.busy[claimed.alert.receiver]?.claimed == claimed { outbox.busy[claimed.alert.receiver] = nil }
        outbox.reported.append((claimed, outcome))
    }

    /// A repeated report changes nothing, nor does a report of an outdated claim.
    private func repeatDelivery() async throws {
        guard let (claimed, _) = random.element(of: outbox.reported) else { return }
        let before = try await store.alert(claimed.alert.id, of: Self.tenant)
        // The report is outdated in any case.
        guard before?.state != .pending || before?.attempts != claimed.alert.attempts else { return }
        try await store.report(.failed("It answered 503."), of: claimed, at: now)
        note("resent \(claimed.alert.id)")
        let after = try await store.alert(claimed.alert.id, of: Self.tenant)
        if before != after { observations.complain("a late report changed \(claimed.alert.id)") }
    }

    /// Without further crashes, every alert reaches a final state.
    func settleAlerts() async throws {
        outbox.inProgress = []
        for _ in 0..<500 {
            now = now + .seconds(600)
            try await claimAlerts(isReliable: true)
            while !outbox.inProgress.isEmpty { try await send(isReliable: true) }
            if try await store.alerts(matching: AlertQuery(of: Self.tenant, in: .pending, limit: 1)).alerts.isEmpty { return }
        }
        observations.complain("not every alert has come to an end")
    }

    // MARK: Observations

    /// At any time, each ended run has exactly the alerts that the rules ask for.
    func observeAlerts() async throws {
        var expected: Set<String> = []
        for details in observations.ended.values {
            guard let event = AlertEvent.all(endingIn: details.run.state, warnings: details.run.warnings).first else { continue }
            expected.insert("\(details.run.id) \(event.rawValue) ends")
            if event == .failed, details.run.error?.attribution == .platform {
                expected.insert("\(details.run.id) failed platform")
            }
        }
        let alerts = try await store.alerts(matching: AlertQuery(of: Self.tenant, limit: 10_000)).alerts
        let found = alerts.map { alert in
            guard case .run(let run) = alert.subject else { return "an alert of no run" }
            return "\(run) \(alert.event.rawValue) \(alert.receiver)"
        }
        if found.count != expected.count || Set(found) != expected {
            observations.complain("alerts are \(found.sorted()), not \(expected.sorted())")
        }
        for alert in alerts { observe(alert) }
    }

    private func observe(_ alert: Alert) {
        let most = AlertLimits.delays.count + 1
        switch alert.state {
        case .pending: break
        case .delivered:
            if outbox.heard[alert.id] == nil { observations.complain("\(alert.id) reached no receiver") }
        case .givenUp:
            if alert.attempts < most { observations.complain("\(alert.id) was given up after \(alert.attempts) attempts") }
        }
        if let before = observations.endedAlerts[alert.id], before != alert {
            observations.complain("\(alert.id) changed after its end")
        }
        if alert.state != .pending { observations.endedAlerts[alert.id] = alert }
    }
}

extension Range<Int> {
    /// nil when it is empty.
    fileprivate func randomPlace(_ random: SeededRandom) -> Int? {
        isEmpty ? nil : random.number(in: lowerBound...upperBound - 1)
    }
}
