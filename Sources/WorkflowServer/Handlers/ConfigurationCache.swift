import Synchronization
import WorkflowModel

/// Versions of configurations as they were read. A version never changes, so one that was read need not be read again.
final class ConfigurationCache: Sendable {
    private static let capacity = 256

    private struct Key: Hashable {
        var tenant: Tenant
        var version: ConfigurationVersionID
    }

    private let configurations = Mutex<[Key: WorkflowConfiguration]>([:])

    /// - Throws: `ConfigurationProblems` for a text that today's reader refuses, though it was accepted once.
    func parsed(_ version: ConfigurationVersion) throws -> WorkflowConfiguration {
        let key = Key(tenant: version.tenant, version: version.id)
        if let known = configurations.withLock({ $0[key] }) { return known }
        let configuration = try ConfigurationReader().read(version.source, file: version.configuration)
        configurations.withLock { configurations in
            if configurations.count >= Self.capacity { configurations.removeAll(keepingCapacity: true) }
            configurations[key] = configuration
        }
        return configuration
    }
}
