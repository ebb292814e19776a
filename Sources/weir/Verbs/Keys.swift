import ArgumentParser
import WorkflowAPI
import WorkflowModel
import WorkflowOperations

struct Keys: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Manages the API keys of clients.",
        discussion: """
            Works directly on the store: before the first start, and while a service runs.

            EXAMPLE
              weir keys create --tenant acme --name dashboard --policy viewer
            """,
        subcommands: [KeysCreate.self, KeysList.self, KeysRotate.self, KeysDrop.self])
}

struct KeysCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Creates a key and shows its secret once.",
        discussion: """
            EXAMPLE
              weir keys create --tenant acme --name deploy --policy admin --json
            """)

    @OptionGroup var owner: TenantOptions

    @Option(help: "Name of the key, shown in lists of runs.")
    var name: String

    @Option(
        help: "viewer (read), operator (read, start, stop), admin (everything) or issuer (only issue tokens).",
        transform: Reading.policy)
    var policy: AccessPolicy

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let problem = NameRule.problem(with: name) {
            throw ValidationError("--name must be a text of \(NameRule.words); \"\(name.visible(upTo: 60))\" \(problem).")
        }
    }

    func run() async throws {
        let tenant = try owner.required()
        try await StoreAccess.with(try data.location(), creating: true) { administration in
            let made = try await administration.createKey(tenant: tenant, name: name, policy: policy)
            do throws(OutputFailure) {
                try KeyPrinter.reveal(made, json: output.json)
            } catch {
                throw await OneTimeSecret.withdraw(
                    "key", made.key.id, after: error, by: "weir keys drop \(made.key.id)",
                    { try await administration.dropKey(made.key.id, onlyPreviousSecret: false) })
            }
        }
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

    @OptionGroup var owner: TenantChoice

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let tenant = try owner.tenant()
        let keys = try await StoreAccess.with(try data.location(), creating: false) { try await $0.keys(of: tenant) }
        try KeyPrinter.print(keys, of: tenant, json: output.json)
    }
}

struct KeysRotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Gives a key a new secret and shows it once.",
        discussion: """
            Tokens of the previous secret stay valid for 30 days, or until weir keys drop --previous. Tokens of older secrets \
            become invalid within a second.

            EXAMPLE
              weir keys rotate wk_kq0FQmPzJx3vX1yR
            """)

    @Argument(help: "Client id of the key.")
    var id: String

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let unknown = CommandFailure(.noInput, "Key \(id) not found. weir keys list shows all keys.")
        try await StoreAccess.with(try data.location(), creating: false) { administration in
            guard var key = try await administration.keys(of: nil).first(where: { $0.id == id }) else { throw unknown }
            key.rotatedAt = SystemTime().now
            let secret = NewAPIKey.makeSecret(random: SystemRandom())
            try await OneTimeSecret.replace("key", id) { () throws(OutputFailure) in
                try KeyPrinter.reveal(KeyWithSecret(key: key, secret: secret), json: output.json)
            } storing: {
                guard try await administration.rotateKey(id, to: secret) != nil else { throw unknown }
            }
        }
    }
}

struct KeysDrop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop",
        abstract: "Drops a key, or only its previous secret.",
        discussion: """
            Its tokens become invalid within a second.

            EXAMPLE
              weir keys drop wk_kq0FQmPzJx3vX1yR --previous
            """)

    @Argument(help: "Client id of the key.")
    var id: String

    @Flag(help: "Drop only the previous secret; the key stays.")
    var previous = false

    @OptionGroup var data: DataOptions

    func run() async throws {
        let wasThere = try await StoreAccess.with(try data.location(), creating: false) {
            try await $0.dropKey(id, onlyPreviousSecret: previous)
        }
        guard wasThere else {
            let what = previous ? "Key \(id) not found, or it has no previous secret" : "Key \(id) not found"
            throw CommandFailure(.noInput, "\(what). weir keys list shows all keys.")
        }
        Console.standard.note(previous ? "Dropped the previous secret of key \(id)." : "Dropped key \(id).")
    }
}
