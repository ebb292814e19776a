import GRDB
import GRDBSQLite
import WorkflowModel

/// Reads the columns of a row from left to right, in the order in which the statement names them.
struct ColumnReader {
    private let statement: OpaquePointer
    private var column: Int32 = 0

    init(_ statement: OpaquePointer) {
        self.statement = statement
    }

    mutating func next<Value: SQLValue>(_ type: Value.Type = Value.self) throws -> Value {
        defer { column += 1 }
        return try Value(statement, column: column)
    }

    /// The four columns of an error: attribution, type, message, data.
    mutating func nextError() throws -> RunError? {
        let attribution = try next(Attribution?.self)
        let type = try next(String?.self)
        let message = try next(String?.self)
        let data = try next(JSONText?.self)
        guard let attribution, let type, let message else { return nil }
        return RunError(attribution: attribution, type: type, message: message, data: data)
    }
}

extension Database {
    /// Executes a statement that returns no rows. Statements are prepared once per connection.
    /// - Returns: how many rows it inserted, changed or deleted.
    @discardableResult
    func change<each Value: SQLValue>(_ sql: String, _ values: repeat each Value) throws -> Int {
        try prepared(sql).execute(repeat each values)
    }

    /// All rows of a statement.
    func rows<each Value: SQLValue, Row>(
        _ sql: String, _ values: repeat each Value, decode: (inout ColumnReader) throws -> Row
    ) throws -> [Row] {
        try prepared(sql).rows(repeat each values, decode: decode)
    }

    /// The first row of a statement; nil when it has none.
    func row<each Value: SQLValue, Row>(
        _ sql: String, _ values: repeat each Value, decode: (inout ColumnReader) throws -> Row
    ) throws -> Row? {
        try prepared(sql).rows(repeat each values, atMost: 1, decode: decode).first
    }

    /// The statement of that text, ready for values: for whoever executes it many times in a row.
    func prepared(_ sql: String) throws -> PreparedStatement {
        PreparedStatement(try cachedStatement(sql: sql))
    }
}

/// A statement that is used through SQLite's own calls. Never leaves a cursor open behind it.
///
/// Values are given one by one, each of its own type, so that they are bound without a list in between; or as a list, where how
/// many they are depends on what is asked for.
struct PreparedStatement {
    /// Owns the pointer.
    private let owner: Statement
    private let statement: OpaquePointer

    fileprivate init(_ owner: Statement) {
        self.owner = owner
        statement = owner.sqliteStatement
    }

    /// - Returns: how many rows it inserted, changed or deleted.
    @discardableResult
    func execute<each Value: SQLValue>(_ values: repeat each Value) throws -> Int {
        defer { reset() }
        var index: Int32 = 0
        for value in repeat each values { try bind(value, to: &index) }
        assertAllAreBound(index)
        return try run()
    }

    @discardableResult
    func execute(list: [any SQLValue]) throws -> Int {
        defer { reset() }
        try bind(list)
        return try run()
    }

    func rows<each Value: SQLValue, Row>(
        _ values: repeat each Value, atMost limit: Int = .max, decode: (inout ColumnReader) throws -> Row
    ) throws -> [Row] {
        defer { reset() }
        var index: Int32 = 0
        for value in repeat each values { try bind(value, to: &index) }
        assertAllAreBound(index)
        var rows: [Row] = []
        try run(atMost: limit) { rows.append(try decode(&$0)) }
        return rows
    }

    func rows<Row>(list: [any SQLValue], decode: (inout ColumnReader) throws -> Row) throws -> [Row] {
        var rows: [Row] = []
        try forEachRow(list: list) { rows.append(try decode(&$0)) }
        return rows
    }

    func forEachRow(list: [any SQLValue] = [], _ body: (inout ColumnReader) throws -> Void) throws {
        defer { reset() }
        try bind(list)
        try run(atMost: .max, body)
    }

    private func run() throws -> Int {
        var code = sqlite3_step(statement)
        while code == SQLITE_ROW { code = sqlite3_step(statement) }
        guard code == SQLITE_DONE else { throw failure(code) }
        return Int(sqlite3_changes(sqlite3_db_handle(statement)))
    }

    private func run(atMost limit: Int, _ body: (inout ColumnReader) throws -> Void) throws {
        var count = 0
        while count < limit {
            let code = sqlite3_step(statement)
            guard code != SQLITE_DONE else { break }
            guard code == SQLITE_ROW else { throw failure(code) }
            var reader = ColumnReader(statement)
            try body(&reader)
            count += 1
        }
    }

    private func bind(_ list: [any SQLValue]) throws {
        var index: Int32 = 0
        for value in list { try bind(value, to: &index) }
        assertAllAreBound(index)
    }

    /// Binds the next value.
    private func bind(_ value: some SQLValue, to index: inout Int32) throws {
        index += 1
        let code = value.bind(to: statement, at: index)
        guard code == SQLITE_OK else { throw failure(code) }
    }

    private func assertAllAreBound(_ count: Int32) {
        assert(count == sqlite3_bind_parameter_count(statement), "wrong number of values for \(owner.sql)")
    }

    /// What a failed step returned is known already.
    private func reset() {
        _ = sqlite3_reset(statement)
        _ = sqlite3_clear_bindings(statement)
    }

    private func failure(_ code: Int32) -> DatabaseError {
        let connection = sqlite3_db_handle(statement)
        let message = sqlite3_errmsg(connection).map { String(cString: $0) }
        return DatabaseError(resultCode: ResultCode(rawValue: code), message: message, sql: owner.sql)
    }
}
