extension Migration {
    /// The parameters of runs: a JSON object of their values, NULL for none.
    static let parameters = Migration(number: 26, sql: "ALTER TABLE runs ADD COLUMN parameters text COLLATE \"C\";")
}
