extension Migration {
    /// The parameters of runs: a JSON object of their values, NULL for none.
    static let parameters = Migration(number: 29, sql: "ALTER TABLE runs ADD COLUMN parameters TEXT;")
}
