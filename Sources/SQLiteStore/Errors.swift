import GRDB
import WorkflowModel

extension StoreError {
    /// Maps an error to what a store method throws.
    ///
    /// An illegal transition is the caller's fault, and a cancelled read its wish: both pass unchanged.
    static func error(for error: any Error) -> any Error {
        switch error {
        case let known as StoreError: known
        case is IllegalTransition, is ResolutionRefusal, is CancellationError: error
        case let failure as DatabaseError:
            Task.isCancelled && failure.resultCode == .SQLITE_INTERRUPT
                ? CancellationError() : storeError(for: failure)
        default: StoreError(.unavailable, "The store failed.", cause: error)
        }
    }

    static func storeError(for failure: DatabaseError) -> StoreError {
        switch failure.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT:
            StoreError(.damaged, "The database file is damaged or not a database: restore it from a backup.", cause: failure)
        case .SQLITE_FULL:
            StoreError(.unavailable, "The disk that holds the database is full.", cause: failure)
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            StoreError(.unavailable, "The database cannot be written: it or its directory is read-only.", cause: failure)
        case .SQLITE_CANTOPEN:
            StoreError(.unavailable, "The database file cannot be opened.", cause: failure)
        case .SQLITE_IOERR:
            StoreError(.unavailable, "Reading or writing the database file failed.", cause: failure)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            StoreError(.unavailable, "The database is busy: another program holds it.", cause: failure)
        case .SQLITE_CONSTRAINT where failure.isDuplicate:
            StoreError(.duplicate, "A record with that id exists already.", cause: failure)
        case .SQLITE_MISUSE:
            StoreError(.unavailable, "The store is closed.", cause: failure)
        default:
            StoreError(.unavailable, "The store failed.", cause: failure)
        }
    }
}

extension DatabaseError {
    var isDuplicate: Bool {
        extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE || extendedResultCode == .SQLITE_CONSTRAINT_PRIMARYKEY
    }
}
