import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func saveConfiguration(_ draft: ConfigurationDraft, at now: Timestamp) async throws -> SavedConfiguration {
        try await write { (database, attempt: inout WriteAttempt<SavedConfiguration>) in
            let tenant = try database.findOrCreate(draft.tenant)
            try database.lockConfigurations(of: tenant)
            let current = try database.configuration(draft.configuration, of: tenant, named: draft.tenant)
            if let former = attempt.former, current?.id == draft.version { return former }
            let saved = try database.save(draft, over: current, tenant: tenant, at: now, signals: &attempt.signals)
            if let event = saved.change.auditEvent {
                try database.record(
                    event, AuditObject(draft.configuration, name: draft.name), of: draft.tenant, numbered: tenant)
            }
            return saved
        }
    }

    public func configuration(_ id: String, of tenant: Tenant) async throws -> ConfigurationVersion? {
        try await read(reusingPlans: nil) { database in
            try database.number(of: tenant).flatMap { try database.configuration(id, of: $0, named: tenant) }
        }
    }

    public func configurations(of tenant: Tenant) async throws -> [ConfigurationVersion] {
        try await read { database in
            guard let number = try database.number(of: tenant) else { return [] }
            return try database.rows(
                VersionStatement.columns + """
                    FROM configurations AS c
                    JOIN configuration_versions AS v ON v.number = c.version
                    JOIN principals AS p ON p.number = v.created_by
                    WHERE c.tenant = $1 ORDER BY c.id
                    """, number
            ) { try $0.nextVersion(of: tenant) }
        }
    }

    public func configurationVersion(_ id: ConfigurationVersionID, of tenant: Tenant) async throws -> ConfigurationVersion? {
        try await read { database in
            guard let number = try database.number(of: tenant) else { return nil }
            return try database.row(
                VersionStatement.columns + """
                    FROM configuration_versions AS v
                    JOIN principals AS p ON p.number = v.created_by
                    WHERE v.tenant = $1 AND v.id = $2
                    """, number, id
            ) { try $0.nextVersion(of: tenant) }
        }
    }

    public func versions(
        of configuration: String, tenant: Tenant, upTo last: Int?, limit: Int, withTexts: Bool
    ) async throws -> [ConfigurationVersion] {
        try await read { database in
            guard let number = try database.number(of: tenant) else { return [] }
            return try database.rows(
                withTexts ? VersionStatement.ofConfiguration : VersionStatement.listed, number, configuration,
                last ?? Int(Int32.max), max(0, limit)
            ) { try $0.nextVersion(of: tenant) }
        }
    }

    public func deleteConfiguration(_ id: String, of tenant: Tenant, at now: Timestamp) async throws -> Bool {
        try await write { (database, attempt: inout WriteAttempt<Bool>) in
            guard let number = try database.number(of: tenant) else { return false }
            try database.lockConfigurations(of: number)
            let isDeleted = try database.delete(id, tenant: number, at: now, signals: &attempt.signals)
            if isDeleted { try database.record(.configurationDeleted, AuditObject(id), of: tenant, numbered: number) }
            return isDeleted || attempt.former == true
        }
    }
}

enum VersionStatement {
    static let list = """
        v.id, v.configuration, v.version, v.name, v.type, v.source, v.format, v.directory, v.code_commit,
            v.code_dirty, v.created_at, p.id, p.name, p.email
        """
    static let columns = "SELECT \(list) "
    static let ofConfiguration =
        columns + """
            FROM configuration_versions AS v
            JOIN principals AS p ON p.number = v.created_by
            WHERE v.tenant = $1 AND v.configuration = $2 AND v.version <= $3
            ORDER BY v.version DESC LIMIT $4
            """
    /// Without their texts, which can be long.
    static let listed = ofConfiguration.replacing("v.source", with: "''")
    private static let codeColumns = "SELECT v.id, v.directory, v.code_commit, v.code_dirty "
    static let code = codeColumns + "FROM configuration_versions AS v WHERE v.tenant = $1 AND v.id = $2"
    static let currentCode =
        codeColumns + """
            FROM configurations AS c JOIN configuration_versions AS v ON v.number = c.version
            WHERE c.tenant = $1 AND c.id = $2
            """
}

extension PostgresConnection {
    /// The current version of a configuration; nil when the configuration is not found.
    func currentVersion(of configuration: String, in tenant: Int) throws -> VersionCode? {
        try row(VersionStatement.currentCode, tenant, configuration) { try $0.nextVersionCode() }
    }

    /// nil when the version is not found.
    func versionCode(_ id: ConfigurationVersionID, in tenant: Int) throws -> VersionCode? {
        try row(VersionStatement.code, tenant, id) { try $0.nextVersionCode() }
    }

    fileprivate func configuration(_ id: String, of tenant: Int, named name: Tenant) throws -> ConfigurationVersion? {
        try row(
            VersionStatement.columns + """
                FROM configurations AS c
                JOIN configuration_versions AS v ON v.number = c.version
                JOIN principals AS p ON p.number = v.created_by
                WHERE c.tenant = $1 AND c.id = $2
                """, tenant, id
        ) { try $0.nextVersion(of: name) }
    }

    /// Serializes changes in a tenant, so that version numbers have neither gaps nor duplicates.
    func lockConfigurations(of tenant: Int) throws {
        _ = try execute("SELECT 1 FROM tenants WHERE number = $1 FOR NO KEY UPDATE", [tenant])
    }
}

extension PostgresConnection: ConfigurationTransaction {
    /// Versions continue counting where a deleted configuration of the same id stopped, so that a number always means the
    /// same text.
    func insertVersion(_ draft: ConfigurationDraft, tenant: Int, at now: Timestamp) throws -> ConfigurationVersion {
        let last = try row(
            "SELECT max(version) FROM configuration_versions WHERE tenant = $1 AND configuration = $2", tenant,
            draft.configuration
        ) { try $0.next(Int?.self) }
        let number = ((last ?? nil) ?? 0) + 1
        do {
            try change(
                """
                WITH version AS (
                    INSERT INTO configuration_versions (tenant, id, configuration, version, name, type, format, directory, code_commit,
                        code_dirty, created_at, created_by, source)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING number)
                INSERT INTO configurations (tenant, id, version) SELECT $1, $3, number FROM version
                ON CONFLICT (tenant, id) DO UPDATE SET version = excluded.version
                """,
                tenant, draft.version, draft.configuration, number, draft.name, draft.type, draft.source.format,
                draft.source.directory, draft.source.code?.commit, draft.source.code?.isDirty, now,
                try findOrCreate(draft.author, in: tenant), draft.source.text)
        } catch let failure as PostgresFailure where failure.isRefusal(.uniqueViolation) {
            throw StoreError.exists("A configuration version with the id \(draft.version)", cause: failure)
        }
        return ConfigurationVersion(draft, number: number, at: now)
    }

    func removeConfiguration(_ configuration: String, tenant: Int) throws -> Bool {
        try change("DELETE FROM configurations WHERE tenant = $1 AND id = $2", tenant, configuration) > 0
    }
}
