import GRDB
import SQLiteTestKit
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

extension SQLiteStore {
    /// The lines of a statement's plan.
    func plan(_ sql: String, lookingAtReferences: Bool = true) async throws -> [String] {
        try await pool.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA foreign_keys = \(lookingAtReferences ? "ON" : "OFF")")
            // GRDB's call accepts unbound parameters.
            let statement = try database.makeStatement(sql: "EXPLAIN QUERY PLAN " + sql)
            statement.setUncheckedArguments(StatementArguments())
            return try Row.fetchAll(statement).map { $0["detail"] }
        }
    }

    /// The statement of a page that a list answers without a search.
    func list(_ query: RunQuery) async throws -> String {
        try await read { database in
            let walks = try database.walks(query)
            #expect(walks.readOnlyMatches)
            return RunListStatement(walks, limit: query.limit + 1).text
        }
    }

    /// The statement of a page that a list answers by a search.
    func search(_ query: RunQuery) async throws -> String {
        try await read { database in
            let walks = try database.walks(query)
            #expect(!walks.readOnlyMatches)
            return SearchStatement(walks, nil, "r.number").text
        }
    }

    /// As right after an upgrade: lists cannot use what is filed.
    func forgetFiling() async throws {
        _ = try await write { try $0.change("INSERT INTO older_runs (next, last) VALUES (1, 1)") }
    }

    /// Imports a run of each type in each state.
    func add(types: [String], in states: [RunState] = [.failed]) async throws {
        let kinds = types.flatMap { type in states.map { (type: type, state: $0) } }
        let runs = kinds.enumerated().map { index, kind in
            WorkflowRun(
                id: RunID(rawValue: "wf-\(index)"), tenant: StoreBench.acme, name: "Old", type: kind.type, state: kind.state,
                createdAt: StoreBench.start, endedAt: StoreBench.start, principal: StoreBench.someone)
        }
        _ = try await importRuns(runs.map { ImportedRun(run: $0) }, into: StoreBench.acme)
    }
}

extension DatabaseConnection {
    func walks(_ query: RunQuery) throws -> RunWalks {
        let tenant = try #require(try number(of: query.tenant))
        let filter = try #require(try NumberedFilter(query.filter, in: query.sort.key, tenant: tenant, database: self))
        return try RunWalks(filter, reading: RunReading(query), in: self)
    }
}

/// Runs `body` with a store that has a run of the type `a.b`.
func withStoreOfOneType(in states: [RunState] = [.failed], _ body: (SQLiteStore) async throws -> Void) async throws {
    try await withEmbeddedStore { store in
        try await store.add(types: ["a.b"], in: states)
        try await body(store)
    }
}

/// Expects a plan that merges walks of an index row by row: no walk is completed or sorted before the first row is returned.
func expectMerge(_ plan: [String], of walks: Int, _ index: String, sourceLocation: SourceLocation = #_sourceLocation) {
    expectMerge(
        plan, ["SEARCH r USING INDEX \(index) (tenant=?": walks], sourceLocation: sourceLocation)
}

/// - Parameters:
///   - walks: the number of walks, by the beginnings of their lines.
///   - others: further lines of the walks.
func expectMerge(
    _ plan: [String], _ walks: [String: Int], others: [String] = [], sourceLocation: SourceLocation = #_sourceLocation
) {
    var rest = plan.filter { !["MERGE (UNION ALL)", "LEFT", "RIGHT"].contains($0) && !others.contains($0) }
    for (line, count) in walks {
        #expect(rest.filter { $0.hasPrefix(line) }.count == count, "\(plan)", sourceLocation: sourceLocation)
        rest.removeAll { $0.hasPrefix(line) }
    }
    #expect(rest.isEmpty, "\(rest)", sourceLocation: sourceLocation)
    let merges = plan.filter { $0 == "MERGE (UNION ALL)" }.count
    #expect(merges == walks.values.reduce(0, +) - 1, "\(plan)", sourceLocation: sourceLocation)
}
