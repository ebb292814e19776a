/// Why a store could not do what it was asked to.
public struct StoreError: Error, Sendable {
    public enum Code: Hashable, Sendable {
        /// It cannot be reached, is closed, stays busy for too long, or cannot write (disk full, read-only).
        case unavailable
        /// The answer needs something that is being made in the background: ask again in a moment.
        case notReady
        /// Its data is damaged, or it is not a database of this service.
        case damaged
        /// It was written by a newer version of the service.
        case newerThanProgram
        /// Another process owns it.
        case ownedElsewhere
        /// An idempotency key was used for another request.
        case idempotencyMismatch
        /// The run that an idempotency key started has been deleted.
        case runIsDeleted
        /// An object with that id exists already.
        case duplicate
        /// The run that a new one was to continue has been deleted meanwhile.
        case baseIsDeleted
    }

    public var code: Code
    /// One sentence, safe to show to the operator of the service.
    public var message: String
    /// For the log only.
    public var cause: (any Error)?

    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}

// Messages that every store words the same way.
extension StoreError {
    package static func closed() -> StoreError {
        StoreError(.unavailable, "The store is closed.")
    }

    /// - Parameter what: the object with its name or id.
    package static func exists(_ what: String, cause: (any Error)? = nil) -> StoreError {
        StoreError(.duplicate, "\(what) exists already.", cause: cause)
    }

    package static func planWithoutTick() -> StoreError {
        StoreError(.unavailable, "A backfill starts a run for an instant, and this one names none.")
    }

    package static func idempotencyMismatch() -> StoreError {
        StoreError(.idempotencyMismatch, "This idempotency key was used for another request.")
    }

    package static func startedRunIsDeleted() -> StoreError {
        StoreError(
            .runIsDeleted, "The run that this idempotency key started has been deleted. Use another key to start a run.")
    }

    /// - Parameter run: the run with the results that a new run was to keep.
    package static func isGone(_ run: RunID) -> StoreError {
        StoreError(.baseIsDeleted, "The run \(run) has been deleted meanwhile.")
    }

    @usableFromInline
    package static func unreadable(_ what: String) -> StoreError {
        StoreError(.damaged, "The database holds \(what), which no version of this program writes: restore it from a backup.")
    }
}
