import ArgumentParser
import WorkflowAPI
import WorkflowClient
import WorkflowModel

struct Views: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists and saves searches of runs, for everyone in the tenant.",
        discussion: """
            EXAMPLE
              weir views save failed-this-week 'state:failed since:7d'
              weir runs --view failed-this-week
            """,
        subcommands: [ViewsList.self, ViewsSave.self, ViewsShow.self, ViewsDelete.self], defaultSubcommand: ViewsList.self)
}

struct ViewsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the saved views of the tenant, by name.",
        discussion: """
            EXAMPLE
              weir views list
            """)

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        let views = try await client.client().views()
        if output.json {
            try console.print(JSONOutput.list(views) { $0.view($1) })
        } else if views.isEmpty {
            console.note("No view yet. Save one with weir views save NAME SEARCH.")
        } else {
            try console.print(ViewTables.list(views, width: console.outputWidth).text())
        }
    }
}

struct ViewsSave: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "save",
        abstract: "Saves a search under a name, in place of an earlier one with that name.",
        discussion: """
            Relative times stay relative: since:7d always means the last seven days. A name has 1 to 1,024 bytes without line \
            breaks or other invisible characters.

            EXAMPLE
              weir views save failed-this-week 'state:failed since:7d'
            """)

    @Argument(help: "Name of the view.", completion: .custom(ServiceCompletion.views), transform: Reading.viewName)
    var name: String

    @Argument(
        help: ArgumentHelp("Search, as with weir runs.", valueName: "search"), completion: .custom(SearchCompletion.candidates))
    var search: [String]

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    /// As it is typed, without the space that ``ExcludedTerms`` may have added.
    private var text: String { String(search.joined(separator: " ").drop { $0 == " " }) }

    func validate() throws {
        guard !text.isEmpty else {
            throw ValidationError("The search is empty. Accepted: a search, such as state:failed since:7d.")
        }
        do throws(RunSearchError) {
            _ = try RunSearch(reading: text, at: Reading.now)
        } catch {
            throw ValidationError(error.message)
        }
    }

    func run() async throws {
        let view = try await client.client().saveView(text, as: name)
        if output.json { return try Console.standard.print(JSONOutput.text { $0.view(view) }) }
        Console.standard.note("Saved the view \(HumanText.printable(view.name)). weir runs --view NAME lists its runs.")
    }
}

struct ViewsShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows a saved view: its search, and who saved it when.",
        discussion: """
            EXAMPLE
              weir views show failed-this-week
            """)

    @Argument(help: "Name of the view.", completion: .custom(ServiceCompletion.views), transform: Reading.viewName)
    var name: String

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        let view = try await client.client().view(named: name)
        try console.print(
            output.json ? JSONOutput.text { $0.view(view) } : ViewTables.facts(view, width: console.outputWidth))
    }
}

struct ViewsDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Deletes a saved view. Its runs stay.",
        discussion: """
            EXAMPLE
              weir views delete failed-this-week
            """)

    @Argument(help: "Name of the view.", completion: .custom(ServiceCompletion.views), transform: Reading.viewName)
    var name: String

    @OptionGroup var client: ClientOptions

    func run() async throws {
        try await client.client().deleteView(named: name)
        Console.standard.note("Deleted the view \(HumanText.printable(name)).")
    }
}
