import Testing
import WorkflowModel

extension StoreContract {
    /// Concurrency limits.
    static let limiting: [Rule] = [
        Rule("The concurrency of a configuration limits its active runs, and the oldest run is next") { bench in
            let tasks = [StoreBench.task("a"), StoreBench.task("b")]
            var ids: [RunID] = []
            for second in 0..<4 {
                ids.append(try await bench.start(tasks, concurrency: 2, at: StoreBench.after(Double(second))))
            }
            try await bench.start([StoreBench.task("other")], configuration: "cg-other", at: StoreBench.after(9))
            let claimed = try await bench.claimAll(at: StoreBench.after(9))
            #expect(claimed.filter { $0.definitionID != "other" }.map(\.lease.run) == [ids[0], ids[0], ids[1], ids[1]])
            #expect(claimed.contains { $0.definitionID == "other" })
            for id in ids[2...] { #expect(try await bench.details(id).run.state == .scheduled) }
            try await bench.expectNothingWrong(at: StoreBench.after(9))
            // A run with started tasks continues, whatever is queued.
            let ofFirst = claimed.filter { $0.lease.run == ids[0] }.map(\.lease)
            try await bench.succeed(ofFirst[0], at: StoreBench.after(10))
            #expect(try await bench.claimAll(at: StoreBench.after(10)).isEmpty)
            try await bench.succeed(ofFirst[1], at: StoreBench.after(11))
            let next = try await bench.claimAll(at: StoreBench.after(11))
            #expect(next.map(\.lease.run) == [ids[2], ids[2]])
            #expect(try await bench.claimAll(at: StoreBench.after(11)).isEmpty)
            try await bench.expectNothingWrong(at: StoreBench.after(11))
        },
        Rule("Tasks never hold more of a resource than its size, and are admitted in the order of waiting") { bench in
            try await bench.own(2)
            for second in 0..<5 {
                try await bench.start(
                    [StoreBench.task("t\(second)", uses: StoreBench.warehouse)], configuration: "cg-\(second)",
                    at: StoreBench.after(Double(second)))
            }
            var claimed = try await bench.claimAll(at: StoreBench.after(9))
            #expect(claimed.map(\.definitionID) == ["t0", "t1"])
            for expected in ["t2", "t3", "t4"] {
                try await bench.expectNothingWrong(at: StoreBench.after(10))
                try await bench.succeed(claimed.removeFirst().lease, at: StoreBench.after(10))
                let next = try await bench.claimAll(at: StoreBench.after(10))
                #expect(next.map(\.definitionID) == [expected])
                claimed += next
            }
        },
        Rule("No task passes a larger one that has waited longer for the same resource") { bench in
            try await bench.own(4)
            try await bench.start([StoreBench.task("small", uses: ["warehouse": 2])], configuration: "cg-1")
            let small = try await bench.claimAll()
            try await bench.start(
                [StoreBench.task("big", uses: ["warehouse": 3])], configuration: "cg-2", at: StoreBench.after(1))
            try await bench.start(
                [StoreBench.task("late", uses: ["warehouse": 1])], configuration: "cg-3", at: StoreBench.after(2))
            // The late task would fit, but the larger one comes first.
            #expect(try await bench.claimAll(at: StoreBench.after(3)).isEmpty)
            try await bench.expectNothingWrong(at: StoreBench.after(3))
            try await bench.succeed(small[0].lease, at: StoreBench.after(4))
            #expect(try await bench.claimAll(at: StoreBench.after(4)).map(\.definitionID) == ["big", "late"])
        },
        Rule("A task that waits for two resources holds neither") { bench in
            try await bench.store.saveSettings(
                TenantSettings(tenant: StoreBench.acme, resources: ["lake": 1, "warehouse": 1]))
            try await bench.start([StoreBench.task("holder", uses: ["lake": 1])], configuration: "cg-1")
            let holder = try await bench.claimAll()
            try await bench.start(
                [StoreBench.task("both", uses: ["lake": 1, "warehouse": 1])], configuration: "cg-2", at: StoreBench.after(1))
            #expect(try await bench.claimAll(at: StoreBench.after(1)).isEmpty)
            try await bench.start(
                [StoreBench.task("other", uses: StoreBench.warehouse)], configuration: "cg-3", at: StoreBench.after(2))
            let other = try await bench.claimAll(at: StoreBench.after(2))
            #expect(other.map(\.definitionID) == ["other"])
            try await bench.succeed(holder[0].lease, at: StoreBench.after(3))
            #expect(try await bench.claimAll(at: StoreBench.after(3)).isEmpty)
            try await bench.expectNothingWrong(at: StoreBench.after(3))
            try await bench.succeed(other[0].lease, at: StoreBench.after(4))
            #expect(try await bench.claimAll(at: StoreBench.after(4)).map(\.definitionID) == ["both"])
        },
        Rule("The task limit of a tenant does not affect other tenants") { bench in
            try await bench.own(nil, tasksAtOnce: 3)
            for _ in 0..<6 {
                try await bench.start()
                try await bench.start(of: StoreBench.globex)
            }
            let claimed = try await bench.claimAll(4)
            #expect(claimed.filter { $0.lease.tenant == StoreBench.acme }.count == 3)
            #expect(claimed.filter { $0.lease.tenant == StoreBench.globex }.count == 6)
            try await bench.expectNothingWrong()
            let first = try #require(claimed.first { $0.lease.tenant == StoreBench.acme })
            try await bench.succeed(first.lease)
            #expect(try await bench.claimAll().count == 1)
        },
        Rule("Concurrent workers never exceed a limit, and every task runs eventually") { bench in
            try await bench.own(3)
            for number in 0..<24 {
                try await bench.start(
                    [StoreBench.task("t", uses: StoreBench.warehouse)], configuration: "cg-\(number % 4)", concurrency: 2)
            }
            var ended = 0
            for round in 0..<200 where ended < 24 {
                let claimed = try await withThrowingTaskGroup(of: [ClaimedTask].self) { group in
                    for worker in 0..<6 { group.addTask { try await bench.claim(4, by: "worker-\(round)-\(worker)") } }
                    return try await group.reduce(into: []) { $0 += $1 }
                }
                #expect(claimed.count <= 3)
                let byConfiguration = try await claimed.asyncCounts { try await bench.details($0.lease.run).origin.configuration }
                #expect(byConfiguration.allSatisfy { $0 <= 2 })
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for task in claimed { group.addTask { try await bench.succeed(task.lease) } }
                    try await group.waitForAll()
                }
                ended += claimed.count
                try await bench.expectNothingWrong()
            }
            #expect(ended == 24)
        },
        Rule("Limits are settings of a tenant and can be removed") { bench in
            let settings = TenantSettings(
                tenant: StoreBench.acme, rateLimit: 5, tasksAtOnce: 7, resources: ["warehouse": 4, "a.b-c_d": 1_000_000])
            try await bench.store.saveSettings(settings)
            #expect(try await bench.store.settings(of: StoreBench.acme) == settings)
            #expect(try await bench.store.allTenants() == [settings])
            _ = try await bench.plan(concurrency: 1)
            #expect(try await bench.store.settings(of: StoreBench.acme) == settings)
            let less = TenantSettings(tenant: StoreBench.acme, resources: ["warehouse": 3])
            try await bench.store.saveSettings(less)
            #expect(try await bench.store.settings(of: StoreBench.acme) == less)
            try await bench.store.saveSettings(TenantSettings(tenant: StoreBench.acme))
            #expect(try await bench.store.settings(of: StoreBench.acme) == TenantSettings(tenant: StoreBench.acme))
        },
    ]
}

extension [ClaimedTask] {
    /// The number of elements per key.
    fileprivate func asyncCounts<Key: Hashable>(_ key: (ClaimedTask) async throws -> Key) async rethrows -> [Int] {
        var counts: [Key: Int] = [:]
        for task in self { counts[try await key(task), default: 0] += 1 }
        return counts.values.map { $0 }
    }
}
