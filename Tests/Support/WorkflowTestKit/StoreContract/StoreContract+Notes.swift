import Testing
import WorkflowModel

extension StoreContract {
    private static func note(_ text: String, at second: Double, by principal: Principal = StoreBench.someone) -> RunNote {
        RunNote(by: principal, at: StoreBench.after(second), text: text)
    }

    private static let ada = Principal(id: "wk_7", name: "Ada", email: "ada@example.com")

    /// Notes on runs.
    static let notes: [Rule] = [
        Rule("Notes are kept in the order in which they were written, and change nothing else of the run") { bench in
            let id = try await bench.start()
            let other = try await bench.start(configuration: "cg-other", at: StoreBench.after(1))
            try await bench.succeed(bench.claimOne(), at: StoreBench.after(2))
            let before = try await bench.details(id)
            let total = try await bench.total()
            // The second one by a clock that was set back.
            let notes = [note("Late files.\n\t\"2\" of them; caf\u{E9} cafe\u{301} 🐕", at: 9, by: ada), note("x", at: 3)]
            for note in notes { #expect(try await bench.store.addNote(note, to: id, of: StoreBench.acme) == .written) }
            var after = try await bench.details(id)
            #expect(after.notes == notes)
            after.notes = []
            #expect(after == before)
            #expect(try await bench.total() == total)
            #expect(try await bench.details(other).notes.isEmpty)
            // A run that goes on, too.
            #expect(try await bench.store.addNote(note("y", at: 4), to: other, of: StoreBench.acme) == .written)
            let all = [id, other, RunID(rawValue: "wf-none")]
            #expect(
                try await bench.store.notes(on: all, of: StoreBench.acme) == [id: notes, other: [note("y", at: 4)]])
            #expect(try await bench.store.noteCounts(on: all, of: StoreBench.acme) == [id: 2, other: 1])
            #expect(try await bench.store.notes(on: [], of: StoreBench.acme).isEmpty)
            try await bench.expectNothingWrong(at: StoreBench.after(10))
        },
        Rule("Notes belong to the run's tenant") { bench in
            let id = try await bench.start()
            _ = try await bench.store.addNote(note("ours", at: 1), to: id, of: StoreBench.acme)
            for tenant in [StoreBench.globex, StoreBench.tenant("nobody")] {
                #expect(try await bench.store.addNote(note("theirs", at: 2), to: id, of: tenant) == .noSuchRun)
                #expect(try await bench.store.notes(on: [id], of: tenant).isEmpty)
                #expect(try await bench.store.noteCounts(on: [id], of: tenant).isEmpty)
            }
            let missing = RunID(rawValue: "wf-none")
            #expect(try await bench.store.addNote(note("x", at: 3), to: missing, of: StoreBench.acme) == .noSuchRun)
            #expect(try await bench.details(id).notes.map(\.text) == ["ours"])
        },
        Rule("A run has so many notes and no more") { bench in
            let id = try await bench.start()
            for number in 1...RunNote.most {
                #expect(
                    try await bench.store.addNote(note("\(number)", at: Double(number)), to: id, of: StoreBench.acme) == .written)
            }
            #expect(try await bench.store.addNote(note("more", at: 200), to: id, of: StoreBench.acme) == .tooMany)
            #expect(try await bench.details(id).notes.map(\.text) == (1...RunNote.most).map(String.init))
        },
        Rule("Imported history keeps its notes, and takes more of them") { bench in
            let run = bench.endedRun("old-1")
            let imported = ImportedRun(run: run, notes: [note("from there", at: -9, by: ada), note("too", at: -8)])
            _ = try await bench.store.importRuns([imported], into: StoreBench.acme)
            // Importing again changes nothing.
            _ = try await bench.store.importRuns([imported], into: StoreBench.acme)
            #expect(try await bench.store.addNote(note("from here", at: 5), to: run.id, of: StoreBench.acme) == .written)
            #expect(try await bench.details(run.id).notes == imported.notes + [note("from here", at: 5)])
            try await bench.expectNothingWrong()
        },
        Rule("A deleted run takes its notes with it") { bench in
            let run = bench.endedRun("old-1")
            _ = try await bench.store.importRuns([ImportedRun(run: run, notes: [note("x", at: 1)])], into: StoreBench.acme)
            let own = try await bench.start()
            try await bench.succeed(bench.claimOne(), at: StoreBench.after(2))
            _ = try await bench.store.addNote(note("y", at: 3), to: own, of: StoreBench.acme)
            let kept = try await bench.start(configuration: "cg-going")
            _ = try await bench.store.addNote(note("z", at: 3), to: kept, of: StoreBench.acme)
            #expect(try await bench.retain(createdBefore: StoreBench.after(100)) == 2)
            #expect(
                try await bench.store.notes(on: [run.id, own, kept], of: StoreBench.acme) == [kept: [note("z", at: 3)]])
            // The same id is another run now.
            _ = try await bench.store.importRuns([ImportedRun(run: run)], into: StoreBench.acme)
            #expect(try await bench.details(run.id).notes.isEmpty)
            try await bench.expectNothingWrong(at: StoreBench.after(200))
        },
    ]
}
