import ArgumentParser
import Foundation
import WorkflowModel

/// The tenant of verbs that work on a store and need one.
struct TenantOptions: ParsableArguments {
    @Option(
        name: .customLong("tenant"), help: ArgumentHelp("Tenant. (default: WEIR_TENANT)", valueName: "name"),
        transform: Reading.tenant)
    var named: Tenant?

    func validate() throws {
        guard named == nil, TenantVariable.text(ProcessInfo.processInfo.environment) == nil else { return }
        throw ValidationError("The tenant is missing: name it with --tenant, or set WEIR_TENANT.")
    }

    /// - Throws: ``CommandFailure`` (78) where `WEIR_TENANT` is not a tenant.
    func required(environment: [String: String] = ProcessInfo.processInfo.environment) throws -> Tenant {
        guard let tenant = try named ?? TenantVariable.tenant(environment) else {
            throw CommandFailure(.usage, "The tenant is missing: name it with --tenant, or set WEIR_TENANT.")
        }
        return tenant
    }
}

/// The tenant of a list; without one, the list has all tenants.
struct TenantChoice: ParsableArguments {
    @Option(
        name: .customLong("tenant"),
        help: ArgumentHelp("Only entries of this tenant. (default: WEIR_TENANT, else all)", valueName: "name"),
        transform: Reading.tenant)
    var named: Tenant?

    /// - Returns: nil for all tenants.
    /// - Throws: ``CommandFailure`` (78) where `WEIR_TENANT` is not a tenant.
    func tenant(environment: [String: String] = ProcessInfo.processInfo.environment) throws -> Tenant? {
        try named ?? TenantVariable.tenant(environment)
    }
}

/// `WEIR_TENANT`. An empty value counts as not set.
enum TenantVariable {
    static func text(_ environment: [String: String]) -> String? {
        environment["WEIR_TENANT"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// - Throws: ``CommandFailure`` (78) for an invalid value.
    static func tenant(_ environment: [String: String]) throws -> Tenant? {
        guard let text = text(environment) else { return nil }
        guard let tenant = Tenant(text) else {
            throw CommandFailure(.settings, "WEIR_TENANT is not the name of a tenant. Accepted: \(Tenant.rule).")
        }
        return tenant
    }
}
