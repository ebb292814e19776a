import GRDB
import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func saveConfiguration(_ draft: ConfigurationDraft, at now: Timestamp) async throws -> SavedConfiguration {
        try await changeConfigurations { database, signals in
            let tenant = try database.findOrCreate(draft.tenant)
            let current = try database.configuration(draft.configuration, of: tenant, named: draft.tenant)
            let saved = try database.save(draft, over: current, tenant: tenant, at: now, signals: &signals)
            if let event = saved.change.auditEvent {
                try database.record(
                    event, AuditObject(draft.configuration, name: draft.name), of: draft.tenant, numbered: tenant)
            }
            return saved
        }
    }

    public func configuration(_ id: String, of tenant: Tenant) async throws -> ConfigurationVersion? {
        try await configurations.record(OwnedName(tenant: tenant, name: id)) {
            try await read { database in
                try database.number(of: tenant).flatMap { try database.configuration(id, of: $0, named: tenant) }
            }
        }
    }

    public func configurations(of tenant: Tenant) async throws -> [ConfigurationVersion] {
        try await read { database in
            guard let number = try database.number(of: tenant) else { return [] }
            return try database.rows(
                VersionStatement.columns + """
                    FROM configurations AS c
                    CROSS JOIN configuration_versions AS v ON v.number = c.version
                    CROSS JOIN principals AS p ON p.number = v.created_by
                    WHERE c.tenant = ? ORDER BY c.id
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
                    CROSS JOIN principals AS p ON p.number = v.created_by
                    WHERE v.tenant = ? AND v.id = ?
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
                withTexts ? VersionStatement.ofConfiguration : VersionStatement.listed, number, configuration, last ?? .max,
                max(0, limit)
            ) { try $0.nextVersion(of: tenant) }
        }
    }

    public func deleteConfiguration(_ id: String, of tenant: Tenant, at now: Timestamp) async throws -> Bool {
        try await changeConfigurations { database, signals in
            guard let number = try database.number(of: tenant) else { return false }
            let isDeleted = try database.delete(id, tenant: number, at: now, signals: &signals)
            if isDeleted { try database.record(.configurationDeleted, AuditObject(id), of: tenant, numbered: number) }
            return isDeleted
        }
    }

    private func changeConfigurations<Value: Sendable>(
        _ body: @escaping @Sendable (DatabaseConnection, inout Set<StoreSignal>) throws -> Value
    ) async throws -> Value {
        try await configurations.forgetting { try await write(.small, body) }
    }
}

/// A name that is unique within a tenant.
struct OwnedName: Hashable, Sendable {
    var tenant: Tenant
    @Exact var name: String
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
            CROSS JOIN principals AS p ON p.number = v.created_by
            WHERE v.tenant = ? AND v.configuration = ? AND v.version <= ?
            ORDER BY v.version DESC LIMIT ?
            """
    /// Without their texts, which can be long.
    static let listed = ofConfiguration.replacing("v.source", with: "''")
    private static let codeColumns = "SELECT v.id, v.directory, v.code_commit, v.code_dirty "
    static let code = codeColumns + "FROM configuration_versions AS v WHERE v.tenant = ? AND v.id = ?"
    static let currentCode =
        codeColumns + """
            FROM configurations AS c CROSS JOIN configuration_versions AS v ON v.number = c.version
            WHERE c.tenant = ? AND c.id = ?
            """
}

extension DatabaseConnection {
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
                CROSS JOIN configuration_versions AS v ON v.number = c.version
                CROSS JOIN principals AS p ON p.number = v.created_by
                WHERE c.tenant = ? AND c.id = ?
                """, tenant, id
        ) { try $0.nextVersion(of: name) }
    }
}

extension DatabaseConnection: ConfigurationTransaction {
    /// Versions continue counting where a deleted configuration of the same id stopped, so that a number always means the
    /// same text.
    func insertVersion(_ draft: ConfigurationDraft, tenant: Int, at now: Timestamp) throws -> ConfigurationVersion {
        let last = try row(
            "SELECT max(version) FROM configuration_versions WHERE tenant = ? AND configuration = ?", tenant, draft.configuration
        ) { try $0.next(Int?.self) }
        let number = ((last ?? nil) ?? 0) + 1
        do {
            try change(
                """
                INSERT INTO configuration_versions (tenant, id, configuration, version, name, type, format, directory, code_commit,
                    code_dirty, created_at, created_by, source)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                tenant, draft.version, draft.configuration, number, draft.name, draft.type, draft.source.format,
                draft.source.directory, draft.source.code?.commit, draft.source.code?.isDirty, now,
                try findOrCreate(draft.author, in: tenant), draft.source.text)
        } catch let error as DatabaseError where error.isDuplicate {
            throw StoreError.exists("A configuration version with the id \(draft.version)", cause: error)
        }
        try change(
            """
            INSERT INTO configurations (tenant, id, version) VALUES (?, ?, ?)
            ON CONFLICT (tenant, id) DO UPDATE SET version = excluded.version
            """, tenant, draft.configuration, lastRow)
        return ConfigurationVersion(draft, number: number, at: now)
    }

    func removeConfiguration(_ configuration: String, tenant: Int) throws -> Bool {
        try change("DELETE FROM configurations WHERE tenant = ? AND id = ?", tenant, configuration) > 0
    }
}
