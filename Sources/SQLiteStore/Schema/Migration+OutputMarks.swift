extension Migration {
    /// Times, streams and line numbers of output, in the rows of the output itself, so that they live as long; NULL for output of
    /// earlier versions.
    static let outputMarks = Migration(number: 39, sql: "ALTER TABLE output_chunks ADD COLUMN marks BLOB;")
}
