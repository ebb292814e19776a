package import WorkflowModel

/// Copies all records from one store to another, and compares the two.
package struct Mover {
    /// In their order.
    package enum Phase: Sendable {
        case reading, copying, comparing
    }

    private let source: any StoreExport
    private let target: any StoreImport & StoreExport

    package init(source: any StoreExport, target: any StoreImport & StoreExport) {
        self.source = source
        self.target = target
    }

    /// - Parameter progress: called after every page with the phase, the records done, and all records where known.
    package func move(progress: (Phase, _ records: Int, _ all: Int?) -> Void) async throws -> MoveReport {
        let expected = try await contents(of: source) { progress(.reading, $0, nil) }
        let stage = try await target.beginTransfer(of: expected.fingerprint)
        guard stage != .ended else { return MoveReport(source: expected, outcome: .wasThereAlready) }
        var copied = expected.records(before: stage)
        try await copy(from: stage) { records in
            copied += records.recordCount
            progress(.copying, copied, expected.records)
        }
        let found = try await contents(of: target) { progress(.comparing, $0, expected.records) }
        guard found == expected else { return MoveReport(source: expected, outcome: .differs(found)) }
        try await target.endTransfer()
        return MoveReport(source: expected, outcome: .isTheSame)
    }

    private func copy(from stage: TransferStage, copied: (TransferRecords) -> Void) async throws {
        var stage = stage
        var page = try await page(at: stage)
        while let (records, reached) = page {
            // The next page is read while this one is written.
            async let next = self.page(at: reached)
            try await target.add(records, reaching: reached)
            copied(records)
            stage = reached
            page = try await next
        }
        assert(stage == .copied)
    }

    private func page(at stage: TransferStage) async throws -> (records: TransferRecords, reached: TransferStage)? {
        guard case .part(let part, let place) = stage else { return nil }
        let page = try await source.records(of: part, from: place)
        return (page.records, TransferStage(in: part, next: page.next))
    }

    private func contents(of store: any StoreExport, progress: (Int) -> Void) async throws -> StoreContents {
        var contents = StoreContents()
        for part in TransferPart.allCases {
            var place: TransferPlace?
            repeat {
                let page = try await store.records(of: part, from: place)
                contents.add(page.records)
                place = page.next
                progress(contents.records)
            } while place != nil
        }
        return contents
    }
}
