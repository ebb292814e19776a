extension Migration {
    /// Why a run was stopped; NULL when no reason was given.
    static let stopReasons = Migration(number: 22, sql: "ALTER TABLE runs ADD COLUMN stop_reason TEXT;")
}
