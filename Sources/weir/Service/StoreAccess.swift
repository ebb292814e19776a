import AlertDelivery
import Foundation
import Logging
import PostgresStore
import SQLiteStore
import WorkflowModel
import WorkflowOperations

/// Opens a store for administration. A data directory with an owner is reached through its socket; a database is opened directly.
enum StoreAccess {
    /// How long to wait for an owner that does not listen: a starting service, or another command.
    static let patience = Duration.seconds(10)
    static let interval = Duration.milliseconds(50)

    /// Runs a body with the administration and closes it.
    /// - Parameters:
    ///   - creating: whether a missing store is created.
    ///   - keyFile: the key file of the secrets, unless it is the one in the data directory. A service that runs uses its own.
    static func with<Value>(
        _ location: StoreLocation, creating: Bool, keyFile: String? = nil, time: any TimeSource = SystemTime(),
        _ body: (any StoreAdministration) async throws -> Value
    ) async throws -> Value {
        let administration = try await open(location, creating: creating, keyFile: keyFile, time: time)
        let value: Value
        do {
            // A service that owns the data directory is told by its socket who acts; see `ControlActor`.
            value = try await AuditActor.operator(AuditActor.commandLine, time: time).act { try await body(administration) }
        } catch {
            try? await administration.close()
            throw error
        }
        try await administration.close()
        return value
    }

    private static func open(
        _ location: StoreLocation, creating: Bool, keyFile: String?, time: any TimeSource
    ) async throws -> any StoreAdministration {
        switch location {
        case .directory(let directory):
            return try await open(directory, creating: creating, keyFile: keyFile, time: time)
        case .database(let address):
            let logger = Logger(label: "weir.store") { LineLog(label: $0, logLevel: .error) }
            if !creating, try await !PostgresStore.exists(in: address) {
                throw CommandFailure(
                    .noInput,
                    "No store found in the database. Name the service's database with --database. weir keys create and "
                        + "weir serve create a store.")
            }
            let store = try await PostgresStore.open(
                address, settings: PostgresSettings(connections: 1, applicationName: "weir administration", foldInterval: nil),
                time: time,
                random: SystemRandom(), logger: logger)
            let secrets = SecretVault(store: store, file: keyFile.map { SecretKeyFile(given: $0) }, time: time)
            return DirectAdministration(store: store, lookup: SystemAddressLookup(time: time), secrets: secrets)
        }
    }

    private static func open(
        _ directory: String, creating: Bool, keyFile: String?, time: any TimeSource
    ) async throws -> any StoreAdministration {
        if !creating, !FileManager.default.fileExists(atPath: directory + "/weir.db") {
            throw CommandFailure(
                .noInput,
                "No store found in \(directory). Name the service's directory with --data. weir keys create and weir serve "
                    + "create a store.")
        }
        let deadline = time.now + patience
        while true {
            do {
                let isNew = !FileManager.default.fileExists(atPath: directory + "/weir.db")
                let store = try await OwnThread.run { try SQLiteStore.open(directory: directory, time: SystemTime()) }
                if isNew { Console.standard.note("Created a store in \(directory).") }
                let file = keyFile.map { SecretKeyFile(given: $0) } ?? SecretKeyFile(inDataDirectory: directory)
                return DirectAdministration(
                    store: store, lookup: SystemAddressLookup(time: time),
                    secrets: SecretVault(store: store, file: file, time: time), isShared: false)
            } catch let error as StoreError where error.code == .ownedElsewhere {
                let socket = SocketAdministration(address: try ControlAddress(directory: directory))
                if (try? await socket.tenants()) != nil { return socket }
                guard time.now < deadline else {
                    throw CommandFailure(.unavailable, "\(error.message) The owner does not answer on its socket.")
                }
                try await time.sleep(for: interval)
            }
        }
    }
}
