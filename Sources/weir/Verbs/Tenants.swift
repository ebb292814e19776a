import ArgumentParser
import WorkflowModel

struct Tenants: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists tenants and sets what is their own.",
        discussion: """
            Works on the store itself: before the first start, and while a service runs on it.

            EXAMPLE
              weir tenants set acme --rate-limit 50
            """,
        subcommands: [TenantsList.self, TenantsSet.self])
}

struct TenantsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists every tenant that has a key, a run, a configuration or a setting.",
        discussion: """
            EXAMPLE
              weir tenants list
            """)

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        let tenants = try await AdministrationAccess.with(try data.location(), creating: false) { try await $0.tenants() }
        if !output.json, tenants.isEmpty { return console.note("There is no tenant yet; weir keys create makes one.") }
        console.print(KeyPrinter.text(tenants, json: output.json, width: console.outputWidth))
    }
}

struct TenantsSet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Sets what is a tenant's own: its rate limit, and what of its work goes at once.",
        discussion: """
            EXAMPLE
              weir tenants set acme --rate-limit 50
              weir tenants set acme --rate-limit default
              weir tenants set acme --resource warehouse=4 --tasks-at-once 20
              weir tenants set acme --resource warehouse= --tasks-at-once none
            """)

    @Argument(help: "The tenant.", transform: Reading.tenant)
    var tenant: Tenant

    @Option(
        help: ArgumentHelp("Requests per second; 0 for no limit, default for the service's own.", valueName: "number"),
        transform: RateLimitArgument.init)
    var rateLimit: RateLimitArgument?

    @Option(
        help: ArgumentHelp("Tasks that workers hold at once; none for no limit.", valueName: "number"),
        transform: TasksAtOnceArgument.init)
    var tasksAtOnce: TasksAtOnceArgument?

    @Option(
        name: .customLong("resource"),
        help: ArgumentHelp(
            "A resource and the units of it that there are, such as warehouse=4; warehouse= to have no such limit.",
            valueName: "name=units"),
        transform: ResourceArgument.init)
    var resources: [ResourceArgument] = []

    @OptionGroup var data: DataOptions

    func validate() throws {
        guard rateLimit == nil, tasksAtOnce == nil, resources.isEmpty else { return }
        throw ValidationError("Nothing to set; accepted are --rate-limit, --tasks-at-once and --resource.")
    }

    func run() async throws {
        try await AdministrationAccess.with(try data.location(), creating: true) { administration in
            let known = try await administration.tenants().first { $0.tenant == tenant }
            var settings = known ?? TenantSettings(tenant: tenant)
            if let rateLimit { settings.rateLimit = rateLimit.value }
            if let tasksAtOnce { settings.tasksAtOnce = tasksAtOnce.value }
            for resource in resources { settings.resources[resource.name] = resource.units }
            try await administration.save(settings)
        }
        Console.standard.note("The tenant \(tenant) is set.")
    }
}

/// A rate limit, or the word `default`.
struct RateLimitArgument: Sendable {
    var value: Int?

    init(_ text: String) throws {
        if text != "default" { value = try Reading.number(0...1_000_000)(text) }
    }
}

/// How many tasks go at once, or the word `none`.
struct TasksAtOnceArgument: Sendable {
    var value: Int?

    init(_ text: String) throws {
        if text != "none" { value = try Reading.number(TenantSettings.tasksAtOnceRange)(text) }
    }
}

/// A resource with its units, `name=units`; nothing behind the sign to have none.
struct ResourceArgument: Sendable {
    var name: String
    var units: Int?

    init(_ text: String) throws {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, TenantSettings.isResourceName(parts[0]) else {
            throw ValidationError("Accepted is name=units, where a name is \(TenantSettings.resourceRule).")
        }
        name = parts[0]
        if !parts[1].isEmpty { units = try Reading.number(TenantSettings.resourceUnits)(parts[1]) }
    }
}
