/// The limits of `weir import`.
package enum ImportLimits {
    /// Bytes of a line.
    static let longestLine = 16 << 20
    /// A batch is complete when its lines have this many bytes, whatever the number of lines.
    static let batchBytes = 16 << 20
    /// Lines of a batch.
    package static let batchLines = 1...100_000
    package static let standardBatch = 5_000
    /// Complaints about one batch that are shown.
    static let complaints = 20
    /// Bytes of one read.
    static let chunk = 1 << 20
    /// Batches that are being written at the same time.
    static let concurrentBatches = 2
}
