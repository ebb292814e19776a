import Crypto
import WorkflowModel

/// The number of records of each kind in a store, and their checksums.
package struct StoreContents: Hashable, Sendable {
    /// Named after the tables, which have the same names in every store.
    package enum Kind: String, CaseIterable, Sendable {
        case secrets = "service_secrets"
        case tenants
        case keys = "api_keys"
        case views = "saved_views"
        case tenantSecrets = "tenant_secrets"
        case versions = "configuration_versions"
        case configurations
        case alertReceivers = "alert_receivers"
        case alertRules = "alert_rules"
        case triggers = "after_triggers"
        case schedules = "schedule_cursors"
        case runs
        case alerts
        case tasks
        case attempts
        case ticks
        case firings
        case output = "output_chunks"
        case startKeys = "start_keys"
        case statistics = "run_statistics"
        case auditChains = "audit_chains"
        case auditEvents = "audit_events"
        case bulkOperations = "bulk_operations"
        case bulkReceipts = "bulk_receipts"
    }

    private var sums: [Kind: RecordSum] = [:]

    package subscript(kind: Kind) -> RecordSum { sums[kind] ?? RecordSum() }

    /// Records of all kinds.
    package var records: Int { sums.values.reduce(0) { $0 + $1.count } }

    /// Records of the parts that a transfer has completed.
    func records(before stage: TransferStage) -> Int {
        guard case .part(let part, _) = stage else { return records }
        return TransferPart.allCases.prefix { $0 != part }.flatMap(\.kinds).reduce(0) { $0 + self[$1].count }
    }

    /// Differs between stores with different contents.
    var fingerprint: [UInt8] {
        var bytes = RecordBytes()
        for kind in Kind.allCases {
            bytes.add(kind.rawValue)
            bytes.add(self[kind].count)
            bytes.add(self[kind].high)
            bytes.add(self[kind].low)
        }
        return Array(SHA256.hash(data: bytes.bytes))
    }

    mutating func add(_ records: TransferRecords) {
        switch records {
        case .secrets(let secrets): for secret in secrets { add(RecordBytes(secret), .secrets) }
        case .tenants(let tenants): for tenant in tenants { add(RecordBytes(tenant), .tenants) }
        case .keys(let keys): for key in keys { add(RecordBytes(key), .keys) }
        case .views(let views): for view in views { add(RecordBytes(view), .views) }
        case .tenantSecrets(let secrets): for secret in secrets { add(RecordBytes(secret), .tenantSecrets) }
        case .versions(let versions): for version in versions { add(RecordBytes(version), .versions) }
        case .configurations(let current): for one in current { add(RecordBytes(one), .configurations) }
        case .alertReceivers(let receivers): for one in receivers { add(RecordBytes(one), .alertReceivers) }
        case .alertRules(let rules): for one in rules { add(RecordBytes(one), .alertRules) }
        case .triggers(let triggers): for one in triggers { add(RecordBytes(one), .triggers) }
        case .runs(let runs): for run in runs { add(run) }
        case .alerts(let alerts): for alert in alerts { add(RecordBytes(alert), .alerts) }
        case .schedules(let schedules): for one in schedules { add(RecordBytes(one), .schedules) }
        case .ticks(let ticks): for tick in ticks { add(RecordBytes(tick), .ticks) }
        case .firings(let firings): for firing in firings { add(RecordBytes(firing), .firings) }
        case .output(let pieces): for piece in pieces { add(RecordBytes(piece), .output) }
        case .startKeys(let keys): for key in keys { add(RecordBytes(key), .startKeys) }
        case .statistics(let statistics): for one in statistics { add(RecordBytes(one), .statistics) }
        case .auditChains(let chains): for chain in chains { add(RecordBytes(chain), .auditChains) }
        case .auditEvents(let events): for event in events { add(RecordBytes(event), .auditEvents) }
        case .bulkOperations(let operations): for one in operations { add(RecordBytes(one), .bulkOperations) }
        case .bulkReceipts(let receipts): for receipt in receipts { add(RecordBytes(receipt), .bulkReceipts) }
        }
    }

    private mutating func add(_ run: TransferredRun) {
        add(RecordBytes(run), .runs)
        for task in run.tasks {
            add(RecordBytes(task), .tasks)
            for attempt in task.attempts { add(RecordBytes(attempt, of: task), .attempts) }
        }
    }

    private mutating func add(_ record: RecordBytes, _ kind: Kind) {
        sums[kind, default: RecordSum()].add(record.bytes)
    }
}

extension TransferPart {
    fileprivate var kinds: [StoreContents.Kind] {
        switch self {
        case .secrets: [.secrets]
        case .tenants: [.tenants]
        case .keys: [.keys]
        case .views: [.views]
        case .tenantSecrets: [.tenantSecrets]
        case .versions: [.versions]
        case .configurations: [.configurations]
        case .alertReceivers: [.alertReceivers]
        case .alertRules: [.alertRules]
        case .triggers: [.triggers]
        case .runs: [.runs, .tasks, .attempts]
        case .alerts: [.alerts]
        case .schedules: [.schedules]
        case .ticks: [.ticks]
        case .firings: [.firings]
        case .output: [.output]
        case .startKeys: [.startKeys]
        case .statistics: [.statistics]
        case .auditChains: [.auditChains]
        case .auditEvents: [.auditEvents]
        case .bulkOperations: [.bulkOperations]
        case .bulkReceipts: [.bulkReceipts]
        }
    }
}

extension TransferRecords {
    /// Of all kinds.
    var recordCount: Int {
        switch self {
        case .secrets(let secrets): secrets.count
        case .tenants(let tenants): tenants.count
        case .keys(let keys): keys.count
        case .views(let views): views.count
        case .tenantSecrets(let secrets): secrets.count
        case .versions(let versions): versions.count
        case .configurations(let current): current.count
        case .alertReceivers(let receivers): receivers.count
        case .alertRules(let rules): rules.count
        case .triggers(let triggers): triggers.count
        case .alerts(let alerts): alerts.count
        case .schedules(let schedules): schedules.count
        case .ticks(let ticks): ticks.count
        case .firings(let firings): firings.count
        case .runs(let runs): runs.reduce(0) { $0 + 1 + $1.tasks.reduce(0) { $0 + 1 + $1.attempts.count } }
        case .output(let pieces): pieces.count
        case .startKeys(let keys): keys.count
        case .statistics(let statistics): statistics.count
        case .auditChains(let chains): chains.count
        case .auditEvents(let events): events.count
        case .bulkOperations(let operations): operations.count
        case .bulkReceipts(let receipts): receipts.count
        }
    }
}

/// Counts records and adds up their hashes, so that their order makes no difference.
package struct RecordSum: Hashable, Sendable {
    package private(set) var count = 0
    private(set) var high: UInt64 = 0
    private(set) var low: UInt64 = 0

    mutating func add(_ record: [UInt8]) {
        count += 1
        let words = SHA256.hash(data: record).withUnsafeBytes { hash in
            (hash.loadUnaligned(as: UInt64.self), hash.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
        let (sum, carry) = low.addingReportingOverflow(UInt64(littleEndian: words.0))
        low = sum
        high = high &+ UInt64(littleEndian: words.1) &+ (carry ? 1 : 0)
    }

    /// 32 hexadecimal digits.
    package var checksum: String {
        [high, low].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
