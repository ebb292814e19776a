import StoreCore
import WorkflowModel

extension WordLimits {
    /// Words that a list looks up. More hardly leave out any other run.
    static let words = 4
    /// Texts and states of a word with a walk each. More share one walk, so that few statements have to be planned.
    static let walks = 3
}

extension PostgresConnection {
    /// The filed runs that have the word that fewest runs have; nil where no word is looked up, or others leave as few.
    /// - Parameter others: runs that another condition leaves.
    func runsWithWords(of filter: RunFilter, _ selection: RunSelection, fewerThan others: Int64) throws -> FiledRuns? {
        guard !filter.words.included.isEmpty, try !hasOlderRuns() else { return nil }
        var best: FiledRuns?
        // A long word is rarer than a short one.
        for word in filter.words.included.sorted(by: { $0.text.utf8.count > $1.text.utf8.count }).prefix(WordLimits.words) {
            guard let found = try found(word, in: selection.tenant), let runs = try runs(with: found, filter) else { continue }
            if runs.count < best?.count ?? others { best = runs }
            // One step of a search reads them all.
            if runs.count <= SearchBudget.step { break }
        }
        return best
    }

    /// nil when counting takes too long, or many runs of many texts have the word.
    private func runs(with word: FoundWord, _ filter: RunFilter) throws -> FiledRuns? {
        guard let counts = try counts(ofTexts: word.texts, filter) else { return nil }
        var runs = FiledRuns()
        var begins: [MarkKey: [Int64]] = [:]
        for count in counts {
            runs.add(count.runs, at: count.begin)
            begins[count.key, default: []].append(count.begin)
        }
        if begins.count <= WordLimits.walks {
            runs.walks = begins.keys.map { .marks(subject: $0.subject, $0.state) }
        } else {
            guard runs.count <= WordLimits.listed || begins.count <= RunWalks.mostWithMarks else { return nil }
            runs.walks = [.sharedMarks(begins)]
        }
        let ids = word.ids.filter { $0.isIn(filter) }
        if !ids.isEmpty {
            runs.walks.append(.listed(ids.map { ListedPlace(createdAt: $0.createdAt, id: $0.id) }))
            for run in ids { runs.add(1, at: MarkStretches.begin(of: run.createdAt)) }
        }
        return runs
    }

    private func counts(ofTexts texts: [Int], _ filter: RunFilter) throws -> [(key: MarkKey, begin: Int64, runs: Int64)]? {
        guard !texts.isEmpty else { return [] }
        let (from, to) = filter.window(of: .created)
        return try lookingUp {
            try rows(
                WordStatement.counts, Column(texts), Column(filter.possibleStates),
                from.map { CountStep.day.start(of: Timestamp(milliseconds: $0)).milliseconds } ?? .min, to ?? .max
            ) { columns in
                (MarkKey(subject: try columns.next(), state: try columns.next()), try columns.next(), try columns.next())
            }
        }
    }
}
