import Synchronization
import WorkflowModel
import WorkflowPages

/// A run whose page is open. It is read again only after something in the store has changed.
final class FollowedRun: Sendable {
    private let service: PageService
    private let id: RunID
    private let tenant: Tenant
    private let last = Mutex<(shown: ShownRun, changeNumber: UInt64)?>(nil)

    init(_ id: RunID, of tenant: Tenant, by service: PageService) {
        self.service = service
        self.id = id
        self.tenant = tenant
    }

    /// The run as it is now.
    func shown() async throws -> ShownRun {
        // Read before the run: a change in between makes the next reading differ.
        let number = service.stores.lists.changeNumber
        if let known = last.withLock({ $0 }), known.changeNumber == number {
            var shown = known.shown
            shown.now = service.now
            return shown
        }
        let shown = try await service.shownRun(id, of: tenant)
        last.withLock { $0 = number.map { (shown, $0) } }
        return shown
    }
}
