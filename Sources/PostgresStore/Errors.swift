import WorkflowModel

extension StoreError {
    /// Maps an error to what a store method throws.
    ///
    /// An illegal transition is the caller's fault, and a cancelled read its wish: both pass unchanged.
    static func error(for error: any Error) -> any Error {
        switch error {
        case let known as StoreError: known
        case is IllegalTransition, is ResolutionRefusal, is CancellationError: error
        case let failure as PostgresFailure: storeError(for: failure)
        default: StoreError(.unavailable, "The store failed.", cause: error)
        }
    }

    static func storeError(for failure: PostgresFailure) -> StoreError {
        switch failure.kind {
        case .unreachable:
            StoreError(.unavailable, "The database cannot be reached: \(failure.message).", cause: failure)
        case .lost:
            StoreError(.unavailable, "The connection to the database was lost: \(failure.message).", cause: failure)
        case .refused(let state): storeError(for: failure, state)
        }
    }

    private static func storeError(for failure: PostgresFailure, _ state: SQLState) -> StoreError {
        switch state {
        case .uniqueViolation:
            StoreError(.duplicate, "A record with that id exists already.", cause: failure)
        case .queryCanceled:
            StoreError(.unavailable, "The database took too long to answer.", cause: failure)
        case .lockNotAvailable, .deadlock, .serializationFailure:
            StoreError(.unavailable, "The database is busy: other transactions hold the locks.", cause: failure)
        case .diskFull:
            StoreError(.unavailable, "The disk that holds the database is full.", cause: failure)
        case .tooManyConnections:
            StoreError(.unavailable, "The database accepts no more connections.", cause: failure)
        case .insufficientPrivilege:
            StoreError(.unavailable, "The database user lacks a permission: \(failure.message).", cause: failure)
        case _ where state.isShutdown:
            StoreError(.unavailable, "The database is shutting down or starting up.", cause: failure)
        case _ where state.isCorruption:
            StoreError(.damaged, "The database is damaged: restore it from a backup.", cause: failure)
        default:
            StoreError(.unavailable, "The store failed.", cause: failure)
        }
    }
}
