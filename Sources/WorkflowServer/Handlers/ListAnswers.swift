import NIOCore
import Synchronization
import WorkflowAPI
import WorkflowModel

/// Answers to lists, for whoever asks the same again while nothing in the store has changed: most who watch a list do, many times
/// a minute. `WorkflowStore.changeNumber` says whether anything has, so that an answer from here is what the store would say.
final class ListAnswers: Sendable {
    /// Answers at most; beyond, all are forgotten.
    static let capacity = 256
    /// The largest answer that is kept, in bytes; so all of them take 16 MiB at most.
    static let largest = 64 << 10

    private struct Question: Hashable {
        var tenant: Tenant
        var query: QueryString
    }

    private struct Known {
        /// The change number that the answers were read at.
        var changes: UInt64 = 0
        var answers: [Question: TaggedDocument] = [:]
    }

    private let known = Mutex(Known())

    /// - Parameter changes: the store's change number as it is now, before anything is read; nil when nothing can be known.
    func answer(
        to query: QueryString, of tenant: Tenant, changes: UInt64?, orRead read: () async throws -> TaggedDocument
    ) async throws -> TaggedDocument {
        guard let changes else { return try await read() }
        let question = Question(tenant: tenant, query: query)
        if let answer = known.withLock({ $0.changes == changes ? $0.answers[question] : nil }) { return answer }
        let answer = try await read()
        if answer.body.readableBytes <= Self.largest { keep(answer, to: question, readAt: changes) }
        return answer
    }

    private func keep(_ answer: TaggedDocument, to question: Question, readAt changes: UInt64) {
        known.withLock { known in
            // Somebody else has seen a later state already.
            guard known.changes <= changes else { return }
            if known.changes < changes || known.answers.count >= Self.capacity {
                known.answers.removeAll(keepingCapacity: true)
                known.changes = changes
            }
            known.answers[question] = answer
        }
    }
}
