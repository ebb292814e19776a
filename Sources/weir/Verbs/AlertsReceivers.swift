import AlertDelivery
import ArgumentParser
import WorkflowAPI
import WorkflowModel

struct AlertsReceivers: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receivers",
        abstract: "Says where a tenant is told of what happened.",
        discussion: """
            Works on the store itself: before the first start, and while a service runs on it.

            EXAMPLE
              weir alerts receivers add --tenant acme --name ops --url https://ops.example/hooks/weir --on failed,slow
            """,
        subcommands: [
            ReceiversAdd.self, ReceiversList.self, ReceiversRotate.self, ReceiversEnable.self, ReceiversDrop.self,
        ])
}

struct ReceiversAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Adds a receiver and shows the secret that signs, once.",
        discussion: """
            Without --on it is told only of what configurations name it for.

            EXAMPLE
              weir alerts receivers add --tenant acme --name ops --url https://ops.example/hooks/weir --on failed,tick-missed
              weir alerts receivers add --tenant acme --name chat --kind slack --url https://hooks.slack.example/T/B/X --on failed
              weir alerts receivers add --tenant acme --name pager --url https://pager.example/in --on failed --attribution platform
            """)

    @Option(help: ArgumentHelp("The tenant that it is of.", valueName: "name"), transform: Reading.tenant)
    var tenant: Tenant

    @Option(help: "What configurations call it: lower-case letters, digits and hyphens.")
    var name: String

    @Option(help: ArgumentHelp("Where it is: https://….", valueName: "address"))
    var url: String

    @Option(help: "webhook (signed JSON) or slack (a text). (default: webhook)", transform: Reading.receiverKind)
    var kind: AlertReceiver.Kind = .webhook

    @Option(
        help: ArgumentHelp("failed, succeeded, stopped, slow, tick-missed; several by commas.", valueName: "events"),
        transform: Reading.alertEvents)
    var on: Set<AlertEvent> = []

    @Option(
        help: ArgumentHelp("Of failed runs only those that are customer's or platform's fault.", valueName: "fault"),
        transform: Reading.attribution)
    var attribution: Attribution?

    @Option(name: .customLong("type"), help: ArgumentHelp("Only runs of this type; may be repeated.", valueName: "type"))
    var types: [String] = []

    @Option(
        name: .customLong("configuration"), help: ArgumentHelp("Only runs of this configuration; may be repeated.", valueName: "id")
    )
    var configurations: [String] = []

    @Flag(help: "Take an address of a private network or of this machine; the service has to allow it too, with --alerts-allow.")
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
        // What is refused leaves no data directory behind.
        do {
            let policy = AddressPolicy(allowed: allowPrivate ? AddressRange.everything : [])
            try await policy.check(order.url, lookup: SystemAddressLookup(time: SystemTime()))
        } catch let problem as ReceiverAddressProblem {
            throw APIError.invalid(problem.message)
        }
        let made = try await AdministrationAccess.with(try data.location(), creating: true) {
            try await $0.createReceiver(order, of: tenant, allowingPrivate: allowPrivate)
        }
        AlertPrinter.print(made, json: output.json)
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
        abstract: "Lists receivers, without what is secret of them.",
        discussion: """
            EXAMPLE
              weir alerts receivers list --tenant acme
            """)

    @Option(help: ArgumentHelp("Those of this tenant only.", valueName: "name"), transform: Reading.tenant)
    var tenant: Tenant?

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let receivers = try await AdministrationAccess.with(try data.location(), creating: false) {
            try await $0.receivers(of: tenant)
        }
        AlertPrinter.print(receivers, json: output.json)
    }
}

/// Which receiver.
struct ReceiverChoice: ParsableArguments {
    @Argument(help: "The name of the receiver.")
    var name: String

    @Option(help: ArgumentHelp("The tenant that it is of.", valueName: "name"), transform: Reading.tenant)
    var tenant: Tenant

    var failure: CommandFailure {
        CommandFailure(.noInput, "\(tenant) has no receiver \(name); weir alerts receivers list shows all.")
    }
}

struct ReceiversRotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Gives a receiver a new secret and shows it, once.",
        discussion: """
            The secret before signs too for 24 hours, so that the receiver can be told the new one meanwhile.

            EXAMPLE
              weir alerts receivers rotate ops --tenant acme
            """)

    @OptionGroup var receiver: ReceiverChoice
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let made = try await AdministrationAccess.with(try data.location(), creating: false) {
            try await $0.rotateReceiver(receiver.name, of: receiver.tenant)
        }
        guard let made else { throw receiver.failure }
        AlertPrinter.print(made, json: output.json)
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
        let enabled = try await AdministrationAccess.with(try data.location(), creating: false) {
            try await $0.enableReceiver(receiver.name, of: receiver.tenant)
        }
        guard enabled != nil else { throw receiver.failure }
        Console.standard.note("The receiver \(receiver.name) is enabled.")
    }
}

struct ReceiversDrop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop",
        abstract: "Drops a receiver; what it was still to be told is given up.",
        discussion: """
            EXAMPLE
              weir alerts receivers drop ops --tenant acme
            """)

    @OptionGroup var receiver: ReceiverChoice
    @OptionGroup var data: DataOptions

    func run() async throws {
        let wasThere = try await AdministrationAccess.with(try data.location(), creating: false) {
            try await $0.dropReceiver(receiver.name, of: receiver.tenant)
        }
        guard wasThere else { throw receiver.failure }
        Console.standard.note("The receiver \(receiver.name) is dropped.")
    }
}
