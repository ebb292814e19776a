import CLibPQ
import StoreCore
public import WorkflowModel

/// The address of a database: a connection string such as `postgres://user@host/database?sslmode=require`.
///
/// Missing parts come from where libpq takes them: `PGPASSWORD`, `PGSSLMODE`, `~/.pgpass` and others.
public struct DatabaseAddress: Hashable, Sendable {
    public static let accepted = "postgres://USER@HOST:PORT/DATABASE, with the options that libpq knows behind a question mark"

    /// Parameters by libpq's names.
    private(set) var parameters: [String: String]

    /// - Throws: ``StoreError/Code/unavailable`` for an invalid address. The message does not contain libpq's, which may
    ///   quote a password.
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

    /// The address of another database on the same server, with the same user.
    public func database(_ name: String) -> DatabaseAddress {
        var other = self
        other.parameters["dbname"] = name
        return other
    }

    /// The address with a password, unless it has one.
    public func withPassword(_ password: String) -> DatabaseAddress {
        var other = self
        if other.parameters["password"] == nil { other.parameters["password"] = password }
        return other
    }

    /// The server and the database for messages, without secrets.
    var place: String {
        let host = [parameters["host"] ?? parameters["hostaddr"], parameters["port"]].compactMap(\.self).joined(separator: ":")
        return host + "/" + (parameters["dbname"] ?? "")
    }

    /// Adds parameters that the address does not set.
    func completed(with defaults: [String: String]) -> [String: String] {
        parameters.merging(defaults) { given, _ in given }
    }

    private static func unreadable() -> StoreError {
        StoreError(.unavailable, "The address of the database cannot be read; accepted is \(accepted).")
    }
}
