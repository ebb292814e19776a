import ArgumentParser
import WorkflowModel

struct Keys: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes and drops the keys that clients sign in with.",
        discussion: """
            Works on the store itself: before the first start, and while a service runs on it.

            EXAMPLE
              weir keys create --tenant acme --name dashboard --policy viewer
            """,
        subcommands: [KeysCreate.self, KeysList.self, KeysRotate.self, KeysDrop.self])
}

struct KeysCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Makes a key and shows its secret, once.",
        discussion: """
            EXAMPLE
              weir keys create --tenant acme --name deploy --policy admin --json
            """)

    @Option(help: ArgumentHelp("The tenant that the key is bound to.", valueName: "name"), transform: Reading.tenant)
    var tenant: Tenant

    @Option(help: "What the key is called in lists of runs.")
    var name: String

    @Option(
        help: "viewer (read), operator (read, start, stop) or admin (all).", transform: Reading.policy)
    var policy: AccessPolicy

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard !name.isEmpty, name.count <= 200, HumanText.printable(name) == name else {
            throw ValidationError("--name is 1 to 200 characters long and has no control characters.")
        }
    }

    func run() async throws {
        let made = try await AdministrationAccess.with(try data.location(), creating: true) {
            try await $0.createKey(tenant: tenant, name: name, policy: policy)
        }
        KeyPrinter.print(made, json: output.json)
    }
}

struct KeysList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the keys.",
        discussion: """
            EXAMPLE
              weir keys list --tenant acme
            """)

    @Option(help: ArgumentHelp("Those of this tenant only.", valueName: "name"), transform: Reading.tenant)
    var tenant: Tenant?

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let keys = try await AdministrationAccess.with(try data.location(), creating: false) { try await $0.keys(of: tenant) }
        KeyPrinter.print(keys, json: output.json)
    }
}

struct KeysRotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Gives a key a new secret and shows it, once.",
        discussion: """
            Tokens of the secret before stay valid for 30 days, or until weir keys drop --deposed. Older ones are dead within a second.

            EXAMPLE
              weir keys rotate wk_kq0FQmPzJx3vX1yR
            """)

    @Argument(help: "The client id of the key.")
    var id: String

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let made = try await AdministrationAccess.with(try data.location(), creating: false) { try await $0.rotateKey(id) }
        guard let made else { throw CommandFailure(.noInput, "There is no key \(id); weir keys list shows all.") }
        KeyPrinter.print(made, json: output.json)
    }
}

struct KeysDrop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop",
        abstract: "Drops a key, or only the secret that a rotation left behind.",
        discussion: """
            All tokens of what is dropped are dead within a second.

            EXAMPLE
              weir keys drop wk_kq0FQmPzJx3vX1yR --deposed
            """)

    @Argument(help: "The client id of the key.")
    var id: String

    @Flag(help: "Only the deposed secret; the key stays.")
    var deposed = false

    @OptionGroup var data: DataOptions

    func run() async throws {
        let wasThere = try await AdministrationAccess.with(try data.location(), creating: false) {
            try await $0.dropKey(id, onlyDeposed: deposed)
        }
        guard wasThere else {
            let what = deposed ? "There is no key \(id) with a deposed secret" : "There is no key \(id)"
            throw CommandFailure(.noInput, "\(what); weir keys list shows all.")
        }
        Console.standard.note(deposed ? "The deposed secret of \(id) is dropped." : "The key \(id) is dropped.")
    }
}
