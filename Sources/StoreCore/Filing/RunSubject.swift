package import WorkflowModel

/// A property of ended runs that a list can be asked for, beside time, state and type. Its values are the subjects of filing.
package enum RunDimension: Int, CaseIterable, Sendable {
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
    /// Runs with a task that was attempted more than once, by the number of attempts; see ``AttemptClass``.
    case retried
    /// The texts of a run but its id, by their fingerprint. Each run has exactly one. An index of trigrams tells which may have a
    /// word.
    case text
    /// Runs with warnings. The only value is empty.
    case warned
    /// Runs that have ended; see ``RuntimeClass``.
    case runtime
}

/// A value of a dimension, which a list can be asked for.
package struct RunSubject: Hashable, Sendable {
    package var dimension: RunDimension
    package var value: ExactText

    package init(_ dimension: RunDimension, _ value: String) {
        self.dimension = dimension
        self.value = ExactText(value)
    }

    package init(of text: RunText) {
        self.init(.text, text.fingerprint)
    }
}

/// The subjects of one condition of a filter: a filed run that matches has one of them.
package struct SubjectSet: Equatable {
    package var dimension: RunDimension
    /// Each run with one of these matches.
    package var whole: [RunSubject]
    /// Some runs with one of these match.
    package var partial: [RunSubject] = []

    package init(_ dimension: RunDimension, _ values: [String] = []) {
        self.dimension = dimension
        whole = values.map { RunSubject(dimension, $0) }
    }

    package var all: [RunSubject] { whole + partial }
}

extension RowReader {
    /// The columns of a run that its subjects but the runtime follow from: the workflow's id, the principal's id, error_attribution, error_type,
    /// schedule, run_mode, labels, attempts, warnings.
    package mutating func nextSubjects() throws -> [RunSubject] {
        var subjects: [RunSubject] = []
        for dimension in [RunDimension.configuration, .principal, .attribution, .errorType, .schedule, .runMode] {
            if let value = try next(String?.self) { subjects.append(RunSubject(dimension, value)) }
        }
        for label in try next(RunLabels.self) { subjects.append(RunSubject(.label, label.description)) }
        if let subject = AttemptClass.subject(of: try next(Int.self)) { subjects.append(subject) }
        if try next(Int.self) > 0 { subjects.append(RunSubject(.warned, "")) }
        return subjects
    }
}
