import CLibPQ
public import WorkflowModel

/// Where a database is and how it is reached, as a connection string says it: `postgres://user@host/database?sslmode=require`.
///
/// What it leaves out comes from where libpq takes it: `PGPASSWORD`, `PGSSLMODE`, `~/.pgpass` and the like.
public struct DatabaseAddress: Hashable, Sendable {
    public static let accepted = "postgres://USER@HOST:PORT/DATABASE, with the options that libpq knows behind a question mark"

    /// By libpq's names for them.
    private(set) var parameters: [String: String]

    /// - Throws: ``StoreError/Code/unavailable`` for what is no such address. What is wrong with it is not told in libpq's
    ///   words, which may quote a password.
    public init(_ text: String) throws(StoreError) {
        guard text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") else { throw Self.unreadable() }
        var message: UnsafeMutablePointer<CChar>?
        let options = PQconninfoParse(text, &message)
        defer {
            PQconninfoFree(options)
            PQfreemem(message)
        }
        guard let options else { throw Self.unreadable() }
        parameters = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { parameters[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
    }

    /// The same server and user, another database.
    public func database(_ name: String) -> DatabaseAddress {
        var other = self
        other.parameters["dbname"] = name
        return other
    }

    /// The server and the database as an operator knows them, without what is secret.
    var place: String {
        let host = [parameters["host"] ?? parameters["hostaddr"], parameters["port"]].compactMap(\.self).joined(separator: ":")
        return host + "/" + (parameters["dbname"] ?? "")
    }

    /// Fills in what the address does not say.
    func completed(with defaults: [String: String]) -> [String: String] {
        parameters.merging(defaults) { given, _ in given }
    }

    private static func unreadable() -> StoreError {
        StoreError(.unavailable, "The address of the database cannot be read; accepted is \(accepted).")
    }
}
