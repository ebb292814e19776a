import Synchronization
import WorkflowModel
import WorkflowPages

/// Recent versions of live pages by tag, so that a client that reconnects only receives changes.
///
/// A cache: a client with an unknown tag, such as one from another node, receives all regions once.
final class RecentLooks: Sendable {
    static let capacity = 500

    private struct State {
        var versions: [ExactText: [ExactText: UInt64]] = [:]
        /// Tags, oldest first.
        var order: [ExactText] = []
    }

    private let state = Mutex(State())

    func remember(_ look: LiveLook) {
        state.withLock { state in
            let tag = ExactText(look.tag)
            guard state.versions.updateValue(look.versions, forKey: tag) == nil else { return }
            state.order.append(tag)
            guard state.order.count > Self.capacity else { return }
            let oldest = state.order.removeFirst()
            state.versions[oldest] = nil
        }
    }

    /// The version of each region under the tag; nil for an unknown tag.
    func versions(_ tag: ExactText) -> [ExactText: UInt64]? {
        state.withLock { $0.versions[tag] }
    }
}
