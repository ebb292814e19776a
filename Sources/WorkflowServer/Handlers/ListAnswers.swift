import HTTPTypes
import NIOCore
import Synchronization
import WorkflowAPI
import WorkflowModel

/// An answer to a list.
struct ListAnswer: Sendable {
    let document: TaggedDocument
    /// Headers that tell which part its budget cut short; empty for an answer that is complete.
    let limits: HTTPFields
    /// Whether the same request gets it again while the store is unchanged. Not so when its times move with the clock.
    let isLasting: Bool

    init(_ page: RunPage, document: TaggedDocument, isLasting: Bool) {
        self.document = document
        self.isLasting = isLasting
        var limits = HTTPFields()
        if case .moreThan(let counted)? = page.total { limits[HeaderNames.totalCounted] = String(counted) }
        // A page that is read backwards ends early at its beginning; the API reads forwards only.
        if page.endedEarly, let next = page.next { limits[HeaderNames.searchedTo] = SearchPlace(next).header }
        self.limits = limits
    }
}

/// Answers to lists, for requests that repeat while the store is unchanged, as a client that watches a list sends them.
/// `RunListStore.changeNumber` tells whether the store has changed, so that an answer from here is what the store would answer.
///
/// An answer that its budget cut short is not kept. It stays true, but it depends on how busy the machine was: a repetition that finds
/// the data in memory gets further, and one that got the kept answer never would.
final class ListAnswers: Sendable {
    /// The most answers that are kept. Beyond that all are dropped.
    static let capacity = 256
    /// The largest answer that is kept, in bytes. All answers together take at most 16 MiB.
    static let largest = 64 << 10

    private struct Question: Hashable {
        var tenant: Tenant
        var query: QueryString
    }

    private struct Known {
        /// The change number when the answers were read.
        var changes: UInt64 = 0
        var answers: [Question: ListAnswer] = [:]
    }

    private let known = Mutex(Known())

    /// - Parameter changes: the store's change number before the read; nil when the store has none.
    func answer(
        to query: QueryString, of tenant: Tenant, changes: UInt64?, orRead read: () async throws -> ListAnswer
    ) async throws -> ListAnswer {
        guard let changes else { return try await read() }
        let question = Question(tenant: tenant, query: query)
        if let answer = known.withLock({ $0.changes == changes ? $0.answers[question] : nil }) { return answer }
        let answer = try await read()
        if answer.isLasting, answer.limits.isEmpty, answer.document.body.readableBytes <= Self.largest {
            keep(answer, to: question, readAt: changes)
        }
        return answer
    }

    private func keep(_ answer: ListAnswer, to question: Question, readAt changes: UInt64) {
        known.withLock { known in
            // Another request has read a later state already.
            guard known.changes <= changes else { return }
            if known.changes < changes || known.answers.count >= Self.capacity {
                known.answers.removeAll(keepingCapacity: true)
                known.changes = changes
            }
            known.answers[question] = answer
        }
    }
}
