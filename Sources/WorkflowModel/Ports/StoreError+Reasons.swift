// What every store says in the same words.
extension StoreError {
    package static func closed() -> StoreError {
        StoreError(.unavailable, "The store is closed.")
    }

    package static func planWithoutTick() -> StoreError {
        StoreError(.unavailable, "A backfill starts a run for an instant, and this one names none.")
    }

    /// A run that something was to be kept of.
    package static func isGone(_ run: RunID) -> StoreError {
        StoreError(.unavailable, "The run \(run), whose results were to be kept, has been removed.")
    }

    package static func unreadable(_ what: String) -> StoreError {
        StoreError(.damaged, "The database holds \(what), which no version of this program writes: restore it from a backup.")
    }
}
