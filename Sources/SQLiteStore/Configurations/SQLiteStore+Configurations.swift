import GRDB
public import WorkflowModel

extension SQLiteStore {
    public func saveConfiguration(_ draft: ConfigurationDraft, at now: Timestamp) async throws -> SavedConfiguration {
        try await changeConfigurations { database, signals in
            let tenant = try database.numberMaking(draft.tenant)
            let current = try database.configuration(draft.configuration, of: tenant, named: draft.tenant)
            if let current, current.source.text == draft.source.text, current.source.directory == draft.source.directory {
                return SavedConfiguration(version: current, change: .unchanged)
            }
            let version = try database.insertVersion(draft, tenant: tenant, at: now, signals: &signals)
            if try database.setConcurrency(draft.concurrency, of: draft.configuration, tenant: tenant) { signals.insert(.work) }
            try database.saveRoutes(draft.alerts, of: draft.configuration, tenant: tenant)
            return SavedConfiguration(version: version, change: current == nil ? .created : .updated)
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

    public func deleteConfiguration(_ id: String, of tenant: Tenant, at now: Timestamp) async throws -> Bool {
        try await changeConfigurations { database, signals in
            guard let number = try database.number(of: tenant) else { return false }
            if try database.setConcurrency(nil, of: id, tenant: number) { signals.insert(.work) }
            try database.saveRoutes([], of: id, tenant: number)
            try database.changeSchedules(of: id, tenant: number, to: nil, at: now, signals: &signals)
            return try database.change("DELETE FROM configurations WHERE tenant = ? AND id = ?", number, id) > 0
        }
    }

    private func changeConfigurations<Value: Sendable>(
        _ body: @escaping @Sendable (Database, inout Set<StoreSignal>) throws -> Value
    ) async throws -> Value {
        try await configurations.forgetting { try await write(.small, body) }
    }
}

/// What a tenant calls something of its own.
struct OwnedName: Hashable, Sendable {
    var tenant: Tenant
    var name: String
}

private enum VersionStatement {
    static let columns = """
        SELECT v.id, v.configuration, v.version, v.name, v.type, v.source, v.format, v.directory, v.created_at,
            p.id, p.name, p.email

        """
}

extension ColumnReader {
    mutating func nextVersion(of tenant: Tenant) throws -> ConfigurationVersion {
        ConfigurationVersion(
            id: try next(), tenant: tenant, configuration: try next(), number: try next(), name: try next(), type: try next(),
            source: ConfigurationSource(text: try next(), format: try next(), directory: try next()), createdAt: try next(),
            createdBy: try nextPrincipal())
    }
}

extension Database {
    /// nil when the tenant has no such configuration.
    func currentVersion(of configuration: String, in tenant: Int64) throws -> ConfigurationVersionID? {
        try row(
            """
            SELECT v.id FROM configurations AS c CROSS JOIN configuration_versions AS v ON v.number = c.version
            WHERE c.tenant = ? AND c.id = ?
            """, tenant, configuration
        ) { try $0.next() }
    }

    fileprivate func configuration(_ id: String, of tenant: Int64, named name: Tenant) throws -> ConfigurationVersion? {
        try row(
            VersionStatement.columns + """
                FROM configurations AS c
                CROSS JOIN configuration_versions AS v ON v.number = c.version
                CROSS JOIN principals AS p ON p.number = v.created_by
                WHERE c.tenant = ? AND c.id = ?
                """, tenant, id
        ) { try $0.nextVersion(of: name) }
    }

    /// Versions go on counting where a deleted configuration of the same id left off, so that a number means one text.
    fileprivate func insertVersion(
        _ draft: ConfigurationDraft, tenant: Int64, at now: Timestamp, signals: inout Set<StoreSignal>
    ) throws -> ConfigurationVersion {
        let last = try row(
            "SELECT max(version) FROM configuration_versions WHERE tenant = ? AND configuration = ?", tenant, draft.configuration
        ) { try $0.next(Int?.self) }
        let number = ((last ?? nil) ?? 0) + 1
        do {
            try change(
                """
                INSERT INTO configuration_versions (tenant, id, configuration, version, name, type, format, directory,
                    created_at, created_by, source)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                tenant, draft.version, draft.configuration, number, draft.name, draft.type, draft.source.format,
                draft.source.directory, now, try numberMaking(draft.author, in: tenant), draft.source.text)
        } catch let error as DatabaseError where error.isDuplicate {
            throw StoreError(.duplicate, "A configuration version with the id \(draft.version) is there already.", cause: error)
        }
        let row = lastInsertedRowID
        try change(
            """
            INSERT INTO configurations (tenant, id, version) VALUES (?, ?, ?)
            ON CONFLICT (tenant, id) DO UPDATE SET version = excluded.version
            """, tenant, draft.configuration, row)
        try changeSchedules(
            of: draft.configuration, tenant: tenant, to: draft.hasSchedules ? row : nil, at: now, signals: &signals)
        return ConfigurationVersion(
            id: draft.version, tenant: draft.tenant, configuration: draft.configuration, number: number, name: draft.name,
            type: draft.type, source: draft.source, createdAt: now, createdBy: draft.author)
    }
}
