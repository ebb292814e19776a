import Testing
import WorkflowModel

extension StoreContract {
    static let listing: [Rule] = [
        Rule("Every combination of filters lists what matches, in order, with its total") { bench in
            let history = RunHistory(160, random: bench.random)
            _ = try await bench.store.importRuns(history.imported, into: history.tenant)
            for filter in history.filters(bench.random) {
                let expected = history.list(filter)
                // Pages of one run only for short lists.
                for limit in expected.count < 20 ? [1, 7, 1_000] : [11, 1_000] {
                    let listed = try await bench.walk(filter, by: limit)
                    #expect(listed == expected, "\(filter) in pages of \(limit)")
                }
                let query = RunQuery(tenant: history.tenant, filter: filter, limit: 3, withTotal: true)
                let page = try await bench.store.runs(matching: query)
                #expect(page.total == .exactly(expected.count), "\(filter)")
                #expect(page.runs == Array(expected.prefix(3)), "\(filter)")
                #expect((page.next == nil) == (expected.count <= 3), "\(filter)")
            }
        },
        Rule("A total does not depend on the page") { bench in
            let history = RunHistory(20, random: bench.random)
            _ = try await bench.store.importRuns(history.imported, into: history.tenant)
            var query = RunQuery(tenant: history.tenant, limit: 15, withTotal: true)
            let first = try await bench.store.runs(matching: query)
            query.after = first.next
            let second = try await bench.store.runs(matching: query)
            #expect(first.total == .exactly(20))
            #expect(second.total == .exactly(20))
            #expect(second.runs.count == 5)
            #expect(second.next == nil)
            query.withTotal = false
            #expect(try await bench.store.runs(matching: query).total == nil)
        },
        Rule("Windows begin with their first instant and end before their last") { bench in
            let instant = StoreBench.start
            var run = RunHistory(1, random: bench.random).runs[0]
            run.state = .succeeded
            run.createdAt = instant
            run.endedAt = instant
            _ = try await bench.store.importRuns([ImportedRun(run: run)], into: StoreBench.acme)
            let next = instant + .milliseconds(1)
            let windows: [(TimeWindow, Int)] = [
                (TimeWindow(from: instant, to: next), 1), (TimeWindow(from: next), 0), (TimeWindow(to: instant), 0),
                (TimeWindow(to: next), 1), (TimeWindow(from: instant, to: instant), 0), (TimeWindow(), 1),
            ]
            for (window, count) in windows {
                #expect(try await bench.walk(RunFilter(created: window), by: 10).count == count, "\(window)")
                #expect(try await bench.walk(RunFilter(ended: window), by: 10).count == count, "\(window)")
                #expect(try await bench.walk(RunFilter(created: window, ended: window), by: 10).count == count, "\(window)")
            }
        },
        Rule("A run that has not ended is in no window on its end, not even an open one") { bench in
            try await bench.start()
            #expect(try await bench.walk(RunFilter(ended: TimeWindow()), by: 10).isEmpty)
            #expect(try await bench.walk(RunFilter(created: TimeWindow(), ended: TimeWindow()), by: 10).isEmpty)
            #expect(try await bench.walk(RunFilter(created: TimeWindow()), by: 10).count == 1)
        },
        Rule("Task states, unknown types and unknown tenants list nothing") { bench in
            try await bench.start()
            let nothing = RunPage(runs: [], total: .exactly(0))
            for filter in [RunFilter(state: .skipped), RunFilter(states: []), RunFilter(type: "no such type")] {
                let query = RunQuery(tenant: StoreBench.acme, filter: filter, withTotal: true)
                #expect(try await bench.store.runs(matching: query) == nothing)
            }
            #expect(try await bench.store.runs(matching: RunQuery(tenant: StoreBench.globex, withTotal: true)) == nothing)
        },
        Rule("A list of running runs includes started, in progress and running with failures") { bench in
            let history = RunHistory(80, random: bench.random)
            _ = try await bench.store.importRuns(history.imported, into: history.tenant)
            let filter = RunFilter(state: .running)
            let listed = try await bench.walk(filter, by: 7)
            #expect(listed == history.list(filter))
            #expect(Set(listed.map(\.state)) == [.started, .inProgress, .runningWithFailures])
            #expect(try await bench.total(filter) == listed.count)
        },
        Rule("Types are compared exactly") { bench in
            let types = ["a.b", "A.b", "a.b ", "", "a.b/%", "é", "a\0b"]
            for type in types { try await bench.start(configuration: "cg-\(type)", type: type) }
            for type in types {
                #expect(try await bench.walk(RunFilter(type: type), by: 10).map(\.type) == [type])
            }
        },
        Rule("Every filter lists runs of its tenant only") { bench in
            let mine = RunHistory(60, random: bench.random)
            var theirs = RunHistory(60, of: StoreBench.globex, random: bench.random)
            // The same ids, so that only the tenant distinguishes the runs.
            for index in theirs.runs.indices { theirs.runs[index].id = mine.runs[index].id }
            _ = try await bench.store.importRuns(mine.imported, into: mine.tenant)
            _ = try await bench.store.importRuns(theirs.imported, into: theirs.tenant)
            for filter in mine.filters(bench.random) {
                #expect(try await bench.walk(filter, by: 9) == mine.list(filter), "\(filter)")
                #expect(try await bench.walk(filter, of: theirs.tenant, by: 9) == theirs.list(filter), "\(filter)")
            }
        },
        Rule("Paging shows every run exactly once while others are added and changed") { bench in
            let history = RunHistory(120, random: bench.random)
            _ = try await bench.store.importRuns(history.imported, into: history.tenant)
            let live = try await bench.start(at: StoreBench.start)
            var expected = Set(history.runs.map(\.id))
            expected.insert(live)
            var count = 0
            let walked = try await bench.walk(by: 10) {
                count += 1
                // A newer run, one as old as those being listed, and an active one.
                try await bench.start(at: StoreBench.after(Double(count)))
                let later = RunHistory(3, random: bench.random)
                _ = try await bench.store.importRuns(later.imported, into: later.tenant)
                if count == 3 { try await bench.succeed(bench.claimOne(at: StoreBench.after(60)), at: StoreBench.after(60)) }
            }
            #expect(Set(walked.map(\.id)).count == walked.count)
            #expect(expected.isSubset(of: walked.map(\.id)))
        },
        Rule("Paging by state shows an unchanged run exactly once, and a changed run at most once") { bench in
            let history = RunHistory(90, random: bench.random)
            _ = try await bench.store.importRuns(history.imported, into: history.tenant)
            for _ in 0..<12 { try await bench.start() }
            let kept = history.runs.filter { $0.state == .scheduled }.map(\.id)
            let walked = try await bench.walk(RunFilter(state: .scheduled), by: 3) {
                _ = try await bench.claim(1)
            }
            #expect(Set(walked.map(\.id)).count == walked.count)
            #expect(Set(kept).isSubset(of: walked.map(\.id)))
        },
        Rule("A list can be paged back to its beginning") { bench in
            let history = RunHistory(80, random: bench.random)
            _ = try await bench.store.importRuns(history.imported, into: history.tenant)
            for filter in history.filters(bench.random) {
                let expected = history.list(filter)
                for (index, run) in expected.enumerated() where index % 7 == 1 {
                    let query = RunQuery(
                        tenant: history.tenant, filter: filter, limit: 5, before: RunCursor(of: run, by: filter.sortKey))
                    let page = try await bench.store.runs(matching: query)
                    #expect(page.runs == Array(expected[..<index].suffix(5)), "\(filter)")
                    #expect(page.next == page.runs.last.flatMap { RunCursor(of: $0, by: filter.sortKey) })
                    #expect((page.previous == nil) == (index <= 5), "\(filter)")
                }
            }
            var page = try await bench.store.runs(matching: RunQuery(tenant: history.tenant, limit: 30))
            #expect(page.previous == nil)
            let first = page.runs
            page = try await bench.store.runs(matching: RunQuery(tenant: history.tenant, limit: 30, after: page.next))
            #expect(page.previous == RunCursor(of: page.runs[0], by: .created))
            page = try await bench.store.runs(matching: RunQuery(tenant: history.tenant, limit: 30, before: page.previous))
            #expect(page.runs == first)
            #expect(page.previous == nil)
        },
        Rule("A cursor outside the window continues inside it") { bench in
            let history = RunHistory(50, random: bench.random)
            _ = try await bench.store.importRuns(history.imported, into: history.tenant)
            let filter = RunFilter(created: TimeWindow(to: StoreBench.start + .milliseconds(20)))
            let cursor = RunCursor(key: .created, value: StoreBench.after(10).milliseconds, id: RunID(rawValue: "wf"))
            let page = try await bench.store.runs(matching: RunQuery(tenant: history.tenant, filter: filter, after: cursor))
            #expect(page.runs == history.list(filter))
        },
    ]
}
