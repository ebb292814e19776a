import Testing
import WorkflowModel

extension StoreContract {
    /// Delivery of alerts.
    static let outbox: [Rule] = [
        Rule("Of each receiver the oldest due alert is claimed, and the next one after its report") { bench in
            for name in ["a", "b"] { try await bench.store.createReceiver(StoreBench.receiver(name, on: [.stopped])) }
            try await bench.store.createReceiver(StoreBench.receiver("c", of: StoreBench.globex, on: [.stopped]))
            #expect(try await bench.claimAlerts(at: StoreBench.start).isEmpty)
            let first = try await bench.end(.stopped)
            try await bench.end(.stopped, at: StoreBench.after(1))
            try await bench.end(.stopped, of: StoreBench.globex, at: StoreBench.after(2))
            #expect(try await bench.claimAlerts(0, at: StoreBench.after(3)).isEmpty)
            let claimed = try await bench.claimAlerts(at: StoreBench.after(3))
            #expect(Set(claimed.map(\.receiver.name)) == ["a", "b", "c"] && claimed.count == 3)
            let ofA = try #require(claimed.first { $0.receiver.name == "a" })
            #expect(ofA.alert.subject == .run(first) && ofA.alert.attempts == 1 && ofA.alert.state == .pending)
            #expect(ofA.receiver == StoreBench.receiver("a", on: [.stopped]))
            #expect(try await bench.claimAlerts(at: StoreBench.after(4)).isEmpty)
            try await bench.store.report(.delivered("Answered 204."), of: ofA, at: StoreBench.after(5))
            let done = try #require(try await bench.store.alert(ofA.alert.id, of: StoreBench.acme))
            #expect(done.state == .delivered && done.answer == "Answered 204." && done.lastAttemptAt == StoreBench.after(5))
            #expect(try await bench.claimAlerts(at: StoreBench.after(5)).map(\.receiver.name) == ["a"])
        },
        Rule("A limited claim takes the oldest due alerts") { bench in
            for name in ["a", "b", "c"] {
                try await bench.store.createReceiver(StoreBench.receiver(name, on: [.stopped], configurations: [name]))
            }
            for (second, name) in ["c", "a", "b"].enumerated() {
                try await bench.end(.stopped, configuration: name, at: StoreBench.after(Double(second)))
            }
            let claimed = try await bench.claimAlerts(2, at: StoreBench.after(9))
            #expect(Set(claimed.map(\.receiver.name)) == ["a", "c"])
            #expect(try await bench.claimAlerts(2, at: StoreBench.after(9)).map(\.receiver.name) == ["b"])
        },
        Rule("A failed alert is retried until it is given up; both can be retried by hand") { bench in
            try await bench.store.createReceiver(StoreBench.receiver("ops", on: [.stopped]))
            try await bench.end(.stopped)
            var now = StoreBench.start
            for delay in AlertLimits.delays.map(Optional.init) + [nil] {
                let claimed = try #require(try await bench.claimAlerts(at: now).first)
                try await bench.store.report(.failed("Answered 500."), of: claimed, at: now)
                let alert = try #require(try await bench.alerts().first)
                #expect(alert.nextAttemptAt == delay.map { now + $0 } && alert.attempts == claimed.alert.attempts)
                guard let delay else { break }
                #expect(try await bench.claimAlerts(at: now + delay + .milliseconds(-1)).isEmpty)
                now = now + delay
            }
            let given = try #require(try await bench.alerts(in: .givenUp).first)
            #expect(given.attempts == AlertLimits.delays.count + 1 && given.nextAttemptAt == nil)
            #expect(now - StoreBench.start < .seconds(86_400))
            #expect(try await bench.claimAlerts(at: now + .seconds(999_999)).isEmpty)
            let again = try #require(try await bench.store.resendAlert(given.id, of: StoreBench.acme, at: now))
            #expect(again.state == .pending && again.attempts == 0 && again.nextAttemptAt == now)
            let claimed = try #require(try await bench.claimAlerts(at: now).first)
            try await bench.store.report(.delivered("Fine."), of: claimed, at: now)
            #expect(try await bench.alerts(in: .delivered).count == 1)
            #expect(try await bench.store.resendAlert(given.id, of: StoreBench.acme, at: now)?.state == .pending)
            #expect(try await bench.store.resendAlert(given.id, of: StoreBench.globex, at: now) == nil)
        },
        Rule("Alerts claimed by a dead sender are claimed again, and its late report changes nothing") { bench in
            try await bench.store.createReceiver(StoreBench.receiver("ops", on: [.stopped]))
            try await bench.end(.stopped)
            let lost = try #require(try await bench.claimAlerts(at: StoreBench.start).first)
            #expect(try await bench.claimAlerts(at: StoreBench.after(59)).isEmpty)
            let again = try #require(try await bench.claimAlerts(at: StoreBench.after(60)).first)
            #expect(again.token > lost.token && again.alert.id == lost.alert.id && again.alert.attempts == 2)
            try await bench.store.report(.gone("Too late."), of: lost, at: StoreBench.after(61))
            #expect(try await bench.claimAlerts(at: StoreBench.after(62)).isEmpty)
            #expect(try await bench.alerts().map(\.state) == [.pending])
            try await bench.store.report(.delivered("Fine."), of: again, at: StoreBench.after(63))
            #expect(try await bench.alerts().map(\.state) == [.delivered])
        },
        Rule("Concurrent claims return different alerts, and each is delivered once") { bench in
            for name in ["a", "b", "c"] { try await bench.store.createReceiver(StoreBench.receiver(name, on: [.stopped])) }
            for second in 0..<4 { try await bench.end(.stopped, at: StoreBench.after(Double(second))) }
            var told: [String: Int] = [:]
            for round in 0..<20 where told.count < 12 {
                let now = StoreBench.after(Double(4 + round))
                let claimed = try await withThrowingTaskGroup(of: [ClaimedAlert].self) { group in
                    for _ in 0..<6 { group.addTask { try await bench.claimAlerts(2, at: now) } }
                    return try await group.reduce(into: []) { $0 += $1 }
                }
                #expect(Set(claimed.map(\.receiver.name)).count == claimed.count)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for claim in claimed { group.addTask { try await bench.store.report(.delivered("Fine."), of: claim, at: now) } }
                    try await group.waitForAll()
                }
                for claim in claimed { told[claim.alert.id, default: 0] += 1 }
            }
            #expect(told.count == 12 && told.values.allSatisfy { $0 == 1 })
        },
        Rule("A late report does not lead to concurrent attempts at one receiver") { bench in
            try await bench.store.createReceiver(StoreBench.receiver("ops", on: [.stopped]))
            for second in 0..<3 { try await bench.end(.stopped, at: StoreBench.after(Double(second))) }
            let slow = try #require(try await bench.claimAlerts(at: StoreBench.after(3)).first)
            let next = try #require(try await bench.claimAlerts(at: StoreBench.after(63)).first)
            #expect(next.alert.id != slow.alert.id)
            // The receiver has the alert, and no other sender has tried meanwhile.
            try await bench.store.report(.delivered("Fine."), of: slow, at: StoreBench.after(64))
            #expect(try await bench.store.alert(slow.alert.id, of: StoreBench.acme)?.state == .delivered)
            #expect(try await bench.claimAlerts(at: StoreBench.after(64)).isEmpty)
            try await bench.store.report(.delivered("Fine."), of: next, at: StoreBench.after(65))
            #expect(try await bench.claimAlerts(at: StoreBench.after(65)).count == 1)
        },
        Rule("A receiver that is gone is disabled, and receives nothing until it is enabled") { bench in
            try await bench.store.createReceiver(StoreBench.receiver("ops", on: [.stopped]))
            for second in 0..<3 { try await bench.end(.stopped, at: StoreBench.after(Double(second))) }
            let claimed = try #require(try await bench.claimAlerts(at: StoreBench.after(3)).first)
            try await bench.store.report(.gone("It answered 410."), of: claimed, at: StoreBench.after(4))
            let receiver = try #require(try await bench.store.receivers(of: StoreBench.acme).first)
            #expect(receiver.disabledAt == StoreBench.after(4) && receiver.disabledReason == "It answered 410.")
            #expect(try await bench.alerts().map(\.state) == [.givenUp, .givenUp, .givenUp])
            try await bench.end(.stopped, at: StoreBench.after(5))
            #expect(try await bench.alerts().count == 3)
            _ = try await bench.store.changeReceiver(ReceiverUpdate("ops", of: StoreBench.acme, .enabled), at: StoreBench.after(6))
            try await bench.end(.stopped, at: StoreBench.after(7))
            #expect(try await bench.claimAlerts(at: StoreBench.after(8)).count == 1)
        },
        Rule("Alerts for a removed receiver are given up") { bench in
            try await bench.store.createReceiver(StoreBench.receiver("ops", on: [.stopped]))
            try await bench.end(.stopped)
            let claimed = try #require(try await bench.claimAlerts(at: StoreBench.start).first)
            _ = try await bench.store.deleteReceiver("ops", of: StoreBench.acme, at: StoreBench.after(1))
            try await bench.store.report(.failed("Late."), of: claimed, at: StoreBench.after(2))
            #expect(try await bench.alerts().map(\.state) == [.givenUp])
            #expect(try await bench.claimAlerts(at: StoreBench.after(1_000)).isEmpty)
        },
        Rule("Alerts are listed newest first, in pages, by state") { bench in
            try await bench.store.createReceiver(StoreBench.receiver("ops", on: [.stopped]))
            var runs: [RunID] = []
            for second in 0..<5 { runs.insert(try await bench.end(.stopped, at: StoreBench.after(Double(second))), at: 0) }
            let claimed = try #require(try await bench.claimAlerts(at: StoreBench.after(5)).first)
            try await bench.store.report(.delivered("Fine."), of: claimed, at: StoreBench.after(5))
            var seen: [AlertSubject] = []
            var place: Int?
            repeat {
                let page = try await bench.store.alerts(matching: AlertQuery(of: StoreBench.acme, from: place, limit: 2))
                seen += page.alerts.map(\.subject)
                place = page.next
            } while place != nil
            #expect(seen == runs.map { .run($0) })
            #expect(try await bench.alerts(in: .delivered).map(\.subject) == [.run(runs[4])])
            let page = try await bench.store.alerts(matching: AlertQuery(of: StoreBench.acme, in: .pending, limit: 4))
            #expect(page.alerts.count == 4 && page.next == nil)
            #expect(try await bench.alerts(of: StoreBench.globex).isEmpty)
        },
        Rule("Alerts are deleted with their run") { bench in
            try await bench.store.createReceiver(StoreBench.receiver("ops", on: [.stopped]))
            try await bench.end(.stopped)
            let young = try await bench.end(.stopped, at: StoreBench.after(10))
            #expect(try await bench.retain(createdBefore: StoreBench.after(5)) == 1)
            #expect(try await bench.alerts().map(\.subject) == [.run(young)])
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.after(11)) == [])
        },
        Rule("Concurrent senders claim each alert once") { bench in
            for number in 0..<8 { try await bench.store.createReceiver(StoreBench.receiver("r\(number)", on: [.stopped])) }
            try await bench.end(.stopped)
            let claimed = try await withThrowingTaskGroup(of: [ClaimedAlert].self) { group in
                for _ in 0..<6 { group.addTask { try await bench.claimAlerts(3, at: StoreBench.after(1)) } }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(Set(claimed.map(\.alert.id)).count == claimed.count)
            #expect(claimed.allSatisfy { $0.token == 1 })
            let rest = try await bench.claimAlerts(at: StoreBench.after(1))
            #expect(claimed.count + rest.count == 8)
        },
    ]
}
