import WorkflowModel

/// Loads a file of history, batch by batch: while one is written, the next is read.
///
/// A batch goes in whole or not at all, and none goes in that comes after a bad one.
struct Importer {
    let administration: any StoreAdministration
    let tenant: Tenant
    /// Lines in a batch.
    let batchSize: Int
    var cores = Cores.count

    /// - Parameter progress: told of every batch that is in.
    func load(_ file: LineFile, progress: (ImportTotals) -> Void) async throws -> ImportTotals {
        var totals = ImportTotals()
        var reading = read(file)
        do {
            try await withThrowingTaskGroup(of: (ImportOutcome, Int).self) { group in
                var underWay = 0
                do {
                    while let lines = try await reading.value {
                        reading = read(file)
                        let batch = try await lines.read(for: tenant, cores: cores).get()
                        if underWay == ImportLimits.batchesUnderWay, let (outcome, offset) = try await group.next() {
                            underWay -= 1
                            totals.add(outcome, upTo: offset)
                            progress(totals)
                        }
                        underWay += 1
                        group.addTask { (try await administration.importBatch(batch, into: tenant), lines.fileOffset) }
                    }
                } catch {
                    // What is on its way is fine, and is to be counted.
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

struct ImportTotals: Hashable, Sendable {
    var added = 0
    var alreadyThere = 0
    /// Bytes of the file that are in the store.
    var bytes = 0

    var runs: Int { added + alreadyThere }

    mutating func add(_ outcome: ImportOutcome, upTo offset: Int) {
        added += outcome.added
        alreadyThere += outcome.alreadyThere
        bytes = max(bytes, offset)
    }
}

/// An import that did not reach its end, and how far it came.
struct ImportFailure: Error {
    var cause: any Error
    var totals: ImportTotals
}
