package import WorkflowAPI
package import WorkflowModel

/// The JSON forms of the control socket. `--json` prints the same forms.
extension JSONWriter {
    package mutating func key(_ key: KeyDescription) {
        object { json in
            json.member("id", key.id)
            json.member("tenant", key.tenant.name)
            json.member("name", key.name)
            json.member("policy", key.policy.rawValue)
            json.member("created_at", key.createdAt)
            json.member("rotated_at", key.rotatedAt)
        }
    }

    /// The only form with a secret. The id of a key is its client id.
    package mutating func secret(_ made: KeyWithSecret) {
        object { json in
            json.member("id", made.key.id)
            json.member("client_id", made.key.id)
            json.member("client_secret", made.secret)
            json.member("tenant", made.key.tenant.name)
            json.member("policy", made.key.policy.rawValue)
            json.member("name", made.key.name)
            json.member("created_at", made.key.createdAt)
            json.member("rotated_at", made.key.rotatedAt)
        }
    }

    package mutating func tenant(_ settings: TenantSettings) {
        object { json in
            json.member("tenant", settings.tenant.name)
            json.member("rate_limit", settings.rateLimit)
            json.member("tasks_at_once", settings.tasksAtOnce)
            json.name("resources")
            json.json(JSONText(.object(JSONMembers(settings.resources.mapValues { .integer(Int64($0)) }))))
        }
    }

    package mutating func outcome(_ outcome: ImportOutcome) {
        object { json in
            json.member("added", outcome.added)
            json.member("already_there", outcome.alreadyThere)
        }
    }

    package mutating func tenantRunCount(_ count: TenantRunCount) {
        object { json in
            json.member("tenant", count.tenant.name)
            json.member("runs", count.runs)
        }
    }

    package mutating func retentionStep(_ step: RetentionStep) {
        object { json in
            json.member("deleted_runs", step.deletedRuns)
            json.member("dropped_months", step.droppedMonths)
            json.member("next", step.next?.text)
        }
    }

    package mutating func statisticCount(_ count: Int) {
        object { $0.member("statistics", count) }
    }
}

extension JSONReader {
    mutating func key() throws -> KeyDescription {
        try keyWithSecret().key
    }

    /// The secret is empty when the document has none.
    mutating func keyWithSecret() throws -> KeyWithSecret {
        var texts: [String: String] = [:]
        var createdAt: Timestamp?
        var rotatedAt: Timestamp?
        try object { reader, name in
            switch name {
            case "id", "client_secret", "tenant", "name", "policy": texts[name] = try reader.string()
            case "created_at": createdAt = try reader.timestamp()
            case "rotated_at": rotatedAt = try reader.optional { try $0.timestamp() }
            default: try reader.skip()
            }
        }
        guard let id = texts["id"], let tenant = texts["tenant"].flatMap(Tenant.init), let createdAt,
            let policy = texts["policy"].flatMap(AccessPolicy.init(rawValue:))
        else { throw JSONProblem("is not a key") }
        let key = KeyDescription(
            id: id, tenant: tenant, name: texts["name"] ?? "", policy: policy, createdAt: createdAt, rotatedAt: rotatedAt)
        return KeyWithSecret(key: key, secret: texts["client_secret"] ?? "")
    }

    mutating func tenantSettings() throws -> TenantSettings {
        var tenant: Tenant?
        var rateLimit: Int?
        var tasksAtOnce: Int?
        var resources: [String: Int] = [:]
        try object { reader, name in
            switch name {
            case "tenant": tenant = Tenant(try reader.string())
            case "rate_limit": rateLimit = try reader.optional { try $0.integer() }
            case "tasks_at_once": tasksAtOnce = try reader.optional { try $0.integer() }
            case "resources": try reader.object { reader, name in resources[name] = try reader.integer() }
            default: try reader.skip()
            }
        }
        guard let tenant else { throw JSONProblem(path: "tenant", "is missing, or not \(Tenant.rule)") }
        return TenantSettings(tenant: tenant, rateLimit: rateLimit, tasksAtOnce: tasksAtOnce, resources: resources)
    }

    mutating func tenantRunCount() throws -> TenantRunCount {
        var tenant: Tenant?
        var runs = 0
        try object { reader, name in
            switch name {
            case "tenant": tenant = Tenant(try reader.string())
            case "runs": runs = try reader.integer()
            default: try reader.skip()
            }
        }
        guard let tenant else { throw JSONProblem(path: "tenant", "is missing, or not \(Tenant.rule)") }
        return TenantRunCount(tenant: tenant, runs: runs)
    }

    mutating func retentionStep() throws -> RetentionStep {
        var step = RetentionStep(deletedRuns: 0, next: nil)
        try object { reader, name in
            switch name {
            case "deleted_runs": step.deletedRuns = try reader.integer()
            case "dropped_months": step.droppedMonths = try reader.integer()
            case "next": step.next = try reader.optional { try $0.string() }.map { RetentionPlace(text: $0) }
            default: try reader.skip()
            }
        }
        return step
    }

    mutating func statisticCount() throws -> Int {
        var count: Int?
        try object { reader, name in
            if name == "statistics" { count = try reader.integer() } else { try reader.skip() }
        }
        guard let count else { throw JSONProblem(path: "statistics", "is missing") }
        return count
    }

    mutating func importOutcome() throws -> ImportOutcome {
        var outcome = ImportOutcome(added: 0, alreadyThere: 0)
        try object { reader, name in
            switch name {
            case "added": outcome.added = try reader.integer()
            case "already_there": outcome.alreadyThere = try reader.integer()
            default: try reader.skip()
            }
        }
        return outcome
    }
}

extension JSONReader {
    /// `{"secret": …}`
    mutating func secret() throws -> String {
        var secret: String?
        try object { reader, name in
            if name == "secret" { secret = try reader.string() } else { try reader.skip() }
        }
        guard let secret, secret.utf8.count >= 32 else { throw JSONProblem(path: "secret", "is missing, or too short") }
        return secret
    }

    mutating func keyOrder() throws -> (tenant: Tenant, name: String, policy: AccessPolicy) {
        var texts: [String: String] = [:]
        try object { reader, name in texts[name] = try reader.string() }
        guard let tenant = texts["tenant"].flatMap(Tenant.init), let name = texts["name"],
            let policy = texts["policy"].flatMap(AccessPolicy.init(rawValue:))
        else { throw JSONProblem("is not an order for a key: tenant, name and policy") }
        return (tenant, name, policy)
    }
}
