import StoreCore
import Testing
import WorkflowModel

@testable import PostgresStore

/// The lines of a statement's plan.
struct QueryPlan: CustomStringConvertible {
    var lines: [String]

    init(_ lines: [String]) {
        self.lines = lines
    }

    var description: String { lines.joined(separator: "\n") }

    func contains(_ text: String) -> Bool { lines.contains { $0.contains(text) } }

    /// The scans of tables.
    var scans: [String] { lines.filter { $0.contains("Scan") && !$0.contains("Subquery Scan") && !$0.contains("CTE Scan") } }

    /// Expects that the runs of every month are read by these indexes alone, in their order.
    /// - Parameter indexes: the names behind that of the month.
    func expectWalks(of indexes: Set<String>, sourceLocation: SourceLocation = #_sourceLocation) {
        var walked: Set<String> = []
        for scan in scans {
            let name = scan.wholeMatch(of: #/.* using runs_\d{4}_\d\d(\w+) on .*/#)?.1
            let index = indexes.first { name?.hasSuffix($0) == true }
            #expect(scan.contains("Index Scan") && index != nil, "\(self)", sourceLocation: sourceLocation)
            if let index { walked.insert(index) }
        }
        #expect(walked == indexes, "\(self)", sourceLocation: sourceLocation)
        #expect(!contains("->  Sort"), "\(self)", sourceLocation: sourceLocation)
    }
}

extension PostgresConnection {
    /// The plan that a session makes once for all values of a statement.
    func reusedPlan(_ sql: String, _ values: [any SQLValue]) throws -> QueryPlan {
        let types = try values.map { value in
            try rows("SELECT format_type($1, NULL)", Int(SQLType(of: value).rawValue)) { try $0.next(String.self) }[0]
        }
        try control("SET plan_cache_mode = force_generic_plan")
        defer { _ = try? control("SET plan_cache_mode = force_custom_plan; DEALLOCATE reused") }
        func list(_ words: [String]) -> String { words.isEmpty ? "" : " (\(words.joined(separator: ", ")))" }
        try control("PREPARE reused\(list(types)) AS \(sql)")
        let result = try control("EXPLAIN EXECUTE reused\(list(values.map { $0.parameter.literal }))")
        return QueryPlan(
            try (0..<result.rowCount).map { row in
                var reader = ColumnReader(result, row: Int32(row))
                return try reader.next(String.self)
            })
    }
}

extension SQLParameter {
    fileprivate var literal: String {
        switch self {
        case .integer(let number): "\(number)"
        case .flag(let flag): "\(flag)"
        case .text(let text): "'\(text.replacing("'", with: "''"))'"
        // An array. Plans for all values do not depend on it.
        case .null, .bytes: "NULL"
        }
    }
}
