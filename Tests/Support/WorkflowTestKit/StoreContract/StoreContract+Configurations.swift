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
