import GRDB
import WorkflowModel

/// Records that are handed out at once.
enum TransferLimits {
    static let records = 500
    /// Tasks after which no further run is added to a page.
    static let tasks = 2_000
    /// Bytes of outputs after which no further run is added to a page.
    static let outputBytes = 8 << 20
    /// Pieces of what attempts printed, each of which may have many bytes.
    static let chunks = 32
}

extension Database {
    /// A place is the key of the last row that was handed out, its parts separated by slashes.
    func transferPage(of part: TransferPart, from place: TransferPlace?) throws -> TransferPage {
        let place = place?.text
        switch part {
        case .secrets: return try secrets()
        case .tenants: return try tenants(after: try Self.number(place))
        case .keys: return try keys(after: try Self.number(place))
        case .versions: return try versions(after: try Self.number(place))
        case .configurations: return try currentConfigurations()
        case .alertReceivers: return try transferredReceivers()
        case .alertRules: return try transferredAlertRules()
        case .alerts: return try transferredAlerts(after: try Self.number(place))
        case .schedules: return try schedules()
        case .runs: return try runPage(after: try Self.number(place))
        case .ticks: return try tickPage(after: place)
        case .output: return try output(after: try place.map { try Self.numbers($0, count: 5) } ?? [0, 0, 0, 0, -1])
        case .startKeys: return try startKeys(after: place)
        }
    }

    private static func number(_ place: String?) throws -> Int64 {
        try place.map { try numbers($0, count: 1)[0] } ?? 0
    }

    private static func numbers(_ place: String, count: Int) throws -> [Int64] {
        let numbers = place.split(separator: "/").compactMap { Int64($0) }
        guard numbers.count == count else {
            throw StoreError(.unavailable, "The transfer cannot go on there: that place is not one of this store.")
        }
        return numbers
    }

    // MARK: Small parts, in one page

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
            CROSS JOIN configuration_versions AS v ON v.number = c.version
            CROSS JOIN tenants AS t ON t.number = c.tenant
            LEFT JOIN limits AS l ON l.tenant = c.tenant AND l.name = 'runs:' || c.id
            ORDER BY c.tenant, c.id
            """
        ) {
            CurrentConfiguration(
                tenant: try $0.nextTenant(), configuration: try $0.next(), version: try $0.next(), concurrency: try $0.next())
        }
        return TransferPage(records: .configurations(current), next: nil)
    }

    // MARK: Parts in pages, in the order in which they were made

    private func tenants(after number: Int64) throws -> TransferPage {
        let page = try numbered(
            "SELECT t.number, \(SettingsStatement.columns) FROM tenants AS t WHERE t.number > ? ORDER BY t.number LIMIT ?", number
        ) { try $0.nextSettings() }
        return TransferPage(records: .tenants(page.records), next: page.next)
    }

    private func keys(after number: Int64) throws -> TransferPage {
        let page = try numbered(
            """
            SELECT k.number, k.id, t.name, k.name, k.policy, k.created_at, k.secret_hash, k.secret_number, k.deposed_at,
                k.last_used_at
            FROM api_keys AS k CROSS JOIN tenants AS t ON t.number = k.tenant WHERE k.number > ? ORDER BY k.number LIMIT ?
            """, number
        ) { try $0.nextKey() }
        return TransferPage(records: .keys(page.records), next: page.next)
    }

    /// Texts of configurations are up to a quarter of a MiB long.
    private func versions(after number: Int64) throws -> TransferPage {
        let page = try numbered(
            """
            SELECT v.number, t.name, v.id, v.configuration, v.version, v.name, v.type, v.source, v.format, v.directory,
                v.created_at, p.id, p.name, p.email
            FROM configuration_versions AS v
            CROSS JOIN tenants AS t ON t.number = v.tenant
            CROSS JOIN principals AS p ON p.number = v.created_by
            WHERE v.number > ? ORDER BY v.number LIMIT ?
            """, number, limit: TransferLimits.chunks
        ) { columns in
            let tenant = try columns.nextTenant()
            return try columns.nextVersion(of: tenant)
        }
        return TransferPage(records: .versions(page.records), next: page.next)
    }

    private func numbered<Record>(
        _ sql: String, _ number: Int64, limit: Int = TransferLimits.records, decode: (inout ColumnReader) throws -> Record
    ) throws -> (records: [Record], next: TransferPlace?) {
        let found = try rows(sql, number, limit) { (try $0.next(Int64.self), try decode(&$0)) }
        let next = found.count == limit ? found.last.map { TransferPlace(text: "\($0.0)") } : nil
        return (found.map(\.1), next)
    }

    // MARK: Parts in pages, by their keys

    private func output(after place: [Int64]) throws -> TransferPage {
        let found = try rows(
            """
            SELECT c.tenant, c.run, c.position, c.attempt, c.from_byte, t.name, r.id, r.created_at, c.bytes
            FROM output_chunks AS c
            CROSS JOIN runs AS r ON r.number = c.run
            CROSS JOIN tenants AS t ON t.number = c.tenant
            WHERE (c.tenant, c.run, c.position, c.attempt, c.from_byte) > (?, ?, ?, ?, ?)
            ORDER BY c.tenant, c.run, c.position, c.attempt, c.from_byte LIMIT ?
            """, place[0], place[1], place[2], place[3], place[4], TransferLimits.chunks
        ) { columns in
            let key = try (0..<5).map { _ in try columns.next(Int64.self) }
            let output = TransferredOutput(
                tenant: try columns.nextTenant(), run: try columns.next(), runCreatedAt: try columns.next(),
                position: Int(key[2]), attempt: Int(key[3]), chunk: OutputChunk(offset: Int(key[4]), bytes: try columns.next()))
            return (key, output)
        }
        let next =
            found.count == TransferLimits.chunks
            ? found.last.map { TransferPlace(text: $0.0.map(String.init).joined(separator: "/")) } : nil
        return TransferPage(records: .output(found.map(\.1)), next: next)
    }

    /// A place is the tenant's number, the owner's length in bytes, the owner and the key: any of the texts may hold a slash.
    private func startKeys(after place: String?) throws -> TransferPage {
        let place = try StartKeyPlace(place)
        let found = try rows(
            """
            SELECT k.tenant, t.name, k.owner, k.key, k.fingerprint, r.id, r.created_at, k.created_at
            FROM start_keys AS k
            CROSS JOIN runs AS r ON r.number = k.run
            CROSS JOIN tenants AS t ON t.number = k.tenant
            WHERE (k.tenant, k.owner, k.key) > (?, ?, ?) ORDER BY k.tenant, k.owner, k.key LIMIT ?
            """, place.tenant, place.owner, place.key, TransferLimits.records
        ) { columns in
            let number = try columns.next(Int64.self)
            let tenant = try columns.nextTenant()
            let key = IdempotencyKey(owner: try columns.next(), text: try columns.next(), fingerprint: try columns.next())
            let record = TransferredStartKey(
                tenant: tenant, key: key, run: try columns.next(), runCreatedAt: try columns.next(), usedAt: try columns.next())
            return (StartKeyPlace(tenant: number, owner: key.owner, key: key.text), record)
        }
        let next = found.count == TransferLimits.records ? found.last.map { TransferPlace(text: $0.0.text) } : nil
        return TransferPage(records: .startKeys(found.map(\.1)), next: next)
    }
}

private struct StartKeyPlace {
    var tenant: Int64
    var owner: String
    var key: String

    init(tenant: Int64, owner: String, key: String) {
        self.tenant = tenant
        self.owner = owner
        self.key = key
    }

    init(_ text: String?) throws {
        guard let text else {
            self.init(tenant: 0, owner: "", key: "")
            return
        }
        let parts = text.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let tenant = Int64(parts[0]), let length = Int(parts[1]), parts[2].utf8.count >= length else {
            throw StoreError(.unavailable, "The transfer cannot go on there: that place is not one of this store.")
        }
        let bytes = Array(parts[2].utf8)
        self.init(
            tenant: tenant, owner: String(decoding: bytes.prefix(length), as: UTF8.self),
            key: String(decoding: bytes.dropFirst(length), as: UTF8.self))
    }

    var text: String { "\(tenant)/\(owner.utf8.count)/\(owner)\(key)" }
}
