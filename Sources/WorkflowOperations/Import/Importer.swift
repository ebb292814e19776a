package import WorkflowModel

/// Imports a file of history, batch by batch. The next batch is read while the current one is written.
///
/// A batch is imported completely or not at all, and no batch after a bad one is imported.
package struct Importer {
    private let administration: any StoreAdministration
    private let tenant: Tenant
    private let batchSize: Int
    private let cores: Int

    /// - Parameters:
    ///   - batchSize: lines of a batch; nil for as many as the use of the store allows.
    ///   - cores: how many threads parse a batch.
    package init(administration: any StoreAdministration, tenant: Tenant, batchSize: Int? = nil, cores: Int) {
        self.administration = administration
        self.tenant = tenant
        self.batchSize = batchSize ?? (administration.isShared ? ImportLimits.standardBatch : ImportLimits.largeBatch)
        self.cores = cores
    }

    /// - Parameter progress: called after every batch.
    package func load(_ file: LineFile, progress: (ImportTotals) -> Void) async throws -> ImportTotals {
        var totals = ImportTotals()
        var reading = read(file)
        do {
            try await withThrowingTaskGroup(of: (ImportOutcome, Int).self) { group in
                var inProgress = 0
                do {
                    while let lines = try await reading.value {
                        reading = read(file)
                        let batch = try await lines.read(for: tenant, cores: cores).get()
                        if inProgress == ImportLimits.concurrentBatches, let (outcome, offset) = try await group.next() {
                            inProgress -= 1
                            totals.add(outcome, upTo: offset)
                            progress(totals)
                        }
                        totals.corrected.add(batch.corrected)
                        inProgress += 1
                        group.addTask { (try await administration.importBatch(batch, into: tenant), lines.fileOffset) }
                    }
                } catch {
                    // Batches that are being written are valid, and count.
                    for try await (outcome, offset) in group { totals.add(outcome, upTo: offset) }
                    throw error
                }
                for try await (outcome, offset) in group {
                    totals.add(outcome, upTo: offset)
                    progress(totals)
                }
            }
        } catch {
            throw ImportFailure(cause: error, totals: totals)
        }
        return totals
    }

    private func read(_ file: LineFile) -> Task<LineBatch?, any Error> {
        let batchSize = batchSize
        return Task { try await OwnThread.run { try file.nextBatch(lines: batchSize) } }
    }
}

package struct ImportTotals: Hashable, Sendable {
    package var added = 0
    package var alreadyThere = 0
    /// Bytes of the file that are in the store.
    package var bytes = 0
    package var corrected = CorrectedEnds()

    package init(added: Int = 0, alreadyThere: Int = 0, bytes: Int = 0) {
        self.added = added
        self.alreadyThere = alreadyThere
        self.bytes = bytes
    }

    package var runs: Int { added + alreadyThere }

    mutating func add(_ outcome: ImportOutcome, upTo offset: Int) {
        added += outcome.added
        alreadyThere += outcome.alreadyThere
        bytes = max(bytes, offset)
    }
}

/// An import that failed, and its progress until then.
package struct ImportFailure: Error {
    package var cause: any Error
    package var totals: ImportTotals
}
