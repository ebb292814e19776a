import Foundation
import GRDB
import StoreCore
public import WorkflowModel

/// A database that no service uses, opened read-only: its file stays unchanged.
public final class SQLiteArchive: StoreExport {
    // Declared in this order: the connection closes before the directory is unlocked.
    private let queue: DatabaseQueue
    private let directory: DataDirectory

    /// Opens the store in a data directory and locks it. Blocks.
    ///
    /// - Throws: ``StoreError`` with the codes `ownedElsewhere`, `newerThanProgram`, `damaged`, and `unavailable`, also for a
    ///   schema that is older than this program's: bringing it up to date would change the file.
    public static func open(directory path: String) throws(StoreError) -> SQLiteArchive {
        guard FileManager.default.fileExists(atPath: path + "/weir.db") else {
            throw StoreError(.unavailable, "There is no store in \(path).")
        }
        let directory = try DataDirectory(path)
        do {
            try DatabaseFile(path: directory.databasePath).check()
            var configuration = Configuration()
            configuration.label = "weir-archive"
            configuration.readonly = true
            let queue = try DatabaseQueue(path: directory.databasePath, configuration: configuration)
            try queue.read { try check(DatabaseConnection($0)) }
            return SQLiteArchive(queue: queue, directory: directory)
        } catch let error as StoreError {
            throw StoreError(error.code, "The database in \(path) cannot be read. \(error.message)", cause: error.cause)
        } catch {
            throw StoreError(.unavailable, "The database in \(path) cannot be read.", cause: error)
        }
    }

    private init(queue: DatabaseQueue, directory: DataDirectory) {
        self.queue = queue
        self.directory = directory
    }

    private static func check(_ connection: DatabaseConnection) throws {
        do {
            let application = try connection.row("PRAGMA application_id") { try $0.next(Int64.self) }
            guard application == OpenedDatabase.applicationID else {
                throw StoreError(.damaged, "The file weir.db there belongs to another program.")
            }
            let schema = try connection.row("PRAGMA user_version") { try $0.next(Int.self) } ?? 0
            let newest = Migration.all.last?.number ?? 0
            guard schema <= newest else {
                throw StoreError(
                    .newerThanProgram,
                    "It was written by a newer version of this program (its schema is \(schema), this program knows those up to "
                        + "\(newest)): use that version.")
            }
            guard schema == newest else {
                throw StoreError(
                    .unavailable,
                    "It was written by an older version of this program (its schema is \(schema), this program's is \(newest)): "
                        + "start the service on it once, which brings it up to date.")
            }
        } catch let failure as DatabaseError {
            throw StoreError.storeError(for: failure)
        }
    }

    public func records(of part: TransferPart, from place: TransferPlace?) async throws -> TransferPage {
        do {
            return try await queue.read { try DatabaseConnection($0).transferPage(of: part, from: place) }
        } catch {
            throw StoreError.error(for: error)
        }
    }
}
