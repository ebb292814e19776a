package import WorkflowModel

extension RunDimension {
    /// The field of a filter that asks for values of the dimension.
    package var field: RunFilterField {
        switch self {
        case .configuration: .configuration
        case .principal: .principal
        case .attribution: .attribution
        case .errorType: .errorType
        case .schedule: .schedule
        case .runMode: .runMode
        case .label: .label
        case .retried: .attemptsFrom
        case .text: .text
        case .warned: .hasWarnings
        }
    }

    /// The dimension that a facet counts; nil for state and type.
    package init?(_ facet: RunFacet) {
        // A facet is named like the field of its values.
        guard let dimension = Self.allCases.first(where: { $0.field.name == facet.rawValue }) else { return nil }
        self = dimension
    }
}

extension RunFilter {
    /// Sets of subjects: a matching run that is filed has at least one of each set.
    package var subjectSets: [[RunSubject]] {
        RunDimension.allCases.flatMap { dimension -> [[RunSubject]] in
            guard let value = value(of: dimension.field) else { return [] }
            switch (dimension, value) {
            // An index tells which texts have the words.
            case (.text, _): return []
            // A run has to match all of the labels.
            case (.label, _): return value.texts.map { [RunSubject(.label, $0)] }
            case (.retried, .count(let least)): return least > 1 ? [[RunSubject(.retried, "")]] : []
            case (.warned, .flag(let flag)): return flag ? [[RunSubject(.warned, "")]] : []
            default: return [value.texts.map { RunSubject(dimension, $0) }]
            }
        }
    }

    /// The subjects of the only condition beside states and windows: each filed run that matches has exactly one of them, and each
    /// run with one matches that condition. nil for a filter with other conditions, or none.
    package var onlySubjects: [RunSubject]? {
        let sets = subjectSets
        guard sets.count == 1, let subjects = sets.first, let dimension = subjects.first?.dimension else { return nil }
        // Marks do not tell how many attempts a run had.
        return hasOnly(dimension.field) && (dimension != .retried || attemptsFrom == 2) ? subjects : nil
    }

    /// The word that is the only condition beside states and windows.
    package var onlyWord: SearchWord? {
        hasOnly(.text) && words.included.count == 1 ? words.included.first : nil
    }

    /// Whether no other field than states and windows has a value.
    private func hasOnly(_ field: RunFilterField) -> Bool {
        let counted: Set<RunFilterField> = [.state, .createdFrom, .createdTo, .endedFrom, .endedTo, field]
        return RunFilterField.all.allSatisfy { counted.contains($0) || value(of: $0) == nil }
    }
}
