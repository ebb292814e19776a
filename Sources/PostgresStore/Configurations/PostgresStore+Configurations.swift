public import WorkflowModel

extension PostgresStore {
    public func saveConfiguration(_ draft: ConfigurationDraft, at now: Timestamp) async throws -> SavedConfiguration {
        try await write { (database, attempt: inout WriteAttempt<SavedConfiguration>) in
            let tenant = try database.numberMaking(draft.tenant)
            // One at a time in a tenant, so that versions count on without gaps and without doubles.
            _ = try database.execute("SELECT 1 FROM tenants WHERE number = $1 FOR NO KEY UPDATE", [tenant])
            let current = try database.configuration(draft.configuration, of: tenant, named: draft.tenant)
            if let former = attempt.former, current?.id == draft.version { return former }
            if let current, current.source.text == draft.source.text, current.source.directory == draft.source.directory {
                return SavedConfiguration(version: current, change: .unchanged)
            }
            let version = try database.insertVersion(draft, tenant: tenant, at: now)
            try database.saveRoutes(draft.alerts, of: draft.configuration, tenant: tenant)
            try database.changeSchedules(
                of: draft.configuration, tenant: tenant, to: draft.hasSchedules ? version.id : nil, at: now,
                signals: &attempt.signals)
            if try database.setConcurrency(draft.concurrency, of: draft.configuration, tenant: tenant) {
                attempt.signals.insert(.work)
            }
            return SavedConfiguration(version: version, change: current == nil ? .created : .updated)
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

    public func deleteConfiguration(_ id: String, of tenant: Tenant, at now: Timestamp) async throws -> Bool {
        try await write { (database, attempt: inout WriteAttempt<Bool>) in
            guard let number = try database.number(of: tenant) else { return false }
            try database.saveRoutes([], of: id, tenant: number)
            // One at a time in a tenant, as versions are saved.
            _ = try database.execute("SELECT 1 FROM tenants WHERE number = $1 FOR NO KEY UPDATE", [number])
            try database.changeSchedules(of: id, tenant: number, to: nil, at: now, signals: &attempt.signals)
            let deleted = try database.change("DELETE FROM configurations WHERE tenant = $1 AND id = $2", number, id)
            if try database.setConcurrency(nil, of: id, tenant: number) { attempt.signals.insert(.work) }
            return deleted > 0 || attempt.former == true
        }
    }
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

extension PostgresConnection {
    /// nil when the tenant has no such configuration.
    func currentVersion(of configuration: String, in tenant: Int) throws -> ConfigurationVersionID? {
        try row(
            """
            SELECT v.id FROM configurations AS c JOIN configuration_versions AS v ON v.number = c.version
            WHERE c.tenant = $1 AND c.id = $2
            """, tenant, configuration
        ) { try $0.next() }
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

    /// Versions go on counting where a deleted configuration of the same id left off, so that a number means one text.
    fileprivate func insertVersion(_ draft: ConfigurationDraft, tenant: Int, at now: Timestamp) throws -> ConfigurationVersion {
        let last = try row(
            "SELECT max(version) FROM configuration_versions WHERE tenant = $1 AND configuration = $2", tenant,
            draft.configuration
        ) { try $0.next(Int?.self) }
        let number = ((last ?? nil) ?? 0) + 1
        do {
            try change(
                """
                WITH version AS (
                    INSERT INTO configuration_versions (tenant, id, configuration, version, name, type, format, directory,
                        created_at, created_by, source)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING number)
                INSERT INTO configurations (tenant, id, version) SELECT $1, $3, number FROM version
                ON CONFLICT (tenant, id) DO UPDATE SET version = excluded.version
                """,
                tenant, draft.version, draft.configuration, number, draft.name, draft.type, draft.source.format,
                draft.source.directory, now, try numberMaking(draft.author, in: tenant), draft.source.text)
        } catch let failure as PostgresFailure where failure.isRefusal(.uniqueViolation) {
            throw StoreError(.duplicate, "A configuration version with the id \(draft.version) is there already.", cause: failure)
        }
        return ConfigurationVersion(
            id: draft.version, tenant: draft.tenant, configuration: draft.configuration, number: number, name: draft.name,
            type: draft.type, source: draft.source, createdAt: now, createdBy: draft.author)
    }
}
