import Testing
import WorkflowModel

extension StoreContract {
    /// Lists in every order.
    static let sorting: [Rule] = [
        Rule("Lists are sorted by creation, end and runtime in both directions, and paged forwards and backwards") { bench in
            // Few instants and runtimes, so that the ids decide between many equal values.
            let runs = try await bench.importVaried(250)
            let filters = [
                RunFilter(), RunFilter(state: .failed), RunFilter(type: RunHistory.types[1]),
                RunFilter(states: [.canceled, .started]),
                RunFilter(created: TimeWindow(from: StoreBench.start + .milliseconds(10))),
                RunFilter(ended: TimeWindow(to: StoreBench.start + .milliseconds(30))),
                RunFilter(
                    created: TimeWindow(from: StoreBench.start + .milliseconds(3)),
                    ended: TimeWindow(to: StoreBench.start + .milliseconds(40)), state: .succeeded, type: RunHistory.types[0]),
                try .reading([.label: "team:crm"]), try .reading([.notConfiguration: "cg-daily", .runtimeFrom: "4ms"]),
            ]
            for filter in filters {
                for key in RunSortKey.allCases {
                    for direction in RunSort.Direction.allCases {
                        for limit in [13, 1_000] {
                            let sort = RunSort(by: key, direction)
                            let query = RunQuery(
                                tenant: StoreBench.acme, filter: filter, sort: sort, limit: limit, withTotal: limit == 13)
                            let pages = try await bench.expectList(query, of: runs)
                            #expect(pages.flatMap(\.runs) == runs.list(query.listedFilter, sort), "\(query.text)")
                        }
                    }
                }
            }
        },
        Rule("A list by end or runtime leaves out runs that have not ended, and counts none of them") { bench in
            let runs = [
                bench.endedRun("a", at: 0, took: .seconds(9)), bench.endedRun("b", at: 1, took: .seconds(3)),
                bench.endedRun("c", .stopping, at: 2), bench.endedRun("d", .failed, at: 3, took: .seconds(3)),
            ]
            try await bench.importAll(runs)
            func list(_ key: RunSortKey, _ direction: RunSort.Direction, _ filter: RunFilter = RunFilter()) async throws -> String {
                let page = try await bench.store.runs(
                    matching: RunQuery(
                        tenant: StoreBench.acme, filter: filter, sort: RunSort(by: key, direction), withTotal: true))
                #expect(page.total == .exactly(page.runs.count))
                return page.runs.map(\.id.rawValue).joined()
            }
            #expect(try await list(.created, .descending) == "dcba")
            #expect(try await list(.created, .ascending) == "abcd")
            #expect(try await list(.ended, .descending) == "adb")
            #expect(try await list(.ended, .ascending) == "bda")
            // Equal runtimes follow each other by id, in the direction of the list.
            #expect(try await list(.runtime, .descending) == "adb")
            #expect(try await list(.runtime, .ascending) == "bda")
            #expect(try await list(.runtime, .descending, RunFilter(states: [.stopping])) == "")
            #expect(try await list(.ended, .ascending, RunFilter(states: [.stopping, .failed])) == "d")
        },
        Rule("A run joins a list by end or runtime when it ends") { bench in
            let id = try await bench.start(at: StoreBench.start)
            for key in [RunSortKey.ended, .runtime] {
                let query = RunQuery(tenant: StoreBench.acme, sort: RunSort(by: key, .ascending), withTotal: true)
                #expect(try await bench.store.runs(matching: query) == RunPage(runs: [], total: .exactly(0)))
            }
            try await bench.succeed(bench.claimOne(at: StoreBench.after(1)), at: StoreBench.after(61))
            for key in [RunSortKey.ended, .runtime] {
                let query = RunQuery(tenant: StoreBench.acme, sort: RunSort(by: key, .ascending), withTotal: true)
                let page = try await bench.store.runs(matching: query)
                #expect(page.runs.map(\.id) == [id] && page.total == .exactly(1))
                #expect(page.runs.first?.runtime == .seconds(61))
            }
        },
        Rule("A place between, before or behind all runs continues with the runs after it, in every order") { bench in
            let runs = try await bench.importVaried(90)
            for key in RunSortKey.allCases {
                for direction in RunSort.Direction.allCases {
                    for value in [Int64.min, -1, 0, 7, 20, StoreBench.start.milliseconds + 17, .max] {
                        for id in ["", "wf-20231114-5", "\u{10FFFF}"] {
                            let place = RunCursor(key: key, value: value, id: RunID(rawValue: id))
                            var query = RunQuery(tenant: StoreBench.acme, sort: RunSort(by: key, direction), limit: 6, after: place)
                            for _ in 0..<2 {
                                let page = try await bench.store.runs(matching: query)
                                #expect(runs.problem(with: page, for: query) == nil, "\(query.text)")
                                (query.after, query.before) = (nil, place)
                            }
                        }
                    }
                }
            }
        },
        Rule("Paging in every order shows unchanged runs exactly once while others are added, changed and deleted") { bench in
            for key in RunSortKey.allCases {
                for direction in RunSort.Direction.allCases {
                    let tenant = StoreBench.tenant("t-\(key.rawValue)-\(direction.rawValue)")
                    var runs = try await bench.importVaried(150, of: tenant)
                    let expected = runs.list(RunFilter(states: [.failed, .succeeded]), RunSort(by: key, direction))
                    var walked: [RunID] = []
                    var query = RunQuery(
                        tenant: tenant, filter: RunFilter(states: [.failed, .succeeded, .canceled]),
                        sort: RunSort(by: key, direction), limit: 9)
                    while true {
                        let page = try await bench.store.runs(matching: query)
                        #expect(runs.problem(with: page, for: query) == nil, "\(query.text)")
                        walked += page.runs.map(\.id)
                        guard let next = page.next else { break }
                        query.after = next
                        try await bench.change(&runs, of: tenant)
                    }
                    #expect(Set(walked).count == walked.count)
                    #expect(Set(expected.map(\.id).filter { runs[$0] != nil }).isSubset(of: walked))
                }
            }
        },
    ]
}

extension StoreBench {
    /// Adds three runs, stops the newest active one, and deletes the oldest ended one, in the store and in memory.
    fileprivate func change(_ runs: inout RunsInMemory, of tenant: Tenant) async throws {
        let more = VariedHistory(3, of: tenant, random: random)
        try await importAll(more.runs)
        for run in more.runs { runs.put(run) }
        if let going = runs.list(RunFilter(states: [.inProgress]), RunSort(by: .created)).first {
            let stopped = try await store.stopRun(going.id, of: tenant, at: Self.after(1))
            runs.put(try #require(stopped?.run))
        }
        let ended = runs.list(RunFilter(ended: TimeWindow()), RunSort(by: .created, .ascending))
        guard let oldest = ended.first else { return }
        try await deleteEnded(createdBefore: oldest.createdAt + .milliseconds(1))
        for run in ended where run.createdAt == oldest.createdAt { runs.remove(run.id) }
    }
}
