import ArgumentParser
import WorkflowAPI
import WorkflowClient
import WorkflowModel
import WorkflowOperations

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

struct Secrets: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Sets the passwords and tokens that workflows use.",
        discussion: """
            A workflow uses a secret as ${secrets.NAME} in env, and in headers, JSON bodies and client certificates of HTTP tasks. Values are encrypted, \
            masked in everything that tasks leave behind, and never shown again.

            EXAMPLE
              weir secrets set warehouse < password.txt
              weir secrets list
            """,
        subcommands: [SecretsList.self, SecretsSet.self, SecretsDelete.self, SecretsRekey.self],
        defaultSubcommand: SecretsList.self)
}

struct SecretsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the secrets of the tenant by name: version, time and author, never a value.",
        discussion: """
            EXAMPLE
              weir secrets list
            """)

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        let secrets = try await client.client().secrets()
        if output.json {
            try console.print(JSONOutput.list(secrets) { $0.secret($1) })
        } else if secrets.isEmpty {
            console.note("No secret yet. Set one with weir secrets set NAME.")
        } else {
            try console.print(SecretTables.list(secrets, width: console.outputWidth).text())
        }
    }
}

struct SecretsSet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Sets a secret, in place of the value that it has.",
        discussion: """
            The value comes from standard input or a file, never from an argument, which other users could see. It has \
            \(SecretRule.shortestValue) to \(SecretRule.longestValue) bytes of text. Of a single line, the line break at its end is removed. \
            A name has \(SecretRule.nameWords.replacing("`", with: "")).

            EXAMPLE
              weir secrets set warehouse < password.txt
              weir secrets set deploy-key --file id_ed25519
            """)

    @Argument(help: "Name of the secret.", transform: Reading.secretName)
    var name: String

    @Option(help: ArgumentHelp("File with the value. (default: standard input)", valueName: "file"))
    var file: String?

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let value = try await readValue()
        let secret = try await client.client().setSecret(value, as: name)
        if output.json { return try Console.standard.print(JSONOutput.text { $0.secret(secret) }) }
        Console.standard.note("Set the secret \(secret.name), version \(secret.version).")
    }

    private func readValue() async throws -> SecretValue {
        if file == nil, isatty(STDIN_FILENO) == 1 {
            throw CommandFailure(
                .usage,
                "The value would be shown while it is typed. Pipe it: weir secrets set \(name) < FILE, or name a file with --file.")
        }
        let path = file
        let place = path ?? "Standard input"
        let read = try await OwnThread.run { try BoundedFile(path, upTo: SecretRule.longestValue + 2, called: place) }
        do throws(SecretValueError) {
            return try SecretValue(input: read.bytes)
        } catch {
            if case .tooLong = error {
                throw CommandFailure(.data, "\(place) has more than \(SecretRule.longestValue) bytes, the most of a secret.")
            }
            throw CommandFailure(.data, "The value in \(path ?? "standard input") \(error.problem).")
        }
    }
}

struct SecretsDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Deletes a secret. Tasks that name it fail from their next attempt on.",
        discussion: """
            EXAMPLE
              weir secrets delete warehouse
            """)

    @Argument(help: "Name of the secret.", transform: Reading.secretName)
    var name: String

    @OptionGroup var client: ClientOptions

    func run() async throws {
        try await client.client().deleteSecret(named: name)
        Console.standard.note("Deleted the secret \(name).")
    }
}

struct SecretsRekey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rekey",
        abstract: "Encrypts all secrets under another key.",
        discussion: """
            Works directly on the store, also while a service runs. In a data directory, the service makes a new key and removes the \
            old one. A file of --secrets-key-file is yours: put the new key (openssl rand -base64 32) before the old one on all \
            nodes, run this, then remove the old one. Exits with 65 when a secret could not be decrypted.

            EXAMPLE
              weir secrets rekey
              weir secrets rekey --database postgres://weir@db.example/weir \\
                  --secrets-key-file /etc/weir/secrets.key
            """)

    @OptionGroup var data: DataOptions
    @OptionGroup var keys: SecretKeyOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if data.database != nil, keys.secretsKeyFile == nil {
            throw ValidationError("--database needs --secrets-key-file: the file with the keys of all nodes.")
        }
    }

    func run() async throws {
        let console = Console.standard
        let report = try await StoreAccess.with(try data.location(), creating: false, keyFile: keys.secretsKeyFile) {
            try await $0.rekeySecrets()
        }
        if output.json {
            try console.print(JSONOutput.text { $0.rekeyReport(report) })
        } else {
            console.note(SecretTables.text(report))
        }
        guard report.unreadable.isEmpty else {
            throw CommandFailure(
                .data,
                "Secrets that the keys do not open: \(RekeyReport.listed(report.unreadable)). They were left as they are. Set them again."
            )
        }
    }
}
