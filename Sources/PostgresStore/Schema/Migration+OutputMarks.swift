extension Migration {
    /// Times, streams and line numbers of output, in the rows of the output itself, so that they live as long; NULL for output of
    /// earlier versions, and of nodes that still run one.
    static let outputMarks = Migration(number: 35, sql: "ALTER TABLE output_chunks ADD COLUMN marks bytea;")
}
