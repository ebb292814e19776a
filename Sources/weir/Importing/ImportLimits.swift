/// What `weir import` keeps to.
enum ImportLimits {
    /// Bytes of a line.
    static let longestLine = 16 << 20
    /// A batch is closed when its lines have so many bytes, whatever its number of lines.
    static let batchBytes = 16 << 20
    /// Lines of a batch.
    static let batchLines = 1...100_000
    static let standardBatch = 5_000
    /// Complaints about one batch that are shown.
    static let complaints = 20
    /// Bytes that are read at once.
    static let chunk = 1 << 20
    /// Batches that are on their way into the store at once.
    static let batchesUnderWay = 2
}
