import Testing
import WorkflowModel

extension StoreContract {
    static let configurations: [Rule] = [
        Rule("Every change of a configuration creates a version, and earlier ones stay") { bench in
            let first = try await bench.store.saveConfiguration(
                bench.draft("cg-1", text: "one", directory: "/srv"), at: StoreBench.start)
            #expect(first.change == .created)
            #expect(first.version.number == 1)
            #expect(first.version.createdAt == StoreBench.start)
            #expect(first.version.createdBy == StoreBench.someone)
            #expect(first.version.source == ConfigurationSource(text: "one", format: .yaml, directory: "/srv"))
            let second = try await bench.store.saveConfiguration(
                bench.draft("cg-1", text: "two", directory: "/srv"), at: StoreBench.after(1))
            #expect(second.change == .updated)
            #expect(second.version.number == 2)
            #expect(try await bench.store.configuration("cg-1", of: StoreBench.acme) == second.version)
            #expect(try await bench.store.configurationVersion(first.version.id, of: StoreBench.acme) == first.version)
            #expect(try await bench.store.configurationVersion(second.version.id, of: StoreBench.acme) == second.version)
        },
        Rule("An unchanged text in an unchanged directory creates no version") { bench in
            let draft = bench.draft("cg-1", text: "one", directory: "/srv")
            let first = try await bench.store.saveConfiguration(draft, at: StoreBench.start)
            let again = try await bench.store.saveConfiguration(
                bench.draft("cg-1", text: "one", directory: "/srv"), at: StoreBench.after(1))
            #expect(again == SavedConfiguration(version: first.version, change: .unchanged))
            let moved = try await bench.store.saveConfiguration(
                bench.draft("cg-1", text: "one", directory: "/opt"), at: StoreBench.after(2))
            #expect(moved.change == .updated)
            let nowhere = try await bench.store.saveConfiguration(bench.draft("cg-1", text: "one"), at: StoreBench.after(3))
            #expect(nowhere.version.number == 3)
            // An older text is a change as well.
            let back = try await bench.store.saveConfiguration(draft.renamed(by: bench), at: StoreBench.after(4))
            #expect(back.version.number == 4)
        },
        Rule("Other code in the directory creates a version, which keeps its commit") { bench in
            let commit = String(repeating: "0f", count: 20)
            let (clean, dirty) = (CodeVersion(commit: commit, isDirty: false), CodeVersion(commit: commit, isDirty: true))
            func save(_ code: CodeVersion?, at seconds: Double) async throws -> SavedConfiguration {
                try await bench.store.saveConfiguration(
                    bench.draft("cg-1", text: "one", directory: "/srv", code: code), at: StoreBench.after(seconds))
            }
            let first = try await save(clean, at: 0)
            #expect(first.version.source.code == clean)
            #expect(try await save(clean, at: 1) == SavedConfiguration(version: first.version, change: .unchanged))
            let second = try await save(dirty, at: 2)
            #expect(second.change == .updated && second.version.number == 2)
            #expect(try await bench.store.configurationVersion(first.version.id, of: StoreBench.acme) == first.version)
            #expect(try await bench.store.configuration("cg-1", of: StoreBench.acme)?.source.code == dirty)
            #expect(try await bench.store.configurations(of: StoreBench.acme).map(\.source.code) == [dirty])
            let listed = try await bench.store.versions(
                of: "cg-1", tenant: StoreBench.acme, upTo: nil, limit: 10, withTexts: false)
            #expect(listed.map(\.source.code) == [dirty, clean])
            let unknown = try await save(nil, at: 3)
            #expect(unknown.change == .updated && unknown.version.source.code == nil)
        },
        Rule("A run has the code of the version it was launched with, and of the current one in the same directory") { bench in
            let (old, new) = (
                CodeVersion(commit: String(repeating: "0a", count: 20), isDirty: false),
                CodeVersion(commit: String(repeating: "0b", count: 32), isDirty: true)
            )
            var plan = try await bench.plan([StoreBench.task("only")], configuration: "cg-code")
            func save(_ code: CodeVersion?, in directory: String = "/srv", at seconds: Double) async throws {
                let saved = try await bench.store.saveConfiguration(
                    bench.draft("cg-code", text: "code", directory: directory, code: code), at: StoreBench.after(seconds))
                if seconds == 1 { plan.version = saved.version.id }
            }
            func codes() async throws -> [CodeVersion?] {
                let details = try await bench.details(plan.id)
                return [details.code, details.currentCode]
            }
            try await save(old, at: 1)
            #expect(try await bench.store.createRun(plan, once: nil).details.code == nil)
            #expect(try await codes() == [old, old])
            try await save(new, at: 2)
            #expect(try await codes() == [old, new])
            try await save(new, in: "/opt", at: 3)
            #expect(try await codes() == [old, nil])
            try await save(nil, at: 4)
            #expect(try await codes() == [old, nil])
            #expect(try await bench.store.deleteConfiguration("cg-code", of: StoreBench.acme, at: StoreBench.after(5)))
            #expect(try await codes() == [old, nil])
        },
        Rule("The versions of a deleted configuration stay, and a new one continues their numbers") { bench in
            let first = try await bench.store.saveConfiguration(bench.draft("cg-1", text: "one"), at: StoreBench.start)
            #expect(try await bench.store.deleteConfiguration("cg-1", of: StoreBench.acme, at: StoreBench.after(1)))
            #expect(try await bench.store.deleteConfiguration("cg-1", of: StoreBench.acme, at: StoreBench.after(2)) == false)
            #expect(try await bench.store.configuration("cg-1", of: StoreBench.acme) == nil)
            #expect(try await bench.store.configurations(of: StoreBench.acme).isEmpty)
            #expect(try await bench.store.configurationVersion(first.version.id, of: StoreBench.acme) == first.version)
            let again = try await bench.store.saveConfiguration(bench.draft("cg-1", text: "one"), at: StoreBench.after(3))
            #expect(again.change == .created)
            #expect(again.version.number == 2)
        },
        Rule("Deleting a configuration does not affect active runs") { bench in
            let id = try await bench.start()
            #expect(try await bench.store.deleteConfiguration("cg-daily", of: StoreBench.acme, at: StoreBench.after(1)))
            try await bench.succeed(bench.claimOne(at: StoreBench.after(2)), at: StoreBench.after(2))
            #expect(try await bench.details(id).run.state == .succeeded)
        },
        Rule("Configurations are listed by id, each with its current version") { bench in
            for (id, text) in [("b", "1"), ("a", "2"), ("c", "3"), ("a", "4")] {
                _ = try await bench.store.saveConfiguration(bench.draft(id, text: text), at: StoreBench.start)
            }
            let listed = try await bench.store.configurations(of: StoreBench.acme)
            #expect(listed.map(\.configuration) == ["a", "b", "c"])
            #expect(listed.map(\.source.text) == ["4", "1", "3"])
        },
        Rule("Configurations belong to a tenant") { bench in
            let mine = try await bench.store.saveConfiguration(bench.draft("cg-1", text: "mine"), at: StoreBench.start)
            #expect(try await bench.store.configuration("cg-1", of: StoreBench.globex) == nil)
            #expect(try await bench.store.configurations(of: StoreBench.globex).isEmpty)
            #expect(try await bench.store.configurationVersion(mine.version.id, of: StoreBench.globex) == nil)
            #expect(try await bench.store.deleteConfiguration("cg-1", of: StoreBench.globex, at: StoreBench.start) == false)
            let theirs = try await bench.store.saveConfiguration(
                bench.draft("cg-1", of: StoreBench.globex, text: "theirs"), at: StoreBench.start)
            #expect(theirs.change == .created)
            #expect(theirs.version.number == 1)
            #expect(try await bench.store.configuration("cg-1", of: StoreBench.acme) == mine.version)
        },
    ]
}

extension ConfigurationDraft {
    /// The same draft with another version id.
    fileprivate func renamed(by bench: StoreBench) -> ConfigurationDraft {
        var draft = self
        draft.version = ConfigurationVersionID(at: StoreBench.start, using: bench.random)
        return draft
    }
}
