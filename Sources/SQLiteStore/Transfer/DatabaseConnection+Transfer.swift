import StoreCore
import WorkflowModel

extension DatabaseConnection: TransferTransaction {
    func secrets() throws -> [TransferredSecret] {
        try rows("SELECT name, value FROM service_secrets ORDER BY name") { try $0.nextSecret() }
    }

    func currentConfigurations() throws -> [CurrentConfiguration] {
        try rows(
            """
            SELECT t.name, c.id, v.id, l.size, \(PauseColumns.list) FROM configurations AS c
            CROSS JOIN configuration_versions AS v ON v.number = c.version
            CROSS JOIN tenants AS t ON t.number = c.tenant
            LEFT JOIN limits AS l ON l.tenant = c.tenant AND l.name = 'runs:' || c.id
            LEFT JOIN principals AS p ON p.number = c.paused_by
            ORDER BY c.tenant, c.id
            """
        ) { try $0.nextCurrentConfiguration() }
    }

    func allViews() throws -> [TransferredView] {
        try rows(
            """
            SELECT t.name, \(ViewStatement.list) FROM saved_views AS v
            CROSS JOIN tenants AS t ON t.number = v.tenant
            CROSS JOIN principals AS p ON p.number = v.saved_by
            ORDER BY v.tenant, v.name
            """
        ) { TransferredView(tenant: try $0.nextTenant(), view: try $0.nextView()) }
    }

    func tenants(after key: NumberPlace, limit: Int) throws -> [TransferredRow<NumberPlace, TenantSettings>] {
        try rows(
            "SELECT t.number, \(SettingsStatement.columns) FROM tenants AS t WHERE t.number > ? ORDER BY t.number LIMIT ?",
            key.number, limit
        ) { try $0.nextNumbered { try $0.nextSettings() } }
    }

    func keys(after key: NumberPlace, limit: Int) throws -> [TransferredRow<NumberPlace, APIKey>] {
        try rows(
            """
            SELECT k.number, \(KeyStatement.list) FROM api_keys AS k CROSS JOIN tenants AS t ON t.number = k.tenant
            WHERE k.number > ? ORDER BY k.number LIMIT ?
            """, key.number, limit
        ) { try $0.nextNumbered { try $0.nextKey() } }
    }

    func versions(after key: NumberPlace, limit: Int) throws -> [TransferredRow<NumberPlace, ConfigurationVersion>] {
        try rows(
            """
            SELECT v.number, t.name, \(VersionStatement.list)
            FROM configuration_versions AS v
            CROSS JOIN tenants AS t ON t.number = v.tenant
            CROSS JOIN principals AS p ON p.number = v.created_by
            WHERE v.number > ? ORDER BY v.number LIMIT ?
            """, key.number, limit
        ) {
            try $0.nextNumbered {
                let tenant = try $0.nextTenant()
                return try $0.nextVersion(of: tenant)
            }
        }
    }

    func output(
        after key: OutputTransferPlace, limit: Int
    ) throws -> [TransferredRow<OutputTransferPlace, TransferredOutput>] {
        try rows(
            """
            SELECT c.tenant, c.run, c.position, c.attempt, c.from_byte, c.bytes, c.marks, t.name, r.id, r.created_at
            FROM output_chunks AS c
            CROSS JOIN runs AS r ON r.number = c.run
            CROSS JOIN tenants AS t ON t.number = c.tenant
            WHERE (c.tenant, c.run, c.position, c.attempt, c.from_byte) > (?, ?, ?, ?, ?)
            ORDER BY c.tenant, c.run, c.position, c.attempt, c.from_byte LIMIT ?
            """, key.tenant, key.run, key.position, key.attempt, key.offset, limit
        ) { columns in
            let (tenant, run) = (try columns.next(Int.self), try columns.next(Int.self))
            let (position, attempt) = (try columns.next(Int.self), try columns.next(Int.self))
            let chunk = try columns.nextOutputChunk()
            let output = TransferredOutput(
                tenant: try columns.nextTenant(), run: try columns.next(), runCreatedAt: try columns.next(), position: position,
                attempt: attempt, chunk: chunk)
            return TransferredRow(
                OutputTransferPlace(tenant: tenant, run: run, position: position, attempt: attempt, offset: chunk.offset), output)
        }
    }

    func startKeys(
        after key: StartKeyPlace, limit: Int
    ) throws -> [TransferredRow<StartKeyPlace, TransferredStartKey>] {
        try rows(
            """
            SELECT k.tenant, t.name, k.owner, k.key, k.fingerprint, r.id, r.created_at, k.created_at
            FROM start_keys AS k
            CROSS JOIN runs AS r ON r.number = k.run
            CROSS JOIN tenants AS t ON t.number = k.tenant
            WHERE (k.tenant, k.owner, k.key) > (?, ?, ?) ORDER BY k.tenant, k.owner, k.key LIMIT ?
            """, key.tenant, key.owner, key.key, limit
        ) { columns in
            let number = try columns.next(Int.self)
            let tenant = try columns.nextTenant()
            return try columns.nextStartKey(of: tenant, numbered: number)
        }
    }
}

/// The place behind a chunk of output.
struct OutputTransferPlace: TransferKey {
    var tenant: Int
    var run: Int
    var position: Int
    var attempt: Int
    var offset: Int

    init(tenant: Int, run: Int, position: Int, attempt: Int, offset: Int) {
        self.tenant = tenant
        self.run = run
        self.position = position
        self.attempt = attempt
        self.offset = offset
    }

    init(_ place: TransferPlace?) throws {
        let (numbers, rest) = try (place ?? TransferPlace(text: "0/0/0/0/-1")).parts(numbers: 4)
        (tenant, run, position, attempt) = (numbers[0], numbers[1], numbers[2], numbers[3])
        offset = try TransferPlace.known(Int(rest))
    }

    var place: TransferPlace { TransferPlace(text: "\(tenant)/\(run)/\(position)/\(attempt)/\(offset)") }
}
