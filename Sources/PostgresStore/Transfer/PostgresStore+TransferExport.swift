import StoreCore
public import WorkflowModel

extension PostgresStore: StoreExport {
    public func records(of part: TransferPart, from place: TransferPlace?) async throws -> TransferPage {
        try await read(consistently: true) { try $0.transferPage(of: part, from: place) }
    }
}

extension PostgresConnection: TransferTransaction {
    func secrets() throws -> [TransferredSecret] {
        try rows("SELECT name, value FROM service_secrets ORDER BY name") { try $0.nextSecret() }
    }

    func currentConfigurations() throws -> [CurrentConfiguration] {
        try rows(
            """
            SELECT t.name, c.id, v.id, l.size, \(PauseColumns.list) FROM configurations AS c
            JOIN configuration_versions AS v ON v.number = c.version
            JOIN tenants AS t ON t.number = c.tenant
            LEFT JOIN limits AS l ON l.tenant = c.tenant AND l.name = 'runs:' || c.id
            LEFT JOIN principals AS p ON p.number = c.paused_by
            ORDER BY c.tenant, c.id
            """
        ) { try $0.nextCurrentConfiguration() }
    }

    func tenants(after key: NumberPlace, limit: Int) throws -> [TransferredRow<NumberPlace, TenantSettings>] {
        try rows(
            "SELECT t.number, \(SettingsStatement.columns) FROM tenants AS t WHERE t.number > $1 ORDER BY t.number LIMIT $2",
            key.number, limit
        ) { try $0.nextNumbered { try $0.nextSettings() } }
    }

    func keys(after key: NumberPlace, limit: Int) throws -> [TransferredRow<NumberPlace, APIKey>] {
        try rows(
            """
            SELECT k.number, \(KeyStatement.list) FROM api_keys AS k JOIN tenants AS t ON t.number = k.tenant
            WHERE k.number > $1 ORDER BY k.number LIMIT $2
            """, key.number, limit
        ) { try $0.nextNumbered { try $0.nextKey() } }
    }

    func versions(after key: NumberPlace, limit: Int) throws -> [TransferredRow<NumberPlace, ConfigurationVersion>] {
        try rows(
            """
            SELECT v.number, v.tenant, \(VersionStatement.list)
            FROM configuration_versions AS v
            JOIN principals AS p ON p.number = v.created_by
            WHERE v.number > $1 ORDER BY v.number LIMIT $2
            """, key.number, limit
        ) {
            try $0.nextNumbered {
                let tenant = try tenant(numbered: try $0.next())
                return try $0.nextVersion(of: tenant)
            }
        }
    }

    func output(
        after key: OutputTransferPlace, limit: Int
    ) throws -> [TransferredRow<OutputTransferPlace, TransferredOutput>] {
        try rows(
            """
            SELECT c.tenant, c.run, c.run_created_at, c.position, c.attempt, c.from_byte, c.bytes, c.marks
            FROM output_chunks AS c
            WHERE (c.tenant, c.run, c.position, c.attempt, c.from_byte) > ($1, $2, $3, $4, $5)
            ORDER BY c.tenant, c.run, c.position, c.attempt, c.from_byte LIMIT $6
            """, key.tenant, key.run, key.position, key.attempt, key.offset, limit
        ) { columns in
            let number = try columns.next(Int.self)
            let output = TransferredOutput(
                tenant: try tenant(numbered: number), run: try columns.next(), runCreatedAt: try columns.next(),
                position: try columns.next(), attempt: try columns.next(), chunk: try columns.nextOutputChunk())
            return TransferredRow(OutputTransferPlace(tenant: number, output), output)
        }
    }

    func startKeys(
        after key: StartKeyPlace, limit: Int
    ) throws -> [TransferredRow<StartKeyPlace, TransferredStartKey>] {
        try rows(
            """
            SELECT tenant, owner, key, fingerprint, run, run_created_at, created_at FROM start_keys
            WHERE run <> '' AND (tenant, owner, key) > ($1, $2, $3) ORDER BY tenant, owner, key LIMIT $4
            """, key.tenant, key.owner, key.key, limit
        ) { columns in
            let number = try columns.next(Int.self)
            return try columns.nextStartKey(of: try tenant(numbered: number), numbered: number)
        }
    }
}

/// The place behind a chunk of output.
struct OutputTransferPlace: TransferKey {
    var tenant: Int
    var position: Int
    var attempt: Int
    var offset: Int
    var run: RunID

    init(tenant: Int, _ output: TransferredOutput) {
        self.tenant = tenant
        position = output.position
        attempt = output.attempt
        offset = output.chunk.offset
        run = output.run
    }

    init(_ place: TransferPlace?) throws {
        let (numbers, rest) = try (place ?? TransferPlace(text: "0/0/0/-1/")).parts(numbers: 4)
        (tenant, position, attempt, offset) = (numbers[0], numbers[1], numbers[2], numbers[3])
        run = RunID(rawValue: rest)
    }

    var place: TransferPlace { TransferPlace(text: "\(tenant)/\(position)/\(attempt)/\(offset)/\(run.rawValue)") }
}
