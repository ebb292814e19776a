import WorkflowAPI
import WorkflowModel

/// Keys and tenants as people and programs see them.
enum KeyPrinter {
    static func print(_ made: KeyWithSecret, json: Bool, console: Console = .standard) {
        console.print(text(made, json: json))
        if !json { console.note("This is the only time that the secret is shown.") }
    }

    static func print(_ keys: [KeyDescription], json: Bool, console: Console = .standard) {
        if !json, keys.isEmpty { return console.note("There is no key yet; make one with weir keys create.") }
        console.print(text(keys, json: json, width: console.outputWidth))
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
                .init(title: "client id"), .init(title: "tenant"), .init(title: "name", isFlexible: true), .init(title: "policy"),
                .init(title: "created"), .init(title: "secret before deposed"),
            ],
            rows: keys.map {
                [
                    $0.id, $0.tenant.name, $0.name, $0.policy.rawValue, HumanText.time($0.createdAt), HumanText.time($0.deposedAt),
                ]
            }, width: width
        ).text()
    }

    static func text(_ tenants: [TenantSettings], json: Bool, width: Int?) -> String {
        if json { return JSONOutput.list(tenants) { $0.tenant($1) } }
        return TextTable(
            [
                .init(title: "tenant"), .init(title: "requests per second", alignment: .right),
                .init(title: "tasks at once", alignment: .right), .init(title: "resources"),
            ],
            rows: tenants.map { settings in
                let resources = settings.resources.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                return [
                    settings.tenant.name, rateLimit(settings.rateLimit), settings.tasksAtOnce.map(String.init) ?? "no limit",
                    resources.joined(separator: " "),
                ]
            }, width: width
        ).text()
    }

    private static func rateLimit(_ limit: Int?) -> String {
        switch limit {
        case nil: "the service's own"
        case 0?: "no limit"
        case let limit?: String(limit)
        }
    }
}
