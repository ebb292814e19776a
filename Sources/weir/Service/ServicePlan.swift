import Foundation
import Logging
import PostgresStore
import TaskRunners
import WorkflowModel
import WorkflowOperations

/// The settings of a service, complete before it starts.
struct ServicePlan: Sendable {
    var host: String
    var port: Int
    var domain: String
    var workers: Int
    var hasAPI: Bool
    var rateLimit: Int
    /// The time in the store for one request that searches.
    var searchTime: Duration
    var grace: Duration
    var lease: Duration
    var outputLimit: Int
    var allowedVariables: [String]
    var environment: [String: String]
    var logLevel: Logger.Level
    var alertAddresses = AddressPolicy()
    /// The base URL of links in alerts.
    var publicURL: String?
    var store: StoreLocation
    /// The user that commands run as; nil for the one of the service.
    var taskUser: TaskUser?
    /// The file mode creation mask of commands; nil for that of the service.
    var fileMask: mode_t?
    var databaseConnections = 10
    /// The most client connections; nil for the default, within the limit of open files.
    var mostConnections: Int?
    /// nil for half of all connections.
    var mostConnectionsPerAddress: Int?
    /// Standbys of the database that serve lists and reads.
    var readReplicas: [DatabaseAddress] = []
    /// The key file of the secrets; nil for the one in the data directory, and for none with a database.
    var secretsKeyFile: String?
    /// An absolute path. The working files of tasks are below it, also with a database.
    var dataDirectory: String

    /// - Parameter directory: may be relative to the current one.
    /// - Throws: `ValidationError` when options do not go together.
    init(_ options: ServiceOptions, hasAPI: Bool = true, store: StoreLocation, directory: String) throws {
        host = options.host
        port = options.port
        domain = options.domain
        workers = options.workers ?? Cores.count * 2
        self.hasAPI = hasAPI
        rateLimit = options.rateLimit
        searchTime = options.searchBudget
        let terms = try options.terms(isShared: store.isShared)
        grace = terms.grace
        lease = terms.lease
        outputLimit = options.outputLimit
        allowedVariables = options.allowedVariables.flatMap(\.self)
        environment = ProcessInfo.processInfo.environment
        logLevel = options.logLevel.level
        mostConnections = options.maxConnections
        mostConnectionsPerAddress = options.maxConnectionsPerAddress
        self.store = store
        dataDirectory = URL(fileURLWithPath: directory).standardizedFileURL.path
    }

    /// The base URL of links in alerts, without a trailing slash.
    /// - Parameter port: the bound port; nil if none is bound yet.
    /// - Returns: nil when no port is known.
    func alertBase(port bound: Int?) -> String? {
        let port = bound ?? (port == 0 ? nil : port)
        return (publicURL ?? port.map { "http://\(domain):\($0)" }).map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
    }

    /// nil for a node of a shared store without one.
    var keyFile: SecretKeyFile? {
        if let secretsKeyFile { return SecretKeyFile(given: secretsKeyFile) }
        return store.isShared ? nil : SecretKeyFile(inDataDirectory: dataDirectory)
    }

    /// The proxies of HTTP tasks, from the environment.
    /// - Throws: ``CommandFailure`` (78) for a variable that cannot be used.
    static func proxies(_ environment: [String: String]) throws(CommandFailure) -> ProxySettings {
        do throws(ProxySettings.Problem) {
            return try ProxySettings(environment: environment)
        } catch {
            throw CommandFailure(.settings, error.message)
        }
    }

    func logger(_ label: String) -> Logger {
        let level = logLevel
        return Logger(label: label) { LineLog(label: $0, logLevel: level) }
    }
}
