import Synchronization
import WorkflowModel
import WorkflowPages

/// The regions that a client of a live page has.
final class SeenRegions: Sendable {
    private struct State {
        var tag: ExactText?
        /// The versions that the client has. A region that is not among them is sent again.
        var versions: [ExactText: UInt64]
    }

    private let looks: RecentLooks
    private let state: Mutex<State>

    init(_ tag: String?, among looks: RecentLooks) {
        self.looks = looks
        let tag = tag.map { ExactText($0) }
        state = Mutex(State(tag: tag, versions: tag.flatMap(looks.versions) ?? [:]))
    }

    /// The regions that differ from the client's.
    func step(to look: LiveLook) -> StreamStep {
        state.withLock { state in
            let tag = ExactText(look.tag)
            guard tag != state.tag else { return StreamStep(events: [], isOver: look.isFinal) }
            let changed = look.regions.filter { look.versions[ExactText($0.id)] != state.versions[ExactText($0.id)] }
            state.tag = tag
            state.versions = look.versions
            looks.remember(look)
            // Lists first: they create the elements that regions fill.
            let events = (changed.filter { $0.kind == .list } + changed.filter { $0.kind == .region }).map { region in
                ServerEvent(name: region.kind.rawValue, data: "\(region.id)\n\(region.content)")
            }
            return StreamStep(events: events + [ServerEvent(name: "seen", data: "", id: look.tag)], isOver: look.isFinal)
        }
    }
}
