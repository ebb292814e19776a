import ArgumentParser
import Testing
import WorkflowModel

@testable import weir

/// `docs/reference/cli.md`: the help of every verb.
enum CommandReference {
    static func text() throws -> String {
        let tool = try #require(JSONValue(json: Weir._dumpHelp().utf8))
        let root = try #require(tool["command"])
        let verbs = commands(below: root)
        let contents = verbs.map { "[`\($0.name)`](#\(Markdown.anchor($0.name))): \($0.command["abstract"]?.string ?? "")" }
        return ([introduction(root), Markdown.list(contents)] + verbs.map(section)).joined(separator: "\n\n") + "\n"
    }

    private typealias Command = (name: String, command: JSONValue)

    /// Every command in the order of the help; the verbs of a group follow it.
    private static func commands(below command: JSONValue, name: String = "weir") -> [Command] {
        command["subcommands"].items.flatMap { inner -> [Command] in
            let innerName = "\(name) \(inner["commandName"]?.string ?? "")"
            guard inner["commandName"]?.string != "help" else { return [] }
            return [(innerName, inner)] + commands(below: inner, name: innerName)
        }
    }

    private static func introduction(_ root: JSONValue) -> String {
        """
        # Command line reference

        \(Markdown.wrapped(Markdown.prose(root["abstract"]?.string ?? "")))

        \(discussion(of: root))

        `-h` and `--help` explain every verb. [Exit codes](exit-codes.md) has the meaning of each exit code.

        ## Verbs that need a running service

        \(Markdown.wrapped("""
            `apply`, `configs`, `start`, `rerun`, `schedule`, `backfill`, `runs`, `show`, `why`, `logs`, `stop`, `token`, `alerts list`, \
            `alerts resend` and `alerts receivers test` use the API. `keys`, `tenants`, the other verbs of `alerts receivers`, `import`, `retention`, `check` and `move` work on the store itself \
            (`--data` or `--database`), with or without a running service. Only `serve`, `demo` and `keys create` create a store. `schema` needs neither.
            """))

        ## Environment variables

        \(Markdown.table(["Variable", "Meaning"], [
            ["`WEIR_URL`", "The address of the service. Default: `http://127.0.0.1:8080`"],
            ["`WEIR_TENANT`", "The tenant. `--tenant` takes precedence."],
            ["`WEIR_TOKEN`", "An access token. It takes precedence over the key."],
            ["`WEIR_CLIENT_ID`, `WEIR_CLIENT_SECRET`", "A key, with which the verbs get access tokens."],
        ]))

        ## Waiting and retrying

        \(Markdown.wrapped("""
            When the service answers with `Retry-After`, a verb waits that long and sends the request again, if it may be handled twice. It does so \
            at most 8 times and waits at most 60 s each time. A line on standard error says so.
            """))

        ## Tables

        \(Markdown.wrapped("""
            In a terminal, a table is as wide as the terminal. Long texts wrap or end with `…`; then the least important columns are left out. \
            `--json`, a file and a pipe get everything.
            """))

        ## Verbs
        """
    }

    private static func section(_ command: Command) -> String {
        let arguments = command.command["arguments"].items.filter { $0["valueName"]?.string != "help" }
        let shown = arguments.filter { $0["shouldDisplay"] == .bool(true) && $0.name != "--help" }
        let groups = command.command["subcommands"].items.filter { $0["commandName"]?.string != "help" }
        var parts = ["### \(command.name)", Markdown.wrapped(Markdown.prose(command.command["abstract"]?.string ?? ""))]
        if groups.isEmpty {
            parts.append(Markdown.block(usage(command.name, shown), "text"))
        }
        let discussion = discussion(of: command.command)
        if !discussion.isEmpty { parts.append(discussion) }
        let positional = shown.filter { $0["kind"]?.string == "positional" }
        let options = shown.filter { $0["kind"]?.string != "positional" }
        if !positional.isEmpty { parts.append("**Arguments**\n\n" + Markdown.list(positional.map(item))) }
        if !options.isEmpty { parts.append("**Options**\n\n" + Markdown.list(options.map(item))) }
        if options.contains(where: { $0.name == "--wait" }) {
            parts.append("With `--wait`, the [exit code](exit-codes.md) tells how the run ended.")
        }
        return parts.joined(separator: "\n\n")
    }

    /// One line with the arguments and the required options; `[options]` stands for the others.
    private static func usage(_ name: String, _ arguments: [JSONValue]) -> String {
        let required = arguments.filter { $0["kind"]?.string != "positional" && $0["isOptional"] != .bool(true) }
        let positional = arguments.filter { $0["kind"]?.string == "positional" }
        let hasOptions = arguments.count > required.count + positional.count
        var words = [name] + required.map(\.spelling)
        words += positional.map { $0["isOptional"] == .bool(true) ? "[\($0.spelling)]" : $0.spelling }
        if hasOptions { words.append("[options]") }
        return words.joined(separator: " ")
    }

    private static func item(_ argument: JSONValue) -> String {
        var text = "`\(argument.spelling)`: " + Markdown.prose(argument["abstract"]?.string ?? "")
        var notes: [String] = []
        if case .array(let values)? = argument["allValues"], argument["kind"]?.string != "flag" {
            notes.append("Values: \(Markdown.listed(values.compactMap(\.string), "and")).")
        }
        if let standard = argument["defaultValue"]?.string, argument["kind"]?.string != "flag" {
            notes.append("(default: \(standard))")
        }
        if !notes.isEmpty { text += " " + notes.joined(separator: " ") }
        return text
    }

    /// Paragraphs as prose, and the examples, which are indented in the help, as a block.
    private static func discussion(of command: JSONValue) -> String {
        var parts: [String] = []
        var example: [String] = []
        func endExample() {
            guard !example.isEmpty else { return }
            parts.append(Markdown.block(example.joined(separator: "\n"), "text"))
            example = []
        }
        for line in (command["discussion"]?.string ?? "").split(separator: "\n", omittingEmptySubsequences: true) {
            if line.hasPrefix("  ") {
                example.append(String(line.dropFirst(2)))
            } else if line == "EXAMPLE" {
                endExample()
                parts.append("**Example**")
            } else {
                endExample()
                parts.append(Markdown.wrapped(Markdown.prose(String(line))))
            }
        }
        endExample()
        return parts.joined(separator: "\n\n")
    }
}

extension JSONValue {
    fileprivate var name: String {
        self["preferredName"].map { name in
            name["kind"]?.string == "short" ? "-\(name["name"]?.string ?? "")" : "--\(name["name"]?.string ?? "")"
        } ?? ""
    }

    /// `--limit <number>`, `--json` or `<id>`.
    fileprivate var spelling: String {
        let value = "<\(self["valueName"]?.string ?? "value")>" + (self["isRepeating"] == .bool(true) ? "…" : "")
        return switch self["kind"]?.string {
        case "positional": value
        case "flag": name
        default: "\(name) \(value)"
        }
    }
}
