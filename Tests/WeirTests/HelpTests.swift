import ArgumentParser
import Testing

@testable import weir

@Suite("Help")
struct HelpTests {
    /// Every command of the program with the words that lead to it.
    static let commands: [(words: [String], command: any ParsableCommand.Type)] = {
        func below(_ command: any ParsableCommand.Type, _ words: [String]) -> [(words: [String], command: any ParsableCommand.Type)]
        {
            [(words, command)] + command.configuration.subcommands.flatMap { below($0, words + [name(of: $0)]) }
        }
        return below(Weir.self, ["weir"])
    }()

    private static func name(of command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? "\(command)".lowercased()
    }

    @Test func everyVerbOfTheDesignIsThere() {
        let verbs = Weir.configuration.subcommands.map(Self.name)
        #expect(
            verbs == [
                "serve", "demo", "keys", "tenants", "token", "apply", "configs", "start", "rerun", "schedule", "backfill", "runs",
                "show", "why", "logs", "stop", "alerts", "import", "retention", "check", "move",
            ])
    }

    @Test(arguments: commands.map { $0.words.joined(separator: " ") })
    func helpIsAsItWas(words: String) throws {
        let command = try #require(Self.commands.first { $0.words.joined(separator: " ") == words }).command
        let help = Weir.helpMessage(for: command, columns: 120)
        #expect(help.contains("EXAMPLE"))
        try Snapshot.check(help, "help-" + words.split(separator: " ").joined(separator: "-"))
    }
}
