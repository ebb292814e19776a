package import WorkflowModel

/// A filter whose only condition beside states, windows and types excludes values. Its runs are those of one filter without those of
/// another, and stores have counts of both.
package struct FilterDifference: Equatable {
    /// The filter without the condition.
    package var all: RunFilter
    /// The runs with an excluded value.
    package var excluded: RunFilter

    /// nil for another filter.
    package init?(_ filter: RunFilter) {
        (all, excluded) = (filter, filter)
        let choices: [WritableKeyPath<RunFilter, TextChoice>] = [\.configurations, \.principals, \.errorTypes]
        for choice in choices where filter[keyPath: choice].included == nil {
            let values = filter[keyPath: choice].excluded
            guard !values.isEmpty else { continue }
            all[keyPath: choice] = TextChoice()
            excluded[keyPath: choice] = TextChoice(included: values)
        }
        // A run may have several labels, and words.
        if filter.labels.included.isEmpty, filter.labels.excluded.count == 1 {
            all.labels = LabelChoice()
            excluded.labels.included = filter.labels.excluded
            excluded.labels.excluded = []
        }
        if filter.words.included.isEmpty, filter.words.excluded.count == 1, let word = filter.words.excluded.first {
            all.words = RunWords()
            excluded.words = RunWords()
            excluded.words.include(word)
        }
        guard filter != all, !all.hasAddedConditions, excluded.countedSubjects != nil || excluded.onlyWord != nil else {
            return nil
        }
    }
}
