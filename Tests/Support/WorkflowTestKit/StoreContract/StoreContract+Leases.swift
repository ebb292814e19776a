import Testing
import WorkflowModel

extension StoreContract {
    private static let lost = RunError.workerLost("The worker is gone.")

    static let leases: [Rule] = [
        Rule("A valid lease is renewed, a lost one is not") { bench in
            try await bench.start([StoreBench.task("a"), StoreBench.task("b")])
            let claimed = try await bench.claim().map(\.lease)
            var stale = claimed[0]
            stale.token -= 1
            var nowhere = claimed[0]
            nowhere.task = TaskID(rawValue: "wft-nowhere")
            try await bench.succeed(claimed[1])
            let leases = [claimed[0], claimed[1], stale, nowhere]
            let statuses = try await bench.store.renewLeases(leases, until: StoreBench.after(500))
            #expect(statuses == [claimed[0]: .held, claimed[1]: .lost, stale: .lost, nowhere: .lost])
            #expect(try await bench.store.expiredLeasesOfAllTenants(at: StoreBench.after(499), limit: 10).isEmpty)
            #expect(
                try await bench.store.expiredLeasesOfAllTenants(at: StoreBench.after(501), limit: 10).map(\.lease) == [claimed[0]])
            #expect(try await bench.store.renewLeases([], until: StoreBench.after(500)).isEmpty)
        },
        Rule("A renewal reports a stop request until the work has ended") { bench in
            let id = try await bench.start()
            let lease = try await bench.claimOne()
            _ = try await bench.store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(1))
            #expect(try await bench.store.renewLeases([lease], until: StoreBench.after(500)) == [lease: .stopRequested])
            #expect(try await bench.store.expiredLeasesOfAllTenants(at: StoreBench.after(400), limit: 1).isEmpty)
            #expect(try await bench.store.commit(.stopped, under: lease, at: StoreBench.after(2)) == .accepted(.canceled))
            #expect(try await bench.store.renewLeases([lease], until: StoreBench.after(500)) == [lease: .lost])
        },
        Rule("Expired leases are found in the order of expiry") { bench in
            let plan = try await bench.plan(of: StoreBench.globex)
            _ = try await bench.store.createRun(plan, once: nil)
            try await bench.start([StoreBench.task("later")], at: StoreBench.after(1))
            let first = try #require(try await bench.claim(1, by: "worker-1").first)
            let second = try #require(try await bench.claim(1, by: "worker-2", at: StoreBench.after(1)).first)
            #expect(try await bench.store.expiredLeasesOfAllTenants(at: StoreBench.after(59), limit: 10).isEmpty)
            let found = try await bench.store.expiredLeasesOfAllTenants(at: StoreBench.after(62), limit: 10)
            #expect(found.map(\.lease) == [first.lease, second.lease])
            #expect(
                found.first
                    == LeasedTask(lease: first.lease, definitionID: "only", version: plan.version, worker: "worker-1"))
            #expect(
                try await bench.store.expiredLeasesOfAllTenants(at: StoreBench.after(62), limit: 1).map(\.lease) == [first.lease])
            #expect(try await bench.store.leasesOfAllTenants(notHeldBy: "worker-1").map(\.lease) == [second.lease])
            #expect(try await bench.store.leasesOfAllTenants(notHeldBy: "worker-3").count == 2)
        },
        Rule("A rescue takes the task from a worker with an expired lease, whose late report is stale") { bench in
            let id = try await bench.start()
            let lease = try await bench.claimOne()
            _ = try await bench.store.commit(.began, under: lease, at: StoreBench.start)
            let event = TaskEvent.retrying(lost, at: StoreBench.after(61))
            let early = try await bench.store.endLostAttempt(
                LostAttempt(lease, with: event, ifExpiredBy: StoreBench.after(59)), at: StoreBench.after(59))
            #expect(early == .stale)
            #expect(try await bench.states(id) == [.running])
            let due = try await bench.store.endLostAttempt(
                LostAttempt(lease, with: event, ifExpiredBy: StoreBench.after(61)), at: StoreBench.after(61))
            #expect(due == .accepted(.inProgress))
            let next = try await bench.claimOne(by: "worker-2", at: StoreBench.after(61))
            #expect(next.token > lease.token)
            #expect(try await bench.store.commit(.succeeded(TaskOutput()), under: lease, at: StoreBench.after(62)) == .stale)
            let again = try await bench.store.endLostAttempt(
                LostAttempt(lease, with: event, ifExpiredBy: StoreBench.after(70)), at: StoreBench.after(70))
            #expect(again == .stale)
            try await bench.succeed(next, at: StoreBench.after(63))
            let attempts = try await bench.store.attempts(of: id, tenant: StoreBench.acme)
            #expect(attempts.map(\.outcome) == [.failed, .succeeded])
            #expect(attempts.map(\.error) == [lost, nil])
        },
        Rule("A renewal in time prevents a rescue") { bench in
            let id = try await bench.start()
            let lease = try await bench.claimOne()
            _ = try await bench.store.renewLeases([lease], until: StoreBench.after(120))
            let receipt = try await bench.store.endLostAttempt(
                LostAttempt(lease, with: .failed(lost), ifExpiredBy: StoreBench.after(61)), at: StoreBench.after(61))
            #expect(receipt == .stale)
            #expect(try await bench.states(id) == [.started])
        },
        Rule("The tasks of a dead worker are rescued before their leases expire") { bench in
            let id = try await bench.start([StoreBench.task("a"), StoreBench.task("b", needs: ["a"])])
            let lease = try await bench.claimOne(by: "former")
            let found = try await bench.store.leasesOfAllTenants(notHeldBy: "worker-2")
            #expect(found.map(\.worker) == ["former"])
            let receipt = try await bench.store.endLostAttempt(
                LostAttempt(lease, with: .failed(lost), ifExpiredBy: nil), at: StoreBench.after(1))
            #expect(receipt == .accepted(.failed))
            #expect(try await bench.states(id) == [.failed, .skipped])
            #expect(try await bench.details(id).run.state == .failed)
            #expect(try await bench.store.leasesOfAllTenants(notHeldBy: "worker-2").isEmpty)
        },
        Rule("A stopping task of a dead worker ends as canceled") { bench in
            let id = try await bench.start()
            let lease = try await bench.claimOne()
            _ = try await bench.store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(1))
            let event = TaskEvent.retrying(lost, at: StoreBench.after(90))
            let receipt = try await bench.store.endLostAttempt(
                LostAttempt(lease, with: event, ifExpiredBy: nil), at: StoreBench.after(2))
            #expect(receipt == .accepted(.canceled))
            #expect(try await bench.details(id).run.state == .canceled)
            #expect(try await bench.claim(at: StoreBench.after(100)).isEmpty)
        },
    ]
}
