import WorkflowAPI
import WorkflowModel
import WorkflowOperations

/// The output of `weir keys` and `weir tenants`.
enum KeyPrinter {
    static func reveal(_ made: KeyWithSecret, json: Bool, console: Console = .standard) throws(OutputFailure) {
        try console.reveal(text(made, json: json))
        if !json { console.note("The secret is shown only once.") }
    }

    static func print(_ keys: [KeyDescription], of tenant: Tenant?, json: Bool, console: Console = .standard) throws {
        if !json, keys.isEmpty {
            let owner = tenant.map { "Tenant \($0) has no key yet" } ?? "No key yet"
            return console.note("\(owner). Create one with weir keys create.")
        }
        try console.print(text(keys, json: json, width: console.outputWidth))
    }

    static func text(_ made: KeyWithSecret, json: Bool) -> String {
        if json { return JSONOutput.text { $0.secret(made) } }
        return TextTable.facts([
            ("Client id", made.key.id), ("Client secret", made.secret), ("Tenant", made.key.tenant.name), ("Name", made.key.name),
            ("Policy", made.key.policy.rawValue),
        ])
    }

    static func text(_ keys: [KeyDescription], json: Bool, width: Int?) -> String {
        if json { return JSONOutput.list(keys) { $0.key($1) } }
        return TextTable(
            [
                .init(title: "client id"), .init(title: "tenant"), .init(title: "name", fit: .shortened), .init(title: "policy"),
                .init(title: "created", leaves: 1), .init(title: "rotated", leaves: 2),
            ],
            rows: keys.map {
                [
                    $0.id, $0.tenant.name, $0.name, $0.policy.rawValue, HumanText.time($0.createdAt), HumanText.time($0.rotatedAt),
                ]
            }, width: width
        ).text()
    }

    static func text(_ tenants: [TenantSettings], json: Bool, width: Int?) -> String {
        if json { return JSONOutput.list(tenants) { $0.tenant($1) } }
        return TextTable(
            [
                .init(title: "tenant"), .init(title: "rate limit", alignment: .right),
                .init(title: "task limit", alignment: .right), .init(title: "resource slots", fit: .wrapped),
            ],
            rows: tenants.map { settings in
                let resources = settings.resources.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                return [
                    settings.tenant.name, rateLimit(settings.rateLimit), settings.tasksAtOnce.map(String.init) ?? "none",
                    resources.joined(separator: " "),
                ]
            }, width: width
        ).text()
    }

    private static func rateLimit(_ limit: Int?) -> String {
        switch limit {
        case nil: "default"
        case 0?: "none"
        case let limit?: "\(limit)/s"
        }
    }
}
