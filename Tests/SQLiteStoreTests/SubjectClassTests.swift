import StoreCore
import Testing
import WorkflowModel

@Suite("Classes of runtimes and attempts")
struct SubjectClassTests {
    /// Around each bound, and far from all.
    private static let runtimes: [Int64] = [-1, 0, 1, 86_400_000 * 30] + RuntimeClass.bounds.flatMap { [$0 - 1, $0, $0 + 1] }

    @Test("the classes of a window have all of its runs, and whole ones no others")
    func runtimesInWindows() {
        let ends = Self.runtimes.map { Optional($0) } + [nil]
        for from in ends {
            for to in ends {
                let window = DurationWindow(from: from.map { .milliseconds($0) }, to: to.map { .milliseconds($0) })
                let set = RuntimeClass.subjects(in: window)
                #expect(Set(set.all).count == set.all.count && set.partial.count <= 2)
                for runtime in Self.runtimes {
                    let (subject, matches) = (RuntimeClass.subject(of: runtime), window.contains(.milliseconds(runtime)))
                    if set.whole.contains(subject) { #expect(matches, "\(runtime) in \(window)") }
                    if matches { #expect(set.all.contains(subject), "\(runtime) in \(window)") }
                }
            }
        }
    }

    @Test("a window from one bound to another has whole classes only")
    func boundsOfClasses() {
        let bounds = RuntimeClass.bounds
        #expect(bounds == bounds.sorted() && bounds.count == 15)
        let window = DurationWindow(from: .milliseconds(bounds[3]), to: .milliseconds(bounds[7]))
        #expect(RuntimeClass.subjects(in: window) == SubjectSet(.runtime, ["4", "5", "6", "7"]))
        #expect(RuntimeClass.subjects(in: DurationWindow(from: .seconds(2), to: .seconds(2))).all.isEmpty)
        // Half a millisecond is rounded up: no run of whole milliseconds is in between.
        let odd = RuntimeClass.subjects(in: DurationWindow(from: .microseconds(999_500), to: .seconds(2)))
        #expect(odd == SubjectSet(.runtime, ["1"]))
    }

    @Test("runs have a class by the number of their attempts, up to the last one, which has no end")
    func attempts() {
        #expect(AttemptClass.subject(of: 1) == nil && AttemptClass.subjects(from: 1) == nil)
        for least in 2...AttemptClass.most + 2 {
            guard let set = AttemptClass.subjects(from: least) else {
                Issue.record("no class has \(least) attempts")
                continue
            }
            #expect(set.partial.isEmpty == (least <= AttemptClass.most))
            for attempts in 1...AttemptClass.most + 3 {
                let subject = AttemptClass.subject(of: attempts)
                if let subject, set.whole.contains(subject) { #expect(attempts >= least) }
                if attempts >= least { #expect(subject.map(set.all.contains) == true) }
            }
        }
    }
}
