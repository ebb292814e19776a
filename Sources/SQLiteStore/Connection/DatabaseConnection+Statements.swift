import GRDB
import GRDBSQLite
import StoreCore
import WorkflowModel

/// A connection to the database file inside a transaction, as the methods of the store use it.
struct DatabaseConnection {
    let database: Database
    /// The author of the changes of this transaction, for the audit log; nil for the service itself.
    let actor: AuditActor?
    /// The events of this transaction; nil where none can be written.
    let events: AuditBatch?

    init(_ database: Database, actor: AuditActor? = nil, events: AuditBatch? = nil) {
        self.database = database
        self.actor = actor
        self.events = events
    }
}

extension DatabaseConnection {
    /// Executes a statement that returns no rows. Each statement is prepared once per connection.
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

    /// The number of the row that was inserted last.
    var lastRow: Int { Int(database.lastInsertedRowID) }

    /// The prepared statement of that text, for callers that execute it many times in a row.
    func prepared(_ sql: String) throws -> PreparedStatement {
        PreparedStatement(try database.cachedStatement(sql: sql))
    }

    /// A statement that is not kept, for texts that depend on the request: there would be too many to keep.
    func prepared(once sql: String) throws -> PreparedStatement {
        PreparedStatement(try database.makeStatement(sql: sql))
    }
}

/// A statement that is executed through SQLite's own calls, and never leaves a cursor open.
///
/// Values are passed as a parameter pack, so that each is bound with its own type and without an array. They are passed as a
/// list where their number depends on the request.
struct PreparedStatement {
    /// Keeps ``statement`` valid.
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

    /// The rows up to and including the first one for which `continues` returns false.
    func rows<Row>(
        list: [any SQLValue], whileTrue continues: (Row) -> Bool, decode: (inout ColumnReader) throws -> Row
    ) throws -> [Row] {
        defer { reset() }
        try bind(list)
        var rows: [Row] = []
        try run { columns in
            let row = try decode(&columns)
            rows.append(row)
            return continues(row)
        }
        return rows
    }

    /// Steps through the rows until `body` returns false.
    func forEachRow(list: [any SQLValue], while body: (inout ColumnReader) throws -> Bool) throws {
        defer { reset() }
        try bind(list)
        try run(while: body)
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

    /// Steps through the rows until `body` returns false.
    private func run(while body: (inout ColumnReader) throws -> Bool) throws {
        while true {
            let code = sqlite3_step(statement)
            guard code != SQLITE_DONE else { break }
            guard code == SQLITE_ROW else { throw failure(code) }
            var reader = ColumnReader(statement)
            guard try body(&reader) else { break }
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
        let code = value.parameter.bind(to: statement, at: index)
        guard code == SQLITE_OK else { throw failure(code) }
    }

    private func assertAllAreBound(_ count: Int32) {
        assert(count == sqlite3_bind_parameter_count(statement), "wrong number of values for \(owner.sql)")
    }

    /// The result code repeats that of the failed step, which was thrown already.
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
