/// The limits of `weir import`.
package enum ImportLimits {
    /// Bytes of a line.
    static let longestLine = 16 << 20
    /// A batch is complete when its lines have this many bytes, whatever the number of lines.
    static let batchBytes = 16 << 20
    /// Lines of a batch.
    package static let batchLines = 1...100_000
    /// Lines of a batch in a store that other programs can use meanwhile: their writes wait for it.
    package static let standardBatch = 5_000
    /// Lines of a batch in a store that no other program uses. Runs are written in the order of their batch, and the pages of an
    /// index once for all of its runs. ``batchBytes`` bounds the memory of both.
    package static let largeBatch = 20_000
    /// Complaints about one batch that are shown.
    static let complaints = 20
    /// Bytes of one read.
    static let chunk = 1 << 20
    /// Batches that are being written at the same time.
    static let concurrentBatches = 2
}
