import ArgumentParser
import Foundation
import WorkflowClient
import WorkflowModel

/// The service, the tenant and the credentials of client verbs.
struct ClientOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("URL of the service. (default: WEIR_URL, else http://127.0.0.1:8080)", valueName: "address"),
        transform: Reading.serviceURL)
    var url: String?

    @Option(
        help: ArgumentHelp("Tenant. (default: WEIR_TENANT, else the one in the host name)", valueName: "name"),
        transform: Reading.tenant)
    var tenant: Tenant?

    /// - Parameter usingToken: whether WEIR_TOKEN takes precedence over a key.
    /// - Throws: ``CommandFailure`` (78) for invalid variables.
    func client(
        environment: [String: String] = ProcessInfo.processInfo.environment, usingToken: Bool = true
    ) throws -> WorkflowClient {
        var environment = environment
        if !usingToken { environment["WEIR_TOKEN"] = nil }
        let note = WaitNote(console: .standard)
        return WorkflowClient(try settings(environment: environment), waiting: { note.report($0, $1) })
    }

    func settings(environment: [String: String]) throws -> ClientSettings {
        let tenant = try self.tenant ?? TenantVariable.tenant(environment)
        let variable = environment["WEIR_URL"].flatMap { $0.isEmpty ? nil : $0 }
        let address = try url ?? variable.map(Self.address(inVariable:)) ?? ClientSettings.standardURL
        return ClientSettings(url: address, tenant: tenant, credentials: credentials(environment))
    }

    private static func address(inVariable text: String) throws -> String {
        do throws(ServiceURLProblem) {
            return try ServiceURL.read(text)
        } catch {
            throw CommandFailure(.settings, "WEIR_URL \(error.message)")
        }
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
    @Flag(help: "Print JSON instead of text.")
    var json = false
}
