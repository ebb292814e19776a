import StoreCore
import WorkflowModel

extension PostgresConnection {
    /// Executes a statement that returns no rows.
    /// - Returns: how many rows it inserted, changed or deleted.
    @discardableResult
    func change(_ sql: String, _ values: any SQLValue...) throws -> Int {
        try execute(sql, values).affectedRows
    }

    @discardableResult
    func change(_ sql: String, values: [any SQLValue]) throws -> Int {
        try execute(sql, values).affectedRows
    }

    /// All rows of a statement.
    func rows<Value>(
        _ sql: String, _ values: any SQLValue..., decode: (inout ColumnReader) throws -> Value
    ) throws -> [Value] {
        try rows(sql, values: values, decode: decode)
    }

    func rows<Value>(
        _ sql: String, values: [any SQLValue], decode: (inout ColumnReader) throws -> Value
    ) throws -> [Value] {
        let result = try execute(sql, values)
        return try (0..<result.rowCount).map { row in
            var reader = ColumnReader(result, row: Int32(row))
            return try decode(&reader)
        }
    }

    /// The first row of a statement; nil when it has none.
    func row<Value>(
        _ sql: String, _ values: any SQLValue..., decode: (inout ColumnReader) throws -> Value
    ) throws -> Value? {
        let result = try execute(sql, values)
        guard result.rowCount > 0 else { return nil }
        var reader = ColumnReader(result, row: 0)
        return try decode(&reader)
    }

    /// Runs `body` in a transaction and commits it.
    /// - Throws: ``UncertainCommit`` when the connection broke before the commit was answered; otherwise what the body
    ///   throws.
    func transaction<Value: Sendable>(_ begin: String = "BEGIN", _ body: () throws -> Value) throws -> Value {
        try self.begin(begin)
        let value: Value
        do {
            value = try body()
        } catch {
            rollBack()
            throw error
        }
        do {
            try commit()
        } catch let failure where failure.kind == .lost {
            throw UncertainCommit(value: value, failure: failure)
        }
        return value
    }
}

/// A commit whose answer was lost: it may have happened, with that value, or not.
struct UncertainCommit<Value: Sendable>: Error {
    var value: Value
    var failure: PostgresFailure
}
