import CLibPQ
import StoreCore

/// The answer to one statement. Frees its memory when released.
final class QueryResult {
    private let result: OpaquePointer

    init(_ result: OpaquePointer) {
        self.result = result
    }

    deinit {
        PQclear(result)
    }

    var status: ExecStatusType { PQresultStatus(result) }

    var isFailure: Bool {
        switch status {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: false
        default: true
        }
    }

    var rowCount: Int { Int(PQntuples(result)) }

    /// The number of rows that the statement inserted, changed, deleted or returned.
    var affectedRows: Int {
        PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
    }

    var failure: PostgresFailure {
        let state = field(.sqlState) ?? ""
        let message = field(.primaryMessage) ?? PostgresFailure.text(PQresultErrorMessage(result))
        let constraint = field(.constraintName)
        return PostgresFailure(.refused(SQLState(rawValue: state)), constraint: constraint, message: message)
    }

    func isNull(row: Int32, column: Int32) -> Bool {
        PQgetisnull(result, row, column) != 0
    }

    /// The bytes of a value, valid for as long as this object lives; nil for NULL.
    func bytes(row: Int32, column: Int32) -> UnsafeRawBufferPointer? {
        guard !isNull(row: row, column: column), let start = PQgetvalue(result, row, column) else { return nil }
        return UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column)))
    }

    private func field(_ field: Diagnosis) -> String? {
        PQresultErrorField(result, field.code).map { String(cString: $0) }
    }
}

/// Fields of an error. In libpq's header they are character macros, which Swift does not import.
private enum Diagnosis: Character {
    case sqlState = "C"
    case primaryMessage = "M"
    case constraintName = "n"

    var code: Int32 { Int32(rawValue.asciiValue ?? 0) }
}
