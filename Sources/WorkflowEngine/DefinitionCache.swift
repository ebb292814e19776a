import WorkflowModel

/// A parsed configuration version: all that executing its tasks requires.
struct ReadVersion: Sendable {
    var configuration: String
    /// The title of the workflow.
    var name: String
    var directory: String?
    var definitions: [String: TaskDefinition]
}

/// A task cannot be executed with this configuration version. Not the owner's fault, and a retry would not help.
struct UnusableVersion: Error, Hashable, Sendable {
    var message: String

    var runError: RunError {
        RunError(attribution: .platform, type: "weir.worker/definition", message: message)
    }
}

/// Parses each configuration version once, because versions are immutable.
actor DefinitionCache {
    private struct Key: Hashable {
        var tenant: Tenant
        var version: ConfigurationVersionID
    }

    private let store: any ConfigurationStore
    private let limit: Int
    private var reads: [Key: Task<ReadVersion, any Error>] = [:]
    /// Oldest entry first.
    private var order: [Key] = []

    init(store: any ConfigurationStore, limit: Int) {
        self.store = store
        self.limit = limit
    }

    /// Concurrent requests for the same version share one read.
    /// - Throws: ``UnusableVersion``, or the store's error.
    func version(_ id: ConfigurationVersionID, of tenant: Tenant) async throws -> ReadVersion {
        let key = Key(tenant: tenant, version: id)
        if let read = reads[key] { return try await read.value }
        let store = self.store
        let read = Task { try await Self.read(id, of: tenant, from: store) }
        keep(read, for: key)
        do {
            return try await read.value
        } catch let error where !(error is UnusableVersion) {
            // The store may be reachable next time.
            if reads[key] == read { forget(key) }
            throw error
        }
    }

    private func keep(_ read: Task<ReadVersion, any Error>, for key: Key) {
        if order.count >= limit, let oldest = order.first { forget(oldest) }
        reads[key] = read
        order.append(key)
    }

    private func forget(_ key: Key) {
        reads[key] = nil
        order.removeAll { $0 == key }
    }

    private static func read(_ id: ConfigurationVersionID, of tenant: Tenant, from store: any ConfigurationStore) async throws
        -> ReadVersion
    {
        guard let version = try await store.configurationVersion(id, of: tenant) else {
            throw UnusableVersion(message: "The configuration version \(id) of this run no longer exists.")
        }
        let configuration: WorkflowConfiguration
        do {
            configuration = try ConfigurationReader.ofAcceptedText.read(version.source, file: version.configuration)
        } catch {
            let first = error.problems.first.map { " (\($0))" } ?? ""
            throw UnusableVersion(
                message: "The configuration version \(id) cannot be read by this version of Weir\(first).")
        }
        return ReadVersion(
            configuration: version.configuration, name: configuration.name, directory: version.source.directory,
            definitions: Dictionary(configuration.tasks.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }))
    }
}
