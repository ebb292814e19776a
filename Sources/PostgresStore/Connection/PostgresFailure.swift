import CLibPQ

/// A failure of the database or of the connection to it.
struct PostgresFailure: Error, Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// No connection was established.
        case unreachable
        /// The connection broke, or the server was silent for too long. The statement may have been executed or not.
        case lost
        /// The server refused a statement.
        case refused(SQLState)
    }

    var kind: Kind
    /// The violated constraint, where the server names it.
    var constraint: String?
    /// The message of the server or of libpq: for the log and for operators.
    var message: String

    init(_ kind: Kind, constraint: String? = nil, message: String) {
        self.kind = kind
        self.constraint = constraint
        self.message = message
    }

    /// libpq ends its messages with a line break, and has a line for each address and each kind of encryption that it tried.
    /// Its hints are lines that begin with a tab.
    static func text(_ message: UnsafePointer<CChar>?) -> String {
        guard let message else { return "" }
        var lines: [String] = []
        for line in String(cString: message).split(whereSeparator: \.isNewline) where !line.hasPrefix("\t") {
            let line = String(line).replacing("FATAL:  ", with: "")
            if !lines.contains(line) { lines.append(line) }
        }
        return lines.joined(separator: "; ")
    }

    func isRefusal(_ state: SQLState) -> Bool { kind == .refused(state) }

    /// Whether a retry may succeed.
    var isTransient: Bool {
        switch kind {
        case .lost: true
        case .unreachable: false
        case .refused(let state): state == .deadlock || state == .serializationFailure
        }
    }
}

/// A SQLSTATE of the server (PostgreSQL's manual, appendix A).
struct SQLState: RawRepresentable, Hashable, Sendable {
    var rawValue: String

    static let uniqueViolation = SQLState(rawValue: "23505")
    /// Also the error for a row that no partition accepts.
    static let checkViolation = SQLState(rawValue: "23514")
    /// Also the error for an extension that is not installed.
    static let featureNotSupported = SQLState(rawValue: "0A000")
    static let readOnlyTransaction = SQLState(rawValue: "25006")
    static let invalidPassword = SQLState(rawValue: "28P01")
    static let serializationFailure = SQLState(rawValue: "40001")
    static let deadlock = SQLState(rawValue: "40P01")
    static let insufficientPrivilege = SQLState(rawValue: "42501")
    static let undefinedTable = SQLState(rawValue: "42P01")
    static let diskFull = SQLState(rawValue: "53100")
    static let tooManyConnections = SQLState(rawValue: "53300")
    static let lockNotAvailable = SQLState(rawValue: "55P03")
    static let undefinedFile = SQLState(rawValue: "58P01")
    static let queryCanceled = SQLState(rawValue: "57014")

    /// The server is shutting down or starting.
    var isShutdown: Bool { ["57P01", "57P02", "57P03", "57P05"].contains(rawValue) }
    /// Damaged data or indexes.
    var isCorruption: Bool { rawValue.hasPrefix("XX00") && rawValue != "XX000" }
}
