public import WorkflowModel

extension PostgresStore: StoreExport {
    public func records(of part: TransferPart, from place: TransferPlace?) async throws -> TransferPage {
        try await read(consistently: true) { try $0.transferPage(of: part, from: place) }
    }
}

/// Records that are handed out at once.
enum TransferLimits {
    static let records = 500
    /// Runs whose tasks are read at once.
    static let runs = 50
    /// Tasks after which no further run is added to a page.
    static let tasks = 2_000
    /// Bytes of outputs after which no further run is added to a page.
    static let outputBytes = 8 << 20
    /// Pieces of what attempts printed, each of which may have many bytes.
    static let chunks = 32
}

extension PostgresConnection {
    /// A place is the key of the last row that was handed out.
    fileprivate func transferPage(of part: TransferPart, from place: TransferPlace?) throws -> TransferPage {
        switch part {
        case .secrets: try secrets()
        case .tenants: try tenants(after: try Self.number(place))
        case .keys: try keys(after: try Self.number(place))
        case .versions: try versions(after: try Self.number(place))
        case .configurations: try currentConfigurations()
        case .alertReceivers: try transferredReceivers()
        case .alertRules: try transferredAlertRules()
        case .alerts: try transferredAlerts(after: try Self.number(place))
        case .schedules: try schedules()
        case .runs: try runPage(after: try RunPlace(place))
        case .ticks: try tickPage(after: try TickTransferPlace(place))
        case .output: try output(after: try OutputPlace(place))
        case .startKeys: try startKeys(after: try StartKeyPlace(place))
        }
    }

    private static func number(_ place: TransferPlace?) throws -> Int {
        guard let place else { return 0 }
        return try TransferPlace.known(Int(place.text))
    }

    private func secrets() throws -> TransferPage {
        let secrets = try rows("SELECT name, value FROM service_secrets ORDER BY name") {
            TransferredSecret(name: try $0.next(), value: try $0.next())
        }
        return TransferPage(records: .secrets(secrets), next: nil)
    }

    private func currentConfigurations() throws -> TransferPage {
        let current = try rows(
            """
            SELECT t.name, c.id, v.id, l.size FROM configurations AS c
            JOIN configuration_versions AS v ON v.number = c.version
            JOIN tenants AS t ON t.number = c.tenant
            LEFT JOIN limits AS l ON l.tenant = c.tenant AND l.name = 'runs:' || c.id
            ORDER BY c.tenant, c.id
            """
        ) {
            CurrentConfiguration(
                tenant: try $0.nextTenant(), configuration: try $0.next(), version: try $0.next(), concurrency: try $0.next())
        }
        return TransferPage(records: .configurations(current), next: nil)
    }

    private func tenants(after number: Int) throws -> TransferPage {
        let page = try numbered(
            "SELECT t.number, \(SettingsStatement.columns) FROM tenants AS t WHERE t.number > $1 ORDER BY t.number LIMIT $2", number
        ) { try $0.nextSettings() }
        return TransferPage(records: .tenants(page.records), next: page.next)
    }

    private func keys(after number: Int) throws -> TransferPage {
        let page = try numbered(
            """
            SELECT k.number, k.id, t.name, k.name, k.policy, k.created_at, k.secret_hash, k.secret_number, k.deposed_at,
                k.last_used_at
            FROM api_keys AS k JOIN tenants AS t ON t.number = k.tenant WHERE k.number > $1 ORDER BY k.number LIMIT $2
            """, number
        ) { try $0.nextKey() }
        return TransferPage(records: .keys(page.records), next: page.next)
    }

    private func versions(after number: Int) throws -> TransferPage {
        let page = try numbered(
            """
            SELECT v.number, t.name, v.id, v.configuration, v.version, v.name, v.type, v.source, v.format, v.directory,
                v.created_at, p.id, p.name, p.email
            FROM configuration_versions AS v
            JOIN tenants AS t ON t.number = v.tenant
            JOIN principals AS p ON p.number = v.created_by
            WHERE v.number > $1 ORDER BY v.number LIMIT $2
            """, number, limit: TransferLimits.chunks
        ) { columns in
            let tenant = try columns.nextTenant()
            return try columns.nextVersion(of: tenant)
        }
        return TransferPage(records: .versions(page.records), next: page.next)
    }

    private func numbered<Record>(
        _ sql: String, _ number: Int, limit: Int = TransferLimits.records, decode: (inout ColumnReader) throws -> Record
    ) throws -> (records: [Record], next: TransferPlace?) {
        let found = try rows(sql, number, limit) { (try $0.next(Int.self), try decode(&$0)) }
        let next = found.count == limit ? found.last.map { TransferPlace(text: "\($0.0)") } : nil
        return (found.map(\.1), next)
    }

    private func output(after place: OutputPlace) throws -> TransferPage {
        let found = try rows(
            """
            SELECT c.tenant, c.run, c.run_created_at, c.position, c.attempt, c.from_byte, c.bytes FROM output_chunks AS c
            WHERE (c.tenant, c.run, c.position, c.attempt, c.from_byte) > ($1, $2, $3, $4, $5)
            ORDER BY c.tenant, c.run, c.position, c.attempt, c.from_byte LIMIT $6
            """, place.tenant, place.run, place.position, place.attempt, place.offset, TransferLimits.chunks
        ) { columns in
            let tenant = try columns.next(Int.self)
            let run = try columns.next(RunID.self)
            let createdAt = try columns.next(Timestamp.self)
            let (position, attempt) = (try columns.next(Int.self), try columns.next(Int.self))
            let chunk = OutputChunk(offset: try columns.next(), bytes: try columns.next())
            let place = OutputPlace(tenant: tenant, position: position, attempt: attempt, offset: chunk.offset, run: run)
            return (place, createdAt, chunk)
        }
        let records = try found.map { place, createdAt, chunk in
            TransferredOutput(
                tenant: try tenant(numbered: place.tenant), run: place.run, runCreatedAt: createdAt, position: place.position,
                attempt: place.attempt, chunk: chunk)
        }
        let next = found.count == TransferLimits.chunks ? found.last.map { $0.0.place } : nil
        return TransferPage(records: .output(records), next: next)
    }

    private func startKeys(after place: StartKeyPlace) throws -> TransferPage {
        let found = try rows(
            """
            SELECT tenant, owner, key, fingerprint, run, run_created_at, created_at FROM start_keys
            WHERE (tenant, owner, key) > ($1, $2, $3) ORDER BY tenant, owner, key LIMIT $4
            """, place.tenant, place.owner, place.key, TransferLimits.records
        ) { columns in
            let tenant = try columns.next(Int.self)
            let key = IdempotencyKey(owner: try columns.next(), text: try columns.next(), fingerprint: try columns.next())
            return (tenant, key, try columns.next(RunID.self), try columns.next(Timestamp.self), try columns.next(Timestamp.self))
        }
        let records = try found.map { tenant, key, run, createdAt, usedAt in
            TransferredStartKey(
                tenant: try self.tenant(numbered: tenant), key: key, run: run, runCreatedAt: createdAt, usedAt: usedAt)
        }
        let next = found.last.map { StartKeyPlace(tenant: $0.0, owner: $0.1.owner, key: $0.1.text).place }
        return TransferPage(records: .startKeys(records), next: found.count == TransferLimits.records ? next : nil)
    }
}
