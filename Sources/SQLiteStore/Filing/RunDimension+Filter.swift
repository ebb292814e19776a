import WorkflowModel

extension RunDimension {
    /// The field of a filter that asks for values of the dimension.
    var field: RunFilterField {
        switch self {
        case .configuration: .configuration
        case .principal: .principal
        case .attribution: .attribution
        case .errorType: .errorType
        case .schedule: .schedule
        case .runMode: .runMode
        case .label: .label
        case .retried: .attemptsFrom
        }
    }

    /// The dimension that a facet counts; nil for state and type.
    init?(_ facet: RunFacet) {
        // A facet is named like the field of its values.
        guard let dimension = Self.allCases.first(where: { $0.field.name == facet.rawValue }) else { return nil }
        self = dimension
    }
}

extension RunFilter {
    /// Sets of subjects: a matching run that is filed has at least one of each set.
    var subjectSets: [[RunSubject]] {
        RunDimension.allCases.flatMap { dimension -> [[RunSubject]] in
            guard let value = value(of: dimension.field) else { return [] }
            switch (dimension, value) {
            // A run has to match all of the labels.
            case (.label, _): return value.texts.map { [RunSubject(.label, $0)] }
            case (.retried, .count(let least)): return least > 1 ? [[RunSubject(.retried, "")]] : []
            default: return [value.texts.map { RunSubject(dimension, $0) }]
            }
        }
    }

    /// The subjects of the only condition beside states and windows: each filed run that matches has exactly one of them, and each
    /// run with one matches that condition. nil for a filter with other conditions, or none.
    var onlySubjects: [RunSubject]? {
        let sets = subjectSets
        guard sets.count == 1, let subjects = sets.first, let dimension = subjects.first?.dimension else { return nil }
        let counted: Set<RunFilterField> = [.state, .createdFrom, .createdTo, .endedFrom, .endedTo, dimension.field]
        guard RunFilterField.all.allSatisfy({ counted.contains($0) || value(of: $0) == nil }) else { return nil }
        // Marks do not tell how many attempts a run had.
        return dimension != .retried || attemptsFrom == 2 ? subjects : nil
    }
}
