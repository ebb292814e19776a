import Foundation
import Logging
import PostgresStore
import WorkflowModel

/// Everything that is decided before a service starts.
struct ServicePlan: Sendable {
    var host: String
    var port: Int
    var domain: String
    var workers: Int
    var hasAPI: Bool
    var rateLimit: Int
    var grace: Duration
    var lease: Duration
    var outputLimit: Int
    var allowedVariables: [String]
    var environment: [String: String]
    var logLevel: Logger.Level
    var alertAddresses = AddressPolicy()
    /// What links in alerts begin with.
    var publicURL: String?
    var store: StoreLocation
    var databaseConnections = 10
    /// Standbys of the database that lists and reads may come from.
    var readReplicas: [DatabaseAddress] = []
    /// Absolute. What commands work on is kept below it, whatever the store is.
    var dataDirectory: String

    /// - Parameter directory: may be relative to the current one.
    init(_ options: ServiceOptions, hasAPI: Bool = true, store: StoreLocation, directory: String) {
        host = options.host
        port = options.port
        domain = options.domain
        workers = options.workers ?? Cores.count * 2
        self.hasAPI = hasAPI
        rateLimit = options.rateLimit
        grace = options.grace
        lease = options.lease
        outputLimit = options.outputLimit
        allowedVariables = options.allowedVariables
        environment = ProcessInfo.processInfo.environment
        logLevel = options.logLevel.level
        self.store = store
        dataDirectory = URL(fileURLWithPath: directory).standardizedFileURL.path
    }

    /// What links in alerts begin with, without a slash at its end.
    /// - Parameter port: the one that was bound; nil where none is, or not yet.
    /// - Returns: nil when no port is known.
    func alertBase(port bound: Int?) -> String? {
        let port = bound ?? (port == 0 ? nil : port)
        return (publicURL ?? port.map { "http://\(domain):\($0)" }).map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
    }

    func logger(_ label: String) -> Logger {
        let level = logLevel
        return Logger(label: label) { LineLog(label: $0, logLevel: level) }
    }
}
