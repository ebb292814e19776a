import HTTPTypes
import Synchronization
import WorkflowAPI
import WorkflowModel

/// Limits the exports of a tenant that are served at the same time: each reads the store without a pause.
final class ExportSlots: Sendable {
    /// Seconds after which to try again.
    private static let retry = 5

    private let taken = Mutex<[Tenant: Int]>([:])

    /// - Returns: the slot, which is taken until it is released, or until nothing refers to it.
    /// - Throws: ``APIError`` (429)
    func take(for tenant: Tenant) throws(APIError) -> Slot {
        let isFree = taken.withLock { taken in
            guard taken[tenant, default: 0] < Limits.concurrentExports else { return false }
            taken[tenant, default: 0] += 1
            return true
        }
        guard isFree else {
            throw APIError(
                .rateLimited,
                "The tenant has \(Limits.concurrentExports) exports at the moment, the most at the same time. Try again when one has "
                    + "ended.",
                headers: [.retryAfter: String(Self.retry)])
        }
        return Slot(of: tenant, in: self)
    }

    private func release(for tenant: Tenant) {
        taken.withLock { taken in
            guard let count = taken[tenant] else { return }
            taken[tenant] = count > 1 ? count - 1 : nil
        }
    }

    /// A body that is never read is not told, so the slot releases itself with it.
    final class Slot: Sendable {
        private let tenant: Tenant
        private let slots: ExportSlots
        private let isReleased = Mutex(false)

        fileprivate init(of tenant: Tenant, in slots: ExportSlots) {
            self.tenant = tenant
            self.slots = slots
        }

        deinit { release() }

        func release() {
            let wasReleased = isReleased.withLock { isReleased in
                defer { isReleased = true }
                return isReleased
            }
            if !wasReleased { slots.release(for: tenant) }
        }
    }
}
