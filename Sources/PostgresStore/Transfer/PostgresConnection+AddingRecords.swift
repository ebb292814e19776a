import StoreCore
import WorkflowModel

// Writes records of another store, none of which exists yet.
extension PostgresConnection {
    func add(_ records: TransferRecords) throws {
        switch records {
        case .secrets(let secrets): try add(secrets)
        case .tenants(let tenants): for tenant in tenants { try add(tenant) }
        case .keys(let keys): for key in keys { try add(key) }
        case .views(let views): try add(views)
        case .tenantSecrets(let secrets): try add(secrets)
        case .versions(let versions): for version in versions { try add(version) }
        case .configurations(let current): for one in current { try add(one) }
        case .alertReceivers(let receivers): try add(receivers)
        case .alertRules(let rules): try add(rules)
        case .triggers(let triggers): try add(triggers)
        case .runs(let runs): try add(runs)
        case .alerts(let alerts): try add(alerts)
        case .schedules(let schedules): for one in schedules { try add(one) }
        case .ticks(let ticks): try add(ticks)
        case .firings(let firings): try add(firings)
        case .output(let pieces): try add(pieces)
        case .startKeys(let keys): try add(keys)
        case .statistics(let statistics): try add(statistics)
        case .auditChains(let chains): try add(chains)
        case .auditEvents(let events): try add(events)
        case .bulkOperations(let operations): try add(operations)
        case .bulkReceipts(let receipts): try add(receipts)
        }
    }

    private func add(_ secrets: [TransferredSecret]) throws {
        _ = try execute(
            "INSERT INTO service_secrets (name, value) SELECT * FROM unnest($1, $2)",
            [Column(secrets.map(\.name)), Column(secrets.map(\.value))])
    }

    private func add(_ settings: TenantSettings) throws {
        let number = try findOrCreate(settings.tenant)
        try change("UPDATE tenants SET rate_limit = $1 WHERE number = $2", settings.rateLimit, number)
        _ = try saveLimits(Dictionary(uniqueKeysWithValues: settings.limits.map { ($0.key.rawValue, $0.value) }), of: number)
    }

    private func add(_ key: APIKey) throws {
        try change(
            """
            INSERT INTO api_keys (id, tenant, name, policy, created_at, secret_hash, secret_number, deposed_at, last_used_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            key.id, try findOrCreate(key.tenant), key.name, key.policy, key.createdAt, key.secretHash, key.secretNumber,
            key.rotatedAt, key.lastUsedAt)
    }

    private func add(_ version: ConfigurationVersion) throws {
        let tenant = try findOrCreate(version.tenant)
        try change(
            """
            INSERT INTO configuration_versions (tenant, id, configuration, version, name, type, format, directory, code_commit,
                code_dirty, created_at, created_by, source)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            """,
            tenant, version.id, version.configuration, version.number, version.name, version.type, version.source.format,
            version.source.directory, version.source.code?.commit, version.source.code?.isDirty, version.createdAt,
            try findOrCreate(version.createdBy, in: tenant), version.source.text)
    }

    private func add(_ current: CurrentConfiguration) throws {
        let tenant = try findOrCreate(current.tenant)
        try change(
            """
            INSERT INTO configurations (tenant, id, version)
            SELECT tenant, $2, number FROM configuration_versions WHERE tenant = $1 AND id = $3
            """, tenant, current.configuration, current.version)
        _ = try setConcurrency(current.concurrency, of: current.configuration, tenant: tenant)
        if let pause = current.pause { try setPause(pause, of: current.configuration, tenant: tenant) }
    }

    private func add(_ pieces: [TransferredOutput]) throws {
        _ = try execute(
            """
            INSERT INTO output_chunks (tenant, run, run_created_at, position, attempt, from_byte, to_byte, bytes, marks)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            [
                Column(try pieces.map { try findOrCreate($0.tenant) }), Column(pieces.map(\.run)),
                Column(pieces.map(\.runCreatedAt)), Column(pieces.map(\.position)), Column(pieces.map(\.attempt)),
                Column(pieces.map(\.chunk.offset)), Column(pieces.map { $0.chunk.offset + $0.chunk.bytes.count }),
                Column(pieces.map(\.chunk.bytes)), Column(pieces.map(\.chunk.marksColumn)),
            ])
    }

    private func add(_ keys: [TransferredStartKey]) throws {
        _ = try execute(
            """
            INSERT INTO start_keys (tenant, owner, key, fingerprint, run, run_created_at, created_at)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
            """,
            [
                Column(try keys.map { try findOrCreate($0.tenant) }), Column(keys.map(\.key.owner)), Column(keys.map(\.key.text)),
                Column(keys.map(\.key.fingerprint)), Column(keys.map(\.run)), Column(keys.map(\.runCreatedAt)),
                Column(keys.map(\.usedAt)),
            ])
    }
}
