import StoreCore
import WorkflowModel

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

    mutating func findOrCreate(_ subject: RunSubject, in tenant: Int) throws -> Int {
        if let number = try number(of: subject, in: tenant) { return number }
        try database.change(
            "INSERT INTO run_subjects (tenant, dimension, value) VALUES (?, ?, ?)", tenant, subject.dimension.rawValue,
            subject.value.text)
        let number = database.lastRow
        keep(number, of: Place(tenant: tenant, subject: subject))
        return number
    }

    private mutating func keep(_ number: Int?, of place: Place) {
        if known.count >= Self.most { known.removeAll() }
        known[place] = number
    }
}
