import CLibPQ

/// What went wrong between this program and its database, in the database's own terms.
struct PostgresFailure: Error, Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// No connection came about.
        case unreachable
        /// The connection broke, or the server said nothing for too long. What it was doing may have happened or not.
        case lost
        /// The server refused a statement.
        case refused(SQLState)
    }

    var kind: Kind
    /// The constraint that a statement would have broken, where the server names it.
    var constraint: String?
    /// The server's or libpq's own words: for the log and for operators.
    var message: String

    init(_ kind: Kind, constraint: String? = nil, message: String) {
        self.kind = kind
        self.constraint = constraint
        self.message = message
    }

    /// libpq ends its messages with a line break, says a line for each address and each kind of encryption that it tried, and
    /// asks back on lines of their own.
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

    /// Whether the same verb, tried again, may well succeed.
    var isPassing: Bool {
        switch kind {
        case .lost: true
        case .unreachable: false
        case .refused(let state): state == .deadlock || state == .serializationFailure
        }
    }
}

/// A class of the server's errors, by the five characters of appendix A of PostgreSQL's manual.
struct SQLState: RawRepresentable, Hashable, Sendable {
    var rawValue: String

    static let uniqueViolation = SQLState(rawValue: "23505")
    /// Also what a row is refused with that no partition takes.
    static let checkViolation = SQLState(rawValue: "23514")
    static let readOnlyTransaction = SQLState(rawValue: "25006")
    static let invalidPassword = SQLState(rawValue: "28P01")
    static let serializationFailure = SQLState(rawValue: "40001")
    static let deadlock = SQLState(rawValue: "40P01")
    static let insufficientPrivilege = SQLState(rawValue: "42501")
    static let undefinedTable = SQLState(rawValue: "42P01")
    static let diskFull = SQLState(rawValue: "53100")
    static let tooManyConnections = SQLState(rawValue: "53300")
    static let lockNotAvailable = SQLState(rawValue: "55P03")
    static let queryCanceled = SQLState(rawValue: "57014")

    /// The server is going down, or is not up yet.
    var isShutdown: Bool { ["57P01", "57P02", "57P03", "57P05"].contains(rawValue) }
    /// Damaged data or indexes.
    var isCorruption: Bool { rawValue.hasPrefix("XX00") && rawValue != "XX000" }
}
