import Testing
import WorkflowModel

extension StoreContract {
    private static let ada = Principal(id: "wk_7", name: "Ada", email: "ada@example.com")

    private static func subscription(_ receiver: String, at second: Double = 0) -> RunSubscription {
        RunSubscription(to: receiver, by: ada, at: StoreBench.after(second))
    }

    private static func subscribe(
        _ receiver: String, to run: RunID, of tenant: Tenant = StoreBench.acme, at second: Double = 0, _ bench: StoreBench
    ) async throws -> SubscriptionOutcome {
        try await bench.store.subscribe(subscription(receiver, at: second), to: run, of: tenant)
    }

    /// Receivers that are told of the end of single runs.
    static let subscriptions: [Rule] = [
        Rule("A subscribed receiver is told of the end, whatever its rules say, and of nothing else") { bench in
            for name in ["ops", "other"] { try await bench.store.createReceiver(StoreBench.receiver(name, on: [])) }
            for (second, event) in [AlertEvent.failed, .succeeded, .stopped].enumerated() {
                let id = try await bench.start(warnAfter: .seconds(1), at: StoreBench.after(Double(second)))
                #expect(try await subscribe("ops", to: id, bench) == .added(event: nil))
                _ = try await bench.store.newlyOverdueRunsOfAllTenants(at: StoreBench.after(100))
                #expect(try await bench.told().count == second)
                let now = StoreBench.after(200)
                switch event {
                case .succeeded:
                    let output = TaskOutput(warnings: try TaskWarnings(["3 rows have no price"]))
                    _ = try await bench.store.commit(
                        [.began, .succeeded(output)], under: try await bench.claimOne(at: now), at: now)
                case .stopped: _ = try await bench.store.stopRun(id, of: StoreBench.acme, at: now)
                default:
                    let lease = try await bench.claimOne(at: now)
                    let error = RunError(attribution: .customer, type: "test/fault", message: "No such table")
                    _ = try await bench.store.commit([.began, .failed(error)], under: lease, at: now)
                }
                let alert = try #require(try await bench.alerts().first)
                #expect(alert.id == "\(id)_\(event.rawValue)_ops" && alert.nextAttemptAt == now && alert.occurredAt == now)
                let kept = try await bench.store.subscriptions(to: id, of: StoreBench.acme)
                #expect(kept == RunSubscriptions([subscription("ops")], event: event))
            }
            #expect(try await bench.told() == ["failed ops", "stopped ops", "succeeded ops"])
            // Runs without subscriptions tell none of them.
            try await bench.end(.failed, at: StoreBench.after(300))
            #expect(try await bench.told().count == 3)
            try await bench.expectNothingWrong(at: StoreBench.after(400))
        },
        Rule("A receiver that a rule and a subscription name is told once") { bench in
            try await bench.store.createReceiver(StoreBench.receiver("ops", on: [.failed]))
            try await bench.store.createReceiver(StoreBench.receiver("chat", on: []))
            let id = try await bench.start()
            for name in ["ops", "chat"] { #expect(try await subscribe(name, to: id, bench) == .added(event: nil)) }
            let lease = try await bench.claimOne()
            let error = RunError(attribution: .platform, type: "test/fault", message: "Down")
            _ = try await bench.store.commit([.began, .failed(error)], under: lease, at: StoreBench.after(1))
            #expect(try await bench.told() == ["failed chat", "failed ops"])
        },
        Rule("Subscribing twice keeps the first subscription, and they are listed by receiver") { bench in
            for name in ["b", "a"] { try await bench.store.createReceiver(StoreBench.receiver(name, on: [])) }
            let id = try await bench.start()
            #expect(try await subscribe("b", to: id, at: 1, bench) == .added(event: nil))
            #expect(try await subscribe("b", to: id, at: 2, bench) == .alreadyThere(subscription("b", at: 1), event: nil))
            #expect(try await subscribe("a", to: id, at: 3, bench) == .added(event: nil))
            let found = try await bench.store.subscriptions(to: id, of: StoreBench.acme)
            #expect(found == RunSubscriptions([subscription("a", at: 3), subscription("b", at: 1)]))
        },
        Rule("A run that has ended tells a new subscriber at once, and no rule's receiver twice") { bench in
            try await bench.store.createReceiver(StoreBench.receiver("ops", on: [.failed]))
            try await bench.store.createReceiver(StoreBench.receiver("late", on: []))
            let id = try await bench.end(.failed, at: StoreBench.after(1))
            #expect(try await bench.told() == ["failed ops"])
            for name in ["late", "ops"] {
                #expect(try await subscribe(name, to: id, at: 50, bench) == .added(event: .failed))
                let again = try await subscribe(name, to: id, at: 60, bench)
                #expect(again == .alreadyThere(subscription(name, at: 50), event: .failed))
            }
            #expect(try await bench.told() == ["failed late", "failed ops"])
            let alert = try #require(try await bench.store.alert("\(id)_failed_late", of: StoreBench.acme))
            #expect(alert.occurredAt == StoreBench.after(1) && alert.nextAttemptAt == StoreBench.after(50))
            #expect(try await bench.store.unsubscribe("late", from: id, of: StoreBench.acme) == .hasEnded)
        },
        Rule("A removed subscription tells no receiver") { bench in
            for name in ["ops", "chat"] { try await bench.store.createReceiver(StoreBench.receiver(name, on: [])) }
            let id = try await bench.start()
            #expect(try await bench.store.unsubscribe("ops", from: id, of: StoreBench.acme) == .notSubscribed)
            for name in ["ops", "chat"] { _ = try await subscribe(name, to: id, bench) }
            #expect(try await bench.store.unsubscribe("ops", from: id, of: StoreBench.acme) == .removed)
            #expect(try await bench.store.unsubscribe("ops", from: id, of: StoreBench.acme) == .notSubscribed)
            _ = try await bench.store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(1))
            #expect(try await bench.told() == ["stopped chat"])
        },
        Rule("A disabled receiver takes no subscription, and is not told; a deleted one takes its subscriptions along") { bench in
            for name in ["off", "gone", "ops"] { try await bench.store.createReceiver(StoreBench.receiver(name, on: [])) }
            let id = try await bench.start()
            for name in ["off", "gone", "ops"] { _ = try await subscribe(name, to: id, bench) }
            let disabled = ReceiverUpdate("off", of: StoreBench.acme, .disabled("It said 410."))
            _ = try await bench.store.changeReceiver(disabled, at: StoreBench.after(1))
            let other = try await bench.start(configuration: "cg-other", at: StoreBench.after(2))
            #expect(try await subscribe("off", to: other, bench) == .isDisabled)
            #expect(try await bench.store.deleteReceiver("gone", of: StoreBench.acme, at: StoreBench.after(2)))
            #expect(try await subscribe("gone", to: other, bench) == .noSuchReceiver(accepted: ["ops"]))
            // A receiver of the same name is another one.
            try await bench.store.createReceiver(StoreBench.receiver("gone", on: []))
            _ = try await bench.store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(3))
            #expect(try await bench.told() == ["stopped ops"])
            let kept = try await bench.store.subscriptions(to: id, of: StoreBench.acme)
            #expect(kept?.list.map(\.receiver) == ["off", "ops"])
        },
        Rule("Subscriptions belong to the run's tenant, and imported history takes none") { bench in
            try await bench.store.createReceiver(StoreBench.receiver("ops", on: []))
            try await bench.store.createReceiver(StoreBench.receiver("ops", of: StoreBench.globex, on: []))
            let id = try await bench.start()
            for tenant in [StoreBench.globex, StoreBench.tenant("initech")] {
                #expect(try await subscribe("ops", to: id, of: tenant, bench) == .noSuchRun)
                #expect(try await bench.store.unsubscribe("ops", from: id, of: tenant) == .noSuchRun)
                #expect(try await bench.store.subscriptions(to: id, of: tenant) == nil)
            }
            #expect(try await bench.store.subscriptions(to: id, of: StoreBench.acme) == RunSubscriptions([]))
            #expect(try await subscribe("ops", to: RunID(rawValue: "wf-none"), bench) == .noSuchRun)
            let old = bench.endedRun("old-1")
            _ = try await bench.store.importRuns([ImportedRun(run: old)], into: old.tenant)
            #expect(try await subscribe("ops", to: old.id, of: old.tenant, bench) == .isImported)
        },
        Rule("A run has so many subscriptions and no more") { bench in
            let id = try await bench.start()
            for number in 0...RunSubscription.most {
                try await bench.store.createReceiver(StoreBench.receiver("r\(number)", on: []))
                let outcome = try await subscribe("r\(number)", to: id, bench)
                #expect(outcome == (number < RunSubscription.most ? .added(event: nil) : .tooMany))
            }
        },
        Rule("A start subscribes receivers in its own transaction, and a rerun inherits none") { bench in
            for name in ["ops", "chat"] { try await bench.store.createReceiver(StoreBench.receiver(name, on: [])) }
            var plan = try await bench.plan([StoreBench.task("only")])
            // One was deleted after the start had been checked.
            plan.notifiedReceivers = ["ops", "deleted", "chat"]
            _ = try await bench.store.createRun(plan, once: nil)
            let found = try #require(try await bench.store.subscriptions(to: plan.id, of: StoreBench.acme))
            #expect(found.list.map(\.receiver) == ["chat", "ops"])
            #expect(found.list.allSatisfy { $0.requestedBy == plan.principal && $0.requestedAt == plan.createdAt })
            _ = try await bench.store.stopRun(plan.id, of: StoreBench.acme, at: StoreBench.after(1))
            #expect(try await bench.told() == ["stopped chat", "stopped ops"])
        },
        Rule("Retention deletes subscriptions with their runs") { bench in
            try await bench.store.createReceiver(StoreBench.receiver("ops", on: []))
            let id = try await bench.end(.failed)
            _ = try await subscribe("ops", to: id, bench)
            let kept = try await bench.start(configuration: "cg-other", at: StoreBench.after(40 * 86_400))
            _ = try await subscribe("ops", to: kept, bench)
            #expect(try await bench.retain(createdBefore: StoreBench.after(35 * 86_400)) == 1)
            #expect(try await bench.store.subscriptions(to: id, of: StoreBench.acme) == nil)
            #expect(try await bench.store.subscriptions(to: kept, of: StoreBench.acme)?.list.count == 1)
            try await bench.expectNothingWrong(at: StoreBench.after(41 * 86_400))
        },
    ]
}
