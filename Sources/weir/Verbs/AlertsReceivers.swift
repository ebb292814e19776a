import AlertDelivery
import ArgumentParser
import WorkflowAPI
import WorkflowClient
import WorkflowModel
import WorkflowOperations

struct AlertsReceivers: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receivers",
        abstract: "Manages the receivers of a tenant's alerts.",
        discussion: """
            Works directly on the store: before the first start, and while a service runs.
            Only test asks the service, which sends the alerts.

            EXAMPLE
              weir alerts receivers add --tenant acme --name ops \\
                  --url https://ops.example/hooks/weir --on failed,slow
            """,
        subcommands: [
            ReceiversAdd.self, ReceiversList.self, ReceiversRotate.self, ReceiversEnable.self, ReceiversDrop.self,
            ReceiversTest.self,
        ])
}

struct ReceiversAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Adds a receiver and shows its signing secret once.",
        discussion: """
            Without --on, the receiver gets only the alerts of configurations that name it.

            EXAMPLE
              weir alerts receivers add --tenant acme --name ops \\
                  --url https://ops.example/hooks/weir --on failed,tick-missed
              weir alerts receivers add --tenant acme --name chat --kind slack \\
                  --url https://hooks.slack.example/T/B/X --on failed
              weir alerts receivers add --tenant acme --name pager \\
                  --url https://pager.example/in --on failed --attribution platform
            """)

    @OptionGroup var owner: TenantOptions

    @Option(help: "Name of the receiver in configurations: lower-case letters, digits and hyphens.")
    var name: String

    @Option(help: ArgumentHelp("URL of the receiver: https://….", valueName: "address"))
    var url: String

    @Option(help: "webhook (signed JSON) or slack (text). (default: webhook)", transform: Reading.receiverKind)
    var kind: AlertReceiver.Kind = .webhook

    @Option(
        help: ArgumentHelp(
            "Events, separated by commas: failed, succeeded, stopped, warning, slow, tick-missed.", valueName: "events"),
        transform: Reading.alertEvents)
    var on: Set<AlertEvent> = []

    @Option(
        help: ArgumentHelp("Only failed runs with this attribution: customer or platform.", valueName: "attribution"),
        transform: Reading.attribution)
    var attribution: Attribution?

    @Option(name: .customLong("type"), help: ArgumentHelp("Only runs of this type; may be repeated.", valueName: "type"))
    var types: [String] = []

    @Option(
        name: .customLong("configuration"), help: ArgumentHelp("Only runs of this configuration; may be repeated.", valueName: "id")
    )
    var configurations: [String] = []

    @Flag(help: "Accept a private address or one of this machine. The service has to allow it too, with --alerts-allow.")
    var allowPrivate = false

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        do throws(APIError) {
            _ = try order()
        } catch {
            throw ValidationError(error.message)
        }
    }

    func run() async throws {
        let order = try order()
        // A refused address must not create a data directory.
        do {
            let policy = AddressPolicy(allowed: allowPrivate ? AddressRange.everything : [])
            try await policy.check(order.url, lookup: SystemAddressLookup(time: SystemTime()))
        } catch let problem as ReceiverAddressProblem {
            throw APIError.invalid(problem.message)
        }
        let tenant = try owner.required()
        try await StoreAccess.with(try data.location(), creating: false) { administration in
            let made = try await administration.createReceiver(order, of: tenant, allowingPrivate: allowPrivate)
            do throws(OutputFailure) {
                try AlertPrinter.reveal(made, json: output.json)
            } catch {
                throw await OneTimeSecret.withdraw(
                    "receiver", name, after: error, by: "weir alerts receivers drop \(name) --tenant \(tenant)",
                    { try await administration.dropReceiver(name, of: tenant) })
            }
        }
    }

    private func order() throws(APIError) -> ReceiverOrder {
        try ReceiverOrder(
            name: name, kind: kind, url: url,
            rule: AlertRule(events: on, attribution: attribution, types: types, configurations: configurations))
    }
}

struct ReceiversList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists receivers, without their secrets.",
        discussion: """
            EXAMPLE
              weir alerts receivers list --tenant acme
            """)

    @OptionGroup var owner: TenantChoice

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let tenant = try owner.tenant()
        let receivers = try await StoreAccess.with(try data.location(), creating: false) {
            try await $0.receivers(of: tenant)
        }
        try AlertPrinter.print(receivers, of: tenant, json: output.json)
    }
}

/// A receiver by name and tenant.
struct ReceiverChoice: ParsableArguments {
    @Argument(help: "Name of the receiver.")
    var name: String

    @OptionGroup var owner: TenantOptions

    func tenant() throws -> Tenant { try owner.required() }

    func unknown(to tenant: Tenant) -> CommandFailure {
        CommandFailure(.noInput, "The tenant \(tenant) has no receiver \(name). weir alerts receivers list shows all receivers.")
    }
}

struct ReceiversRotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Gives a receiver a new secret and shows it once.",
        discussion: """
            The previous secret also signs for 24 hours, so that the receiver can be updated in that time.

            EXAMPLE
              weir alerts receivers rotate ops --tenant acme
            """)

    @OptionGroup var receiver: ReceiverChoice
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let tenant = try receiver.tenant()
        try await StoreAccess.with(try data.location(), creating: false) { administration in
            let known = try await administration.receivers(of: tenant).first { $0.receiver.name == receiver.name }
            guard var shown = known else { throw receiver.unknown(to: tenant) }
            let secret = WebhookSecret.make(random: SystemRandom())
            shown.receiver.rotatedAt = SystemTime().now
            shown.secret = WebhookSecret.text(secret)
            try await OneTimeSecret.replace("receiver", receiver.name) { () throws(OutputFailure) in
                try AlertPrinter.reveal(shown, json: output.json)
            } storing: {
                let rotated = try await administration.rotateReceiver(receiver.name, of: tenant, to: secret)
                guard rotated != nil else { throw receiver.unknown(to: tenant) }
            }
        }
    }
}

struct ReceiversEnable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Enables a receiver that was disabled because it answered 410.",
        discussion: """
            EXAMPLE
              weir alerts receivers enable ops --tenant acme
            """)

    @OptionGroup var receiver: ReceiverChoice
    @OptionGroup var data: DataOptions

    func run() async throws {
        let tenant = try receiver.tenant()
        let enabled = try await StoreAccess.with(try data.location(), creating: false) {
            try await $0.enableReceiver(receiver.name, of: tenant)
        }
        guard enabled != nil else { throw receiver.unknown(to: tenant) }
        Console.standard.note("Enabled receiver \(receiver.name).")
    }
}

struct ReceiversDrop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop",
        abstract: "Drops a receiver and gives up its pending alerts.",
        discussion: """
            EXAMPLE
              weir alerts receivers drop ops --tenant acme
            """)

    @OptionGroup var receiver: ReceiverChoice
    @OptionGroup var data: DataOptions

    func run() async throws {
        let tenant = try receiver.tenant()
        let wasThere = try await StoreAccess.with(try data.location(), creating: false) {
            try await $0.dropReceiver(receiver.name, of: tenant)
        }
        guard wasThere else { throw receiver.unknown(to: tenant) }
        Console.standard.note("Dropped receiver \(receiver.name).")
    }
}

struct ReceiversTest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Sends a test message to a receiver.",
        discussion: """
            The running service sends it, in one attempt, and the verb waits for the outcome.

            EXAMPLE
              weir alerts receivers test ops
            """)

    @Argument(help: "Name of the receiver.")
    var name: String

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await client.client().testAlertReceiver(name)
        if output.json { try Console.standard.print(JSONOutput.text(answer.document)) }
        guard answer.isDelivered else {
            throw CommandFailure(.unavailable, "The receiver \(name) did not accept the test: \(answer.answer)")
        }
        if !output.json { Console.standard.note("The receiver \(name) accepted the test: \(answer.answer)") }
    }
}
