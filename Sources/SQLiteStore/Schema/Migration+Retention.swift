extension Migration {
    /// Finds the idempotency keys of a run that is deleted.
    static let retention = Migration(number: 4, sql: "CREATE INDEX start_keys_run ON start_keys (run);")
}
