import ArgumentParser
import Testing

@testable import weir

@Suite("Help")
struct HelpTests {
    /// All commands of the program, with their words on the command line.
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

    @Test func allVerbsExist() {
        let verbs = Weir.configuration.subcommands.map(Self.name)
        #expect(
            verbs == [
                "serve", "demo", "keys", "tenants", "token", "validate", "apply", "schema", "configs", "run", "start", "rerun",
                "schedule", "triggers",
                "backfill",
                "pause", "resume", "runs", "statistics", "views", "show", "why", "logs", "stop", "resolve", "bulk", "note",
                "notify",
                "alerts", "secrets", "import",
                "audit", "retention",
                "check", "move",
            ])
    }

    /// The parser wraps lines at the width of the terminal. A text with its own line breaks would be wrapped twice.
    @Test(arguments: commands.map { $0.words.joined(separator: " ") })
    func helpIsWrappedOnce(words: String) throws {
        let command = try #require(Self.commands.first { $0.words.joined(separator: " ") == words }).command
        let help = HelpText.wrappingUsage(in: Weir.helpMessage(for: command, columns: 80), columns: 80)
        for line in help.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        let prose = Weir.helpMessage(for: command, columns: 10_000).split(separator: "\n").prefix { !$0.hasPrefix("USAGE") }
        for line in prose where !line.hasPrefix(" ") && line != "EXAMPLE" {
            #expect([".", ":"].contains(line.last), "\(line)")
        }
    }

    @Test(arguments: commands.map { $0.words.joined(separator: " ") })
    func helpMatchesItsSnapshot(words: String) throws {
        let command = try #require(Self.commands.first { $0.words.joined(separator: " ") == words }).command
        let help = HelpText.wrappingUsage(in: Weir.helpMessage(for: command, columns: 120), columns: 120)
        #expect(help.contains("EXAMPLE"))
        #expect(help.split(separator: "\n").count(where: { $0.hasPrefix("  --version") }) <= 1)
        try Snapshot.check(help, "help-" + words.split(separator: " ").joined(separator: "-"))
    }

    @Test func theUsageLineIsWrappedBetweenOptions() {
        let usage = "USAGE: weir x [--created-from <time>] --from <time> [--state <state> ...] <id>\n\nOPTIONS:\n  -h"
        #expect(
            HelpText.wrappingUsage(in: usage, columns: 47)
                == "USAGE: weir x [--created-from <time>]\n       --from <time> [--state <state> ...] <id>\n\nOPTIONS:\n  -h")
        #expect(HelpText.wrappingUsage(in: usage, columns: 80) == usage)
        #expect(
            HelpText.wrappingUsage(in: "Error: no\nUsage: weir x <a> <b>", columns: 18)
                == "Error: no\nUsage: weir x <a>\n       <b>")
    }
}
