package import WorkflowModel

/// Classes of runtimes. Runs that have ended are filed by them, so that a list of long or short runs reads few others.
package enum RuntimeClass {
    /// The bounds between classes, in milliseconds: durations that people ask for. Runs in a window from one to another are counted
    /// without looking at any of them.
    package static let bounds: [Int64] =
        [1, 2, 5, 10, 30].map { $0 * 1_000 } + [1, 2, 5, 10, 30].map { $0 * 60_000 } + [1, 2, 5, 12, 24].map { $0 * 3_600_000 }

    /// - Parameter runtime: in milliseconds. It is negative where a clock was set back.
    package static func subject(of runtime: Int64) -> RunSubject {
        subject(numbered: bounds.count { $0 <= runtime })
    }

    /// The classes with runs in a window.
    package static func subjects(in window: DurationWindow) -> SubjectSet {
        let (from, to) = (window.from?.wholeMilliseconds ?? .min, window.to?.wholeMilliseconds ?? .max)
        var set = SubjectSet(.runtime)
        for number in 0...bounds.count {
            let least = number == 0 ? .min : bounds[number - 1]
            let end = number == bounds.count ? .max : bounds[number]
            if from <= least, end <= to {
                set.whole.append(subject(numbered: number))
            } else if from < end, least < to {
                set.partial.append(subject(numbered: number))
            }
        }
        return set
    }

    private static func subject(numbered number: Int) -> RunSubject { RunSubject(.runtime, String(number)) }
}

/// Numbers of attempts. Runs with more than one are filed by them.
package enum AttemptClass {
    /// Runs with as many attempts and those with more are filed alike.
    package static let most = 8

    /// nil for runs whose tasks all ended in their first attempt.
    package static func subject(of attempts: Int) -> RunSubject? {
        attempts > 1 ? RunSubject(.retried, String(min(attempts, most))) : nil
    }

    /// Those of runs with at least some number of attempts; nil for all runs.
    package static func subjects(from least: Int) -> SubjectSet? {
        guard least > 1 else { return nil }
        var set = SubjectSet(.retried)
        set.whole = (min(least, most + 1)..<most + 1).compactMap { subject(of: $0) }
        if least > most { set.partial = [RunSubject(.retried, String(most))] }
        return set
    }
}

extension Duration {
    /// Rounded up: whole milliseconds are at least the duration exactly when they are at least this number.
    package var wholeMilliseconds: Int64 { .milliseconds(milliseconds) < self ? milliseconds + 1 : milliseconds }
}
