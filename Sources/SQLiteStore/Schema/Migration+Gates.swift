extension Migration {
    /// Conditions of tasks in their runs: a JSON value, `false` once the task was skipped for it, NULL for tasks without one.
    static let gates = Migration(number: 32, sql: "ALTER TABLE tasks ADD COLUMN gate TEXT;")
}
