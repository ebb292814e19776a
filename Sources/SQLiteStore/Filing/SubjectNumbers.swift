import StoreCore
import WorkflowModel

enum SubjectStatement {
    static let number = "SELECT number FROM run_subjects WHERE tenant = ? AND dimension = ? AND value = ?"
    static let insert = "INSERT INTO run_subjects (tenant, dimension, value) VALUES (?, ?, ?)"
    static let isCrowded = "SELECT is_crowded FROM run_subjects WHERE number = ?"
    static let setCrowded = "UPDATE run_subjects SET is_crowded = 1 WHERE number = ?"
    static let hasMarks = "SELECT 1 FROM run_marks WHERE subject = ? LIMIT 1"
    static let delete = "DELETE FROM run_subjects WHERE number = ?"
    static let values = "SELECT number, value FROM run_subjects WHERE tenant = ? AND dimension = ? ORDER BY value LIMIT ?"
}

extension DatabaseConnection {
    /// nil when no run has been filed under it.
    func number(of subject: RunSubject, in tenant: Int) throws -> Int? {
        try row(SubjectStatement.number, tenant, subject.dimension.rawValue, subject.value.text) { try $0.next() }
    }
}

extension DatabaseConnection {
    /// Whether a subject has so many runs of one millisecond that its marks are not walked: they are in the order of the list only
    /// after those of each millisecond have been sorted.
    /// - Parameter runs: of the subject.
    func isCrowded(_ subject: Int, runs: Int64) throws -> Bool {
        guard runs > CountNode.splitAbove else { return false }
        return try row(SubjectStatement.isCrowded, subject) { try $0.next() } ?? false
    }
}

/// The numbers of subjects in one transaction, each read once.
struct SubjectNumbers {
    private struct Place: Hashable {
        var tenant: Int
        var subject: RunSubject
    }

    /// Most numbers that are kept. When it is reached, all are dropped.
    private static let most = 10_000

    private let database: DatabaseConnection
    private var known: [Place: Int] = [:]

    init(_ database: DatabaseConnection) {
        self.database = database
    }

    /// nil when no run has been filed under it.
    mutating func number(of subject: RunSubject, in tenant: Int) throws -> Int? {
        let place = Place(tenant: tenant, subject: subject)
        if let number = known[place] { return number }
        let number = try database.number(of: subject, in: tenant)
        keep(number, of: place)
        return number
    }

    mutating func findOrCreate(_ subject: RunSubject, of run: FiledRun) throws -> Int {
        if let number = try number(of: subject, in: run.tenant) { return number }
        try database.change(SubjectStatement.insert, run.tenant, subject.dimension.rawValue, subject.value.text)
        let number = database.lastRow
        if subject.dimension == .text { try database.index(run.text, of: number, in: run.tenant) }
        keep(number, of: Place(tenant: run.tenant, subject: subject))
        return number
    }

    private mutating func keep(_ number: Int?, of place: Place) {
        if known.count >= Self.most { known.removeAll() }
        known[place] = number
    }
}
