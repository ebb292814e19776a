import PostgresTestKit
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import PostgresStore

@Suite struct QueryPlanTests {
    /// Every combination of the filters, on the first page, on a later one and on the way back.
    static let queries: [RunQuery] = (0..<16).flatMap { combination -> [RunQuery] in
        [TimeWindow(from: StoreBench.start, to: StoreBench.after(9)), TimeWindow(from: StoreBench.start), TimeWindow()].flatMap {
            window -> [RunQuery] in
            let filter = RunFilter(
                created: combination & 1 != 0 ? window : nil, ended: combination & 2 != 0 ? window : nil,
                state: combination & 4 != 0 ? .failed : nil, type: combination & 8 != 0 ? "a.b" : nil)
            let cursor = RunCursor(order: filter.order, time: StoreBench.after(3), id: RunID(rawValue: "wf-5"))
            return [
                RunQuery(tenant: StoreBench.acme, filter: filter), RunQuery(tenant: StoreBench.acme, filter: filter, after: cursor),
                RunQuery(tenant: StoreBench.acme, filter: filter, before: cursor),
            ]
        }
    }

    private static var indexName: Regex<(Substring, Substring)> { #/.* using runs_\d{4}_\d\d(\w+) on .*/# }

    @Test func everyListWalksItsIndexInTheOrderOfTheAnswer() async throws {
        try await TestDatabase.with { database in
            try await database.session { connection in
                for query in Self.queries {
                    let filter = query.filter
                    let statement = RunListStatement(query, tenant: 1, type: filter.type == nil ? nil : 1)
                    let plan = try connection.rows("EXPLAIN " + statement.page, values: statement.pageValues) {
                        try $0.next(String.self)
                    }
                    let columns =
                        (filter.type == nil ? "" : "_type") + (filter.state == nil ? "" : "_state")
                        + (filter.order == .created ? "_created_at_id_idx" : "_ended_at_id_idx")
                    // The primary key is the index of no filter by creation.
                    let index = columns == "_created_at_id_idx" ? "_pkey" : "_tenant" + columns
                    let scans = plan.filter { $0.contains("Scan") }
                    #expect(!scans.isEmpty)
                    for scan in scans {
                        #expect(scan.contains("Index Scan"), "\(plan)")
                        #expect(scan.wholeMatch(of: Self.indexName)?.1.hasSuffix(index) == true, "\(plan)")
                    }
                    #expect(!plan.contains { $0.contains("->  Sort") }, "\(plan)")
                    // By creation, the months come one after the other, and those outside are not even opened.
                    if filter.order == .created { #expect(!plan.contains { $0.contains("Merge Append") }, "\(plan)") }
                    if query.after != nil || filter.created?.to != nil {
                        if filter.order == .created { #expect(scans.count == 1, "\(plan)") }
                    }
                }
            }
        }
    }

    @Test func aPageCostsTheSameWhereverItIs() async throws {
        try await TestDatabase.withStore { store in
            let random = SeededRandom(seed: 5)
            var history = RunHistory(4_000, random: random)
            // Many of one instant: the worst case for a list that would sort by id.
            for index in history.runs.indices where index % 2 == 0 { history.runs[index].createdAt = StoreBench.start }
            _ = try await store.importRuns(history.imported, into: history.tenant)
            for filter in [
                RunFilter(), RunFilter(type: RunHistory.types[0]), RunFilter(state: .failed), RunFilter(ended: TimeWindow()),
            ] {
                let sorted = history.list(filter)
                var costs: [Int] = []
                for place in [0, sorted.count / 2, sorted.count - 60] {
                    let cursor = place == 0 ? nil : RunCursor(of: sorted[place], in: filter.order)
                    costs.append(
                        try await store.buffers(RunQuery(tenant: history.tenant, filter: filter, limit: 50, after: cursor)))
                }
                // In pages of the server: one for each run at most, and the way down to them.
                #expect(costs.allSatisfy { $0 < 51 + 40 }, "\(costs) for \(filter)")
            }
        }
    }
}

extension PostgresStore {
    /// How many of the server's pages a page of a list touches.
    fileprivate func buffers(_ query: RunQuery) async throws -> Int {
        try await read { database in
            let tenant = try #require(try database.number(of: query.tenant))
            let type = try query.filter.type.flatMap { try database.number(ofType: $0, in: tenant) }
            let list = RunListStatement(query, tenant: tenant, type: type)
            let plan = try database.rows(
                "EXPLAIN (ANALYZE, BUFFERS, TIMING off, SUMMARY off) " + list.page, values: list.pageValues
            ) { try $0.next(String.self) }
            let line = try #require(plan.first { $0.contains("Buffers: shared") })
            return line.split(separator: " ").compactMap { word in
                word.hasPrefix("hit=") || word.hasPrefix("read=") ? Int(word.split(separator: "=")[1]) : nil
            }.reduce(0, +)
        }
    }
}
