package import WorkflowModel

extension RunDimension {
    /// The fields of a filter that ask for values of the dimension.
    package var fields: [RunFilterField] {
        switch self {
        case .configuration: [.configuration]
        case .principal: [.principal]
        case .attribution: [.attribution]
        case .errorType: [.errorType]
        case .schedule: [.schedule]
        case .runMode: [.runMode]
        case .label: [.label]
        case .retried: [.attemptsFrom]
        case .text: [.text]
        case .warned: [.hasWarnings]
        case .runtime: [.runtimeFrom, .runtimeTo]
        }
    }

    /// The dimension that a facet counts; nil for state and type.
    package init?(_ facet: RunFacet) {
        // A facet is named like the field of its values.
        guard let dimension = Self.allCases.first(where: { $0.fields.map(\.name) == [facet.rawValue] }) else { return nil }
        self = dimension
    }
}

extension RunFilter {
    /// Sets of subjects: a matching run that is filed has at least one of each set.
    package var subjectSets: [SubjectSet] { RunDimension.allCases.flatMap { subjectSets(of: $0) } }

    private func subjectSets(of dimension: RunDimension) -> [SubjectSet] {
        switch dimension {
        // An index tells which texts have the words.
        case .text: []
        // A run has to match all of the labels.
        case .label: labels.included.sorted().map { SubjectSet(.label, [$0.description]) }
        case .retried: [attemptsFrom.flatMap { AttemptClass.subjects(from: $0) }].compactMap(\.self)
        case .warned: hasWarnings == true ? [SubjectSet(.warned, [""])] : []
        case .runtime: [runtime.map { RuntimeClass.subjects(in: $0) }].compactMap(\.self)
        case .configuration, .principal, .attribution, .errorType, .schedule, .runMode:
            dimension.fields.compactMap { value(of: $0) }.map { SubjectSet(dimension, $0.texts) }
        }
    }

    /// The subjects of the only condition beside states and windows: each filed run that matches has exactly one of them. nil for a
    /// filter with other conditions, or none.
    package var onlySubjects: SubjectSet? { types == TextChoice() ? countedSubjects : nil }

    /// The subjects of the only condition beside states, windows and types. A filed run that matches has exactly one of them.
    package var countedSubjects: SubjectSet? {
        let sets = subjectSets
        guard sets.count == 1, let set = sets.first else { return nil }
        return hasOnly(set.dimension.fields + [.type, .notType]) ? set : nil
    }

    /// The word that is the only condition beside states and windows.
    package var onlyWord: SearchWord? {
        hasOnly([.text]) && words.included.count == 1 ? words.included.first : nil
    }

    /// Whether no other field than states and windows has a value.
    private func hasOnly(_ fields: [RunFilterField]) -> Bool {
        let counted = Set([.state, .createdFrom, .createdTo, .endedFrom, .endedTo] + fields)
        return RunFilterField.all.allSatisfy { counted.contains($0) || value(of: $0) == nil }
    }
}
