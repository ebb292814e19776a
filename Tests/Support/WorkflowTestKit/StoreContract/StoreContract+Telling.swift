import Testing
import WorkflowModel

extension StoreContract {
    /// Signals of a store, and overdue runs.
    static let telling: [Rule] = [
        Rule("A run becomes overdue once") { bench in
            let late = try await bench.start(warnAfter: .seconds(10))
            try await bench.start(warnAfter: .seconds(60))
            try await bench.start(warnAfter: nil)
            #expect(try await bench.store.newlyOverdueRunsOfAllTenants(at: StoreBench.after(9.999)).isEmpty)
            let told = try await bench.store.newlyOverdueRunsOfAllTenants(at: StoreBench.after(10))
            #expect(
                told == [
                    OverdueRun(
                        id: late, tenant: StoreBench.acme, name: "Daily", createdAt: StoreBench.start, warnAfter: .seconds(10))
                ])
            #expect(try await bench.store.newlyOverdueRunsOfAllTenants(at: StoreBench.after(11)).isEmpty)
            #expect(try await bench.store.newlyOverdueRunsOfAllTenants(at: StoreBench.after(60)).count == 1)
            #expect(try await bench.details(late).warnAfter == .seconds(10))
        },
        Rule("A run that has ended is never overdue") { bench in
            let stopped = try await bench.start(warnAfter: .seconds(10))
            _ = try await bench.store.stopRun(stopped, of: StoreBench.acme, at: StoreBench.after(1))
            try await bench.start(of: StoreBench.globex, warnAfter: .seconds(10))
            try await bench.succeed(bench.claimOne(at: StoreBench.after(2)), at: StoreBench.after(2))
            #expect(try await bench.store.newlyOverdueRunsOfAllTenants(at: StoreBench.after(100)).isEmpty)
        },
        Rule("An equal change number means that nothing has changed") { bench in
            let changes: [() async throws -> Void] = [
                { try await bench.start() }, { _ = try await bench.claim() },
                { try await bench.store.saveSettings(TenantSettings(tenant: StoreBench.acme, rateLimit: 7)) },
            ]
            for change in changes {
                let before = bench.store.changeNumber
                try await change()
                // A store that other processes change has no change number.
                if let before { #expect(bench.store.changeNumber != before) }
            }
            let before = bench.store.changeNumber
            _ = try await bench.store.runs(matching: RunQuery(tenant: StoreBench.acme))
            #expect(bench.store.changeNumber == before)
        },
        Rule("New work is signalled when it can be claimed") { bench in
            var signals = bench.store.signals().makeAsyncIterator()
            try await bench.start([StoreBench.task("a"), StoreBench.task("b", needs: ["a"])])
            #expect(await signals.next() == .work)
            try await bench.succeed(bench.claimOne())
            #expect(await signals.next() == .work)
            #expect(try await bench.claim().map(\.definitionID) == ["b"])
        },
        Rule("A retry and a stop of a held task are signalled") { bench in
            let id = try await bench.start()
            let lease = try await bench.claimOne()
            var signals = bench.store.signals().makeAsyncIterator()
            let error = RunError(attribution: .platform, type: "test/down", message: "Down")
            _ = try await bench.store.commit(.retrying(error, at: StoreBench.after(1)), under: lease, at: StoreBench.start)
            #expect(await signals.next() == .work)
            _ = try await bench.claimOne(at: StoreBench.after(1))
            _ = try await bench.store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(2))
            #expect(await signals.next() == .stop(id))
        },
        Rule("Every listener receives the signals") { bench in
            var first = bench.store.signals().makeAsyncIterator()
            var second = bench.store.signals().makeAsyncIterator()
            try await bench.start()
            #expect(await first.next() == .work)
            #expect(await second.next() == .work)
        },
        Rule("A closed store rejects calls and ends its signals") { bench in
            var signals = bench.store.signals().makeAsyncIterator()
            let id = try await bench.start()
            try await bench.store.close()
            #expect(await signals.next() == .work)
            #expect(await signals.next() == nil)
            await bench.expect(.unavailable) { try await bench.store.run(id, of: StoreBench.acme) }
            await bench.expect(.unavailable) { try await bench.store.stopRun(id, of: StoreBench.acme, at: StoreBench.start) }
            await bench.expect(.unavailable) { try await bench.store.ping() }
            try await bench.store.close()
        },
    ]
}
