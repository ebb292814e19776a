import Testing
public import WorkflowModel

extension StoreContract {
    /// Words that are looked for in the texts of runs.
    static let words: [Rule] = [
        Rule("Words are found in the name, the id, the workflow and the error's message, in any case") { bench in
            var byWorkflow = bench.endedRun("run-2")
            byWorkflow.origin.configuration = "cg-Needle-1"
            var byMessage = bench.endedRun("run-4", .failed)
            byMessage.error = RunError(attribution: nil, type: "a.b/c", message: "It lost a nEEdLe.")
            var elsewhere = bench.endedRun("run-5", .failed)
            elsewhere.type = "needle"
            elsewhere.principal = Principal(id: "needle", name: "needle")
            elsewhere.error = RunError(attribution: .customer, type: "needle/x", message: "-", data: JSONText(.string("needle")))
            elsewhere.origin.labels = RunLabels([RunLabel(key: "needle", value: "needle")].compactMap(\.self))
            elsewhere.origin.schedule = "needle"
            var byName = bench.endedRun("run-1")
            byName.name = "A NEEDLE in the name"
            try await bench.importAll([byName, byWorkflow, bench.endedRun("needle-3"), byMessage, elsewhere])
            #expect(try await bench.ids(.reading([.text: "needle"])) == ["needle-3", "run-1", "run-2", "run-4"])
            #expect(try await bench.ids(.reading([.notText: "NEEDLE"])) == ["run-5"])
            // Each word may occur in another text, and every one has to occur.
            #expect(try await bench.ids(.reading([.text: "needle", .text: "daily"])) == ["needle-3", "run-2", "run-4"])
            #expect(try await bench.ids(.reading([.text: "needle", .notText: "lost"])) == ["needle-3", "run-1", "run-2"])
        },
        Rule("Every word finds what a search in memory finds, whatever its script and its characters") { bench in
            let runs = try await bench.importVaried(200)
            for word in Vocabulary.words {
                for field in [RunFilterField.text, .notText] {
                    let query = RunQuery(
                        tenant: StoreBench.acme, filter: try .reading([field: word]), limit: 1_000, withTotal: true)
                    let page = try await bench.store.runs(matching: query)
                    let problem = runs.problem(with: page, for: query) ?? runs.problem(with: page.total, for: query)
                    #expect(problem == nil, "\(query.text)")
                }
            }
        },
        Rule("Words do not cross from one text to the next, and no separator matches") { bench in
            var run = bench.endedRun("wf-x", .failed)
            run.name = "ab"
            run.origin.configuration = "cd"
            run.error = RunError(attribution: nil, type: "t/t", message: "ef")
            try await bench.importAll([run])
            for word in ["abwf", "abcd", "cdef", "ab wf", "ab\nwf", "xcd", "x,cd", "ab cd", "cd ef", "\n\n", "  "] {
                #expect(try await bench.ids(.reading([.text: word])) == [], "\(word.debugDescription)")
            }
            for word in ["ab", "wf-x", "cd", "ef"] { #expect(try await bench.ids(.reading([.text: word])) == ["wf-x"]) }
        },
        Rule("A word is found in a long text, at its beginning and at its end") { bench in
            var run = bench.endedRun("wf-1", .failed)
            let middle = String(repeating: "x", count: 900_000)
            run.error = RunError(attribution: nil, type: "t/t", message: "Beginning " + middle + " Ü-end")
            try await bench.importAll([run, bench.endedRun("wf-2")])
            for word in ["beginning x", "x ü-END", String(repeating: "X", count: RunWords.characters.upperBound)] {
                #expect(try await bench.ids(.reading([.text: word])) == ["wf-1"])
            }
        },
        Rule("The words of a run are those of its present error") { bench in
            let id = try await bench.start(configuration: "cg-words")
            let filter = try RunFilter.reading([.text: "no such TABLE"])
            let stopped = try RunFilter.reading([.text: "manually"])
            #expect(try await bench.ids(filter).isEmpty)
            let lease = try await bench.claimOne()
            let fault = RunError(attribution: .customer, type: "test/fault", message: "No such table")
            _ = try await bench.store.commit([.began, .failed(fault)], under: lease, at: StoreBench.after(1))
            #expect(try await bench.ids(filter) == [id.rawValue])
            let other = try await bench.start(configuration: "cg-words")
            _ = try await bench.store.stopRun(other, of: StoreBench.acme, at: StoreBench.after(2))
            #expect(try await bench.ids(stopped) == [other.rawValue])
            #expect(try await bench.ids(.reading([.text: "CG-WORDS"])) == [id, other].map(\.rawValue).sorted())
        },
        Rule("Deleted runs are found by no word") { bench in
            let runs = try await bench.importVaried(120)
            try await bench.deleteEnded(createdBefore: StoreBench.after(60))
            var left = runs
            for run in runs.list(RunFilter(), RunSort(by: .created)) where run.endedAt != nil { left.remove(run.id) }
            for word in ["daily", "load", "wf-", "größe", "cg-"] {
                let query = RunQuery(tenant: StoreBench.acme, filter: try .reading([.text: word]), limit: 1_000, withTotal: true)
                try await bench.expectList(query, of: left)
            }
        },
    ]
}

extension StoreBench {
    /// Deletes all runs that have ended and were created before that time.
    public func deleteEnded(createdBefore cutoff: Timestamp) async throws {
        var place: RetentionPlace?
        repeat {
            place = try await store.deleteEndedRunsOfAllTenants(createdBefore: cutoff, from: place, addingToStatistics: true).next
        } while place != nil
    }
}
