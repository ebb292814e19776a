import StoreCore
import WorkflowModel

/// A property of ended runs that a list can be asked for, beside time, state and type. Its values are the subjects of filing.
enum RunDimension: Int, CaseIterable, Sendable {
    /// The id of the workflow, also that of imported history.
    case configuration = 1
    /// The id of the principal, whatever name it had.
    case principal
    case attribution
    case errorType
    case schedule
    case runMode
    /// `key:value`. A run has a subject for each of its labels.
    case label
    /// Runs with a task that was attempted more than once. The only value is empty.
    case retried
}

/// A value of a dimension, which a list can be asked for.
struct RunSubject: Hashable, Sendable {
    var dimension: RunDimension
    var value: ExactText

    init(_ dimension: RunDimension, _ value: String) {
        self.dimension = dimension
        self.value = ExactText(value)
    }
}

enum SubjectStatement {
    static let number = "SELECT number FROM run_subjects WHERE tenant = ? AND dimension = ? AND value = ?"
    static let values = "SELECT number, value FROM run_subjects WHERE tenant = ? AND dimension = ? ORDER BY value LIMIT ?"
}

extension DatabaseConnection {
    /// nil when no run has been filed under it.
    func number(of subject: RunSubject, in tenant: Int) throws -> Int? {
        try row(SubjectStatement.number, tenant, subject.dimension.rawValue, subject.value.text) { try $0.next() }
    }
}
