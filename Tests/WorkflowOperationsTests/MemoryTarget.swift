import Synchronization
import WorkflowModel

/// A store in memory that supports only import and export.
final class MemoryTarget: StoreImport, StoreExport {
    private struct State {
        var source: [UInt8]?
        var stage = TransferStage.part(.first, from: nil)
        var pages: [TransferPart: [TransferRecords]] = [:]
        var answersLeft: Int?
    }

    private let state = Mutex(State())
    private let change: @Sendable (TransferRecords) -> TransferRecords

    /// - Parameter change: applied to imported records.
    init(_ change: @escaping @Sendable (TransferRecords) -> TransferRecords = { $0 }) {
        self.change = change
    }

    /// This many pages are answered. The next one is written, but its answer is lost.
    func losesAnswer(after pages: Int) {
        state.withLock { $0.answersLeft = pages }
    }

    func beginTransfer(of source: [UInt8]) async throws -> TransferStage {
        try state.withLock { state in
            if let known = state.source, known != source { throw StoreError(.duplicate, "There is something else.") }
            state.source = source
            return state.stage
        }
    }

    func add(_ records: TransferRecords, reaching stage: TransferStage) async throws {
        try state.withLock { state in
            guard case .part(let part, _) = state.stage else { throw StoreError(.damaged, "The transfer has ended.") }
            state.pages[part, default: []].append(change(records))
            state.stage = stage
            guard let left = state.answersLeft else { return }
            state.answersLeft = left - 1
            if left == 0 { throw StoreError(.unavailable, "The answer was lost.") }
        }
    }

    func endTransfer() async throws {
        state.withLock { $0.stage = .ended }
    }

    func records(of part: TransferPart, from place: TransferPlace?) async throws -> TransferPage {
        state.withLock { state in
            let pages = state.pages[part] ?? []
            let index = place.flatMap { Int($0.text) } ?? 0
            guard pages.indices.contains(index) else { return TransferPage(records: .secrets([]), next: nil) }
            let next = pages.indices.contains(index + 1) ? TransferPlace(text: "\(index + 1)") : nil
            return TransferPage(records: pages[index], next: next)
        }
    }
}
