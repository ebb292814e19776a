import ArgumentParser
import PostgresStore

/// The data directory of a node, and the database if nodes share one. A node with a database also needs a data directory.
struct NodeDataOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Directory of the store and of the tasks' working files. (default: \(DataOptions.standardDirectory))",
            valueName: "directory"))
    var data: String?

    @Option(
        help: ArgumentHelp(
            "PostgreSQL database that nodes share, instead of the store in the data directory: postgres://USER@HOST/DATABASE.",
            valueName: "address"),
        transform: Reading.database)
    var database: DatabaseAddress?

    var directory: String { data ?? DataOptions.standardDirectory }

    var location: StoreLocation { database.map(StoreLocation.database) ?? .directory(directory) }
}
