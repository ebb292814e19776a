import Synchronization
package import WorkflowModel

/// Parsed versions of configurations. A version never changes, so it is parsed once.
package final class ConfigurationCache: Sendable {
    private static let capacity = 256
    /// A list needs the labels of all configurations. They are much smaller than parsed versions.
    private static let labelCapacity = 4_096

    private struct Key: Hashable {
        var tenant: Tenant
        var version: ConfigurationVersionID
    }

    private let configurations = Mutex<[Key: WorkflowConfiguration]>([:])
    private let labels = Mutex<[Key: RunLabels]>([:])

    package init() {}

    /// - Throws: `ConfigurationProblems` for a text that an earlier version of the service accepted and this one refuses.
    package func parsed(_ version: ConfigurationVersion) throws -> WorkflowConfiguration {
        let key = Key(tenant: version.tenant, version: version.id)
        if let known = configurations.withLock({ $0[key] }) { return known }
        let configuration = try ConfigurationReader.ofAcceptedText.read(version.source, file: version.configuration)
        configurations.withLock { configurations in
            if configurations.count >= Self.capacity { configurations.removeAll(keepingCapacity: true) }
            configurations[key] = configuration
        }
        return configuration
    }

    /// The labels of a version; empty for a text that this version of the service refuses.
    package func labels(of version: ConfigurationVersion) -> RunLabels {
        let key = Key(tenant: version.tenant, version: version.id)
        if let known = labels.withLock({ $0[key] }) { return known }
        let found = (try? parsed(version))?.labels ?? RunLabels()
        labels.withLock { labels in
            if labels.count >= Self.labelCapacity { labels.removeAll(keepingCapacity: true) }
            labels[key] = found
        }
        return found
    }
}
