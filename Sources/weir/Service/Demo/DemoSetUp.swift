import AlertDelivery
import Foundation
import WorkflowAPI
import WorkflowClient
import WorkflowModel
import WorkflowOperations
import WorkflowServer

/// Creates the demo's tenant and key, stores the sample workflows and starts each once.
struct DemoSetUp: Sendable {
    static let tenantName = "demo"

    let plan: ServicePlan
    let store: any AdministeredStore & ConfigurationStore
    let examples: String?
    let links: SignInLinks
    let hook: DemoHook
    /// How long the printed sign-in link is valid.
    static let linkLifetime = Duration.seconds(24 * 3_600)

    /// - Parameter url: the address of the service.
    /// - Returns: the text to print.
    func run(at url: String) async throws -> String {
        guard let tenant = Tenant(Self.tenantName) else { return "" }
        let source = examples
        let directory = plan.dataDirectory
        let samples = try await OwnThread.run { try DemoExamples(from: source, into: directory, address: url) }
        let made = try await DirectAdministration(store: store, lookup: SystemAddressLookup(time: SystemTime()))
            .createKey(tenant: tenant, name: "demo", policy: .admin)
        try await save(samples.files, of: tenant, by: Principal(id: made.key.id, name: made.key.name))
        let settings = ClientSettings(
            url: url, tenant: tenant, credentials: .key(clientID: made.key.id, clientSecret: made.secret))
        let client = WorkflowClient(settings)
        let token = try await client.token().accessToken
        _ = try await client.setSecret(SecretValue(hook.token), as: DemoHook.secret)
        for file in samples.files {
            _ = try await client.start(StartRequest(configuration: file.id))
        }
        let link = links.make(forKey: made.key.id, lifetime: Self.linkLifetime, at: SystemTime().now, random: SystemRandom())
        return Self.text(url: url, link: link, token: token, key: made)
    }

    private func save(_ files: [ConfigurationFile], of tenant: Tenant, by author: Principal) async throws {
        let now = SystemTime().now
        for file in files {
            let configuration = try ConfigurationReader(zones: SystemScheduleZones()).read(file.source, file: file.id)
            let draft = ConfigurationDraft(
                version: ConfigurationVersionID(at: now, using: SystemRandom()), tenant: tenant, configuration: file.id,
                name: configuration.name, type: configuration.type, source: file.source,
                hasSchedules: !configuration.schedules.isEmpty, author: author,
                concurrency: configuration.concurrency, triggers: configuration.afterTriggers)
            _ = try await store.saveConfiguration(draft, at: now)
        }
    }

    static func text(url: String, link: String, token: String, key: KeyWithSecret) -> String {
        """
        Listening on \(url)

        Open this link in a browser. It signs you in, once:
        \(url)\(link)

        The tenant is \(tenantName). A token, valid for one hour:
        \(token)

        List the runs:
        curl -s -H 'Authorization: Bearer \(token)' -H 'weir-tenant: \(tenantName)' '\(url)/api/workflow/runs?limit=12'

        For other commands, such as weir runs and weir logs:
        export WEIR_URL='\(url)' WEIR_TENANT='\(tenantName)' WEIR_CLIENT_ID='\(key.key.id)' WEIR_CLIENT_SECRET='\(key.secret)'

        The summaries that the sample workflows send: \(url)\(DemoHook.path). Press Ctrl-C to end.
        """
    }
}
