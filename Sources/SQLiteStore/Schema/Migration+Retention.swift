extension Migration {
    /// An index that finds the idempotency keys of a deleted run.
    static let retention = Migration(number: 4, sql: "CREATE INDEX start_keys_run ON start_keys (run);")
}
