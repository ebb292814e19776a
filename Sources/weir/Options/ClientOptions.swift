import ArgumentParser
import Foundation
import WorkflowClient
import WorkflowModel

/// Where the service is and who asks, for the verbs that speak to one.
struct ClientOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The service. (default: WEIR_URL, else http://127.0.0.1:8080)", valueName: "address"))
    var url: String?

    @Option(
        help: ArgumentHelp("The tenant. (default: WEIR_TENANT, else what the host of the address names)", valueName: "name"),
        transform: Reading.tenant)
    var tenant: Tenant?

    /// - Throws: ``CommandFailure`` for an environment that cannot be.
    /// - Parameter usingToken: whether a token that the environment has is used rather than a key.
    func client(
        environment: [String: String] = ProcessInfo.processInfo.environment, usingToken: Bool = true
    ) throws -> WorkflowClient {
        var environment = environment
        if !usingToken { environment["WEIR_TOKEN"] = nil }
        return WorkflowClient(try settings(environment: environment))
    }

    func settings(environment: [String: String]) throws -> ClientSettings {
        let named = environment["WEIR_TENANT"].flatMap { $0.isEmpty ? nil : $0 }
        var tenant = self.tenant
        if tenant == nil, let named {
            tenant = Tenant(named)
            if tenant == nil { throw CommandFailure(.settings, "WEIR_TENANT is not a tenant: a tenant has \(Tenant.rule).") }
        }
        let address = url ?? environment["WEIR_URL"].flatMap { $0.isEmpty ? nil : $0 } ?? ClientSettings.standardURL
        guard address.hasPrefix("http://") || address.hasPrefix("https://") else {
            throw CommandFailure(
                .settings, "The address of the service must begin with http:// or https://, such as http://127.0.0.1:8080.")
        }
        return ClientSettings(url: address, tenant: tenant, credentials: credentials(environment))
    }

    private func credentials(_ environment: [String: String]) -> ClientSettings.Credentials {
        func value(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        if let token = value("WEIR_TOKEN") { return .token(token) }
        if let id = value("WEIR_CLIENT_ID"), let secret = value("WEIR_CLIENT_SECRET") {
            return .key(clientID: id, clientSecret: secret)
        }
        return .none
    }
}

struct OutputOptions: ParsableArguments {
    @Flag(help: "Print JSON for programs instead of a table.")
    var json = false
}
