import ArgumentParser
import PostgresStore

/// Where the store is that a verb works on.
enum StoreLocation: Hashable, Sendable {
    case directory(String)
    case database(DatabaseAddress)
}

struct DataOptions: ParsableArguments {
    static let standardDirectory = "./weir-data"

    @Option(help: ArgumentHelp("The data directory of the service. (default: ./weir-data)", valueName: "directory"))
    var data: String?

    @Option(
        help: ArgumentHelp(
            "In place of a data directory, the PostgreSQL database that nodes share: postgres://USER@HOST/DATABASE.",
            valueName: "address"),
        transform: Reading.database)
    var database: DatabaseAddress?

    func validate() throws {
        _ = try location()
    }

    /// - Throws: `ValidationError` when two stores are named.
    func location() throws -> StoreLocation {
        guard let database else { return .directory(data ?? Self.standardDirectory) }
        guard data == nil else { throw ValidationError("--data and --database name two stores; accepted is one of them.") }
        return .database(database)
    }
}
