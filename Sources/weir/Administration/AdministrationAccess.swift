import Foundation
import Logging
import PostgresStore
import SQLiteStore
import WorkflowModel

/// Finds the way to a store: opens the data directory when nobody owns it, else asks its owner; a database that nodes share
/// is simply opened.
enum AdministrationAccess {
    /// How long to wait for an owner that holds the directory and does not listen: one that is starting, or another command.
    static let patience = Duration.seconds(10)
    static let interval = Duration.milliseconds(50)

    /// Runs a body with the administration and closes it.
    /// - Parameter creating: whether a directory that is not there is made; a command that only looks makes none.
    static func with<Value>(
        _ location: StoreLocation, creating: Bool, time: any TimeSource = SystemTime(),
        _ body: (any StoreAdministration) async throws -> Value
    ) async throws -> Value {
        let administration = try await open(location, creating: creating, time: time)
        let value: Value
        do {
            value = try await body(administration)
        } catch {
            try? await administration.close()
            throw error
        }
        try await administration.close()
        return value
    }

    private static func open(
        _ location: StoreLocation, creating: Bool, time: any TimeSource
    ) async throws -> any StoreAdministration {
        switch location {
        case .directory(let directory): return try await open(directory, creating: creating, time: time)
        case .database(let address):
            let logger = Logger(label: "weir.store") { LineLog(label: $0, logLevel: .error) }
            let store = try await PostgresStore.open(
                address, settings: PostgresSettings(connections: 1, applicationName: "weir administration", foldInterval: nil),
                time: time,
                random: SystemRandom(), logger: logger)
            return DirectAdministration(store: store)
        }
    }

    private static func open(
        _ directory: String, creating: Bool, time: any TimeSource
    ) async throws -> any StoreAdministration {
        if !creating, !FileManager.default.fileExists(atPath: directory + "/weir.db") {
            throw CommandFailure(
                .noInput,
                "There is no store in \(directory); --data names the directory of the service. weir keys create makes one.")
        }
        let deadline = time.now + patience
        while true {
            do {
                let store = try await OwnThread.run { try SQLiteStore.open(directory: directory) }
                return DirectAdministration(store: store, isShared: false)
            } catch let error as StoreError where error.code == .ownedElsewhere {
                let socket = SocketAdministration(address: try ControlAddress(directory: directory))
                if (try? await socket.tenants()) != nil { return socket }
                guard time.now < deadline else {
                    throw CommandFailure(.unavailable, "\(error.message) It does not answer on its socket either.")
                }
                try await time.sleep(for: interval)
            }
        }
    }
}
