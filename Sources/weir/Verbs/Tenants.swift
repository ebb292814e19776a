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
        abstract: "Sets a tenant's rate limit.",
        discussion: """
            EXAMPLE
              weir tenants set acme --rate-limit 50
              weir tenants set acme --rate-limit default
            """)

    @Argument(help: "The tenant.", transform: Reading.tenant)
    var tenant: Tenant

    @Option(
        help: ArgumentHelp("Requests per second; 0 for no limit, default for the service's own.", valueName: "number"),
        transform: RateLimitArgument.init)
    var rateLimit: RateLimitArgument

    @OptionGroup var data: DataOptions

    func run() async throws {
        try await AdministrationAccess.with(try data.location(), creating: true) {
            try await $0.save(TenantSettings(tenant: tenant, rateLimit: rateLimit.value))
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
