import ArgumentParser
import WorkflowModel
import WorkflowOperations

struct Tenants: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists tenants and sets their limits.",
        discussion: """
            Works directly on the store: before the first start, and while a service runs.

            EXAMPLE
              weir tenants set acme --rate-limit 50
            """,
        subcommands: [TenantsList.self, TenantsSet.self])
}

struct TenantsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists tenants that have a key, a run, a configuration or a limit.",
        discussion: """
            EXAMPLE
              weir tenants list
            """)

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        let tenants = try await StoreAccess.with(try data.location(), creating: false) { try await $0.tenants() }
        if !output.json, tenants.isEmpty { return console.note("No tenant yet. Create one with weir keys create.") }
        try console.print(KeyPrinter.text(tenants, json: output.json, width: console.outputWidth))
    }
}

struct TenantsSet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Sets a tenant's rate and concurrency limits.",
        discussion: """
            A tenant that does not exist is created, and a message says so.

            EXAMPLE
              weir tenants set acme --rate-limit 50
              weir tenants set acme --rate-limit default
              weir tenants set acme --resource warehouse=4 --tasks-at-once 20
              weir tenants set acme --resource warehouse= --tasks-at-once none
            """)

    @Argument(help: "Name of the tenant.", transform: Reading.tenant)
    var tenant: Tenant

    @Option(
        help: ArgumentHelp("Requests per second; 0 for no limit, default for the service's --rate-limit.", valueName: "number"),
        transform: RateLimitArgument.init)
    var rateLimit: RateLimitArgument?

    @Option(
        help: ArgumentHelp("Concurrency limit of the tenant's tasks; none for no limit.", valueName: "number"),
        transform: TasksAtOnceArgument.init)
    var tasksAtOnce: TasksAtOnceArgument?

    @Option(
        name: .customLong("resource"),
        help: ArgumentHelp(
            "Concurrency limit of a resource: its slots, such as warehouse=4; warehouse= removes the resource.",
            valueName: "name=slots"),
        transform: ResourceArgument.init)
    var resources: [ResourceArgument] = []

    @OptionGroup var data: DataOptions

    func validate() throws {
        guard rateLimit == nil, tasksAtOnce == nil, resources.isEmpty else { return }
        throw ValidationError("No limit is given. Accepted: --rate-limit, --tasks-at-once, --resource.")
    }

    func run() async throws {
        let isNew = try await StoreAccess.with(try data.location(), creating: false) { administration in
            let known = try await administration.tenants().first { $0.tenant == tenant }
            var settings = known ?? TenantSettings(tenant: tenant)
            if let rateLimit { settings.rateLimit = rateLimit.value }
            if let tasksAtOnce { settings.tasksAtOnce = tasksAtOnce.value }
            for resource in resources { settings.resources[resource.name] = resource.units }
            try await administration.save(settings)
            return known == nil
        }
        Console.standard.note(isNew ? "Created tenant \(tenant) and set its limits." : "Set the limits of tenant \(tenant).")
    }
}

/// A rate limit, or the word `default`.
struct RateLimitArgument: Sendable {
    var value: Int?

    init(_ text: String) throws {
        if text != "default" { value = try Reading.number(0...1_000_000)(text) }
    }
}

/// A concurrency limit of tasks, or the word `none`.
struct TasksAtOnceArgument: Sendable {
    var value: Int?

    init(_ text: String) throws {
        if text != "none" { value = try Reading.number(TenantSettings.tasksAtOnceRange)(text) }
    }
}

/// A resource with its slots, `name=slots`; without a number, the resource is removed.
struct ResourceArgument: Sendable {
    var name: String
    var units: Int?

    init(_ text: String) throws {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, TenantSettings.isResourceName(parts[0]) else {
            throw ValidationError("Accepted: name=slots, where a name is \(TenantSettings.resourceRule).")
        }
        name = parts[0]
        if !parts[1].isEmpty { units = try Reading.number(TenantSettings.resourceUnits)(parts[1]) }
    }
}
