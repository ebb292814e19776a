import Testing
import WorkflowModel

extension StoreContract {
    /// Dispatch is fair between tenants.
    static let takingTurns: [Rule] = [
        Rule("A long queue of one tenant does not delay the first task of another") { bench in
            for _ in 0..<40 { try await bench.start() }
            try await bench.start(of: StoreBench.globex, at: StoreBench.after(1))
            try await bench.start(of: initech, at: StoreBench.after(2))
            // Claiming one at a time, each of the three tenants is served before any is served again.
            let first = try await bench.claimTenants(1, at: StoreBench.after(2))
            let second = try await bench.claimTenants(1, at: StoreBench.after(2))
            let third = try await bench.claimTenants(1, at: StoreBench.after(2))
            #expect(Set(first + second + third) == [StoreBench.acme, StoreBench.globex, initech])
            #expect(try await bench.claimTenants(2, at: StoreBench.after(2)) == [StoreBench.acme, StoreBench.acme])
            // The returning tenant has waited longer than the one that was just served.
            try await bench.start(of: StoreBench.globex, at: StoreBench.after(3))
            #expect(try await bench.claimTenants(1, at: StoreBench.after(3)) == [StoreBench.globex])
        },
        Rule("Tenants take turns across workers") { bench in
            for _ in 0..<4 {
                try await bench.start()
                try await bench.start(of: StoreBench.globex)
            }
            var served: [Tenant] = []
            for claim in 0..<8 { served += try await bench.claimTenants(1, by: "worker-\(claim % 3)") }
            #expect(served.count == 8)
            for (earlier, later) in zip(served, served.dropFirst()) { #expect(earlier != later, "\(served)") }
        },
        Rule("One claim is shared among tenants, and an unused share goes to the others") { bench in
            for _ in 0..<10 {
                try await bench.start()
                try await bench.start(of: initech)
            }
            for _ in 0..<2 { try await bench.start(of: StoreBench.globex) }
            let served = try await bench.claimTenants(13)
            let counts = Dictionary(served.map { ($0, 1) }, uniquingKeysWith: +)
            #expect(counts[StoreBench.globex] == 2)
            #expect(Set([counts[StoreBench.acme], counts[initech]]) == [5, 6])
            // The tenant that got the extra task is second now.
            let next = try await bench.claimTenants(1)
            #expect(next.first.flatMap { counts[$0] } == 5)
            #expect(try await bench.claimTenants(20).count == 8)
        },
        Rule("A tenant whose tasks are not ready yet takes no turn") { bench in
            for _ in 0..<3 { try await bench.start() }
            try await bench.start(of: StoreBench.globex, at: StoreBench.after(9))
            #expect(try await bench.claimTenants(2) == [StoreBench.acme, StoreBench.acme])
            #expect(try await bench.claimTenants(1, at: StoreBench.after(9)) == [StoreBench.globex])
            #expect(try await bench.claimTenants(5, at: StoreBench.after(9)) == [StoreBench.acme])
        },
        Rule("Several tasks of one run are claimed together, each once") { bench in
            let id = try await bench.start((1...6).map { StoreBench.task("t\($0)") })
            try await bench.start(of: StoreBench.globex)
            let claimed = try await bench.claim(5)
            #expect(claimed.filter { $0.lease.run == id }.map(\.definitionID) == ["t1", "t2", "t3", "t4"])
            #expect(try await bench.states(id) == [.started, .started, .started, .started, .scheduled, .scheduled])
        },
    ]

    private static let initech = StoreBench.tenant("initech")
}

extension StoreBench {
    /// Claims, and returns the tenants of the tasks.
    fileprivate func claimTenants(
        _ limit: Int = 10, by worker: String = "worker-1", at now: Timestamp = start
    ) async throws -> [Tenant] {
        try await claim(limit, by: worker, at: now).map(\.lease.tenant)
    }
}
