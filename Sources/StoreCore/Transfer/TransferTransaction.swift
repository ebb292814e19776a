public import WorkflowModel

/// Records that are handed out at once.
public enum TransferLimits {
    public static let records = 500
    /// Tasks after which no further run is added to a page.
    public static let tasks = 2_000
    /// Bytes of outputs after which no further run is added to a page.
    public static let outputBytes = 8 << 20
    /// Pieces of output, and texts of configurations, each of which may have many bytes.
    public static let chunks = 32
}

/// A record on its way to another store, with its key in this one.
public struct TransferredRow<Key: TransferKey, Record> {
    public var key: Key
    public var record: Record

    public init(_ key: Key, _ record: Record) {
        self.key = key
        self.record = record
    }
}

/// The statements that a transfer reads a store by. Small parts are read in one page.
///
/// Rows come in the order of their keys, those behind a key, as many as the limit at most.
public protocol TransferTransaction {
    /// Names a piece of output.
    associatedtype OutputTransferKey: TransferKey
    /// Names a run among those that are handed out.
    associatedtype RunTransferKey: TransferKey

    func secrets() throws -> [TransferredSecret]
    func tenants(after key: NumberPlace, limit: Int) throws -> [TransferredRow<NumberPlace, TenantSettings>]
    func keys(after key: NumberPlace, limit: Int) throws -> [TransferredRow<NumberPlace, APIKey>]
    func allViews() throws -> [TransferredView]
    func allTenantSecrets() throws -> [TransferredTenantSecret]
    func versions(after key: NumberPlace, limit: Int) throws -> [TransferredRow<NumberPlace, ConfigurationVersion>]
    func currentConfigurations() throws -> [CurrentConfiguration]
    func allReceivers() throws -> [AlertReceiver]
    func allAlertRules() throws -> [ConfigurationAlerts]
    func allTriggers() throws -> [ConfigurationTriggers]
    func alerts(after key: NumberPlace, limit: Int) throws -> [TransferredRow<NumberPlace, TransferredAlert>]
    func allSchedules() throws -> [TransferredSchedules]
    func runPage(after key: RunTransferKey) throws -> TransferPage
    func ticks(after key: TickTransferPlace, limit: Int) throws -> [TransferredRow<TickTransferPlace, ScheduleTick>]
    func firings(
        after key: FiringTransferPlace, limit: Int
    ) throws -> [TransferredRow<FiringTransferPlace, TriggerFiring>]
    func output(after key: OutputTransferKey, limit: Int) throws -> [TransferredRow<OutputTransferKey, TransferredOutput>]
    func startKeys(after key: StartKeyPlace, limit: Int) throws -> [TransferredRow<StartKeyPlace, TransferredStartKey>]
    func statistics(after key: StatisticPlace, limit: Int) throws -> [TransferredRow<StatisticPlace, TransferredStatistic>]
    func auditChains() throws -> [TransferredAuditChain]
    func auditEvents(after key: NumberPlace, limit: Int) throws -> [TransferredRow<NumberPlace, TransferredAuditEvent>]
    func bulkOperations(after key: NumberPlace, limit: Int) throws -> [TransferredRow<NumberPlace, TransferredBulkOperation>]
    func bulkReceipts(
        after key: BulkReceiptPlace, limit: Int
    ) throws -> [TransferredRow<BulkReceiptPlace, TransferredBulkReceipt>]
}

extension TransferTransaction {
    public func transferPage(of part: TransferPart, from place: TransferPlace?) throws -> TransferPage {
        switch part {
        case .secrets: TransferPage(records: .secrets(try secrets()), next: nil)
        case .tenants: try page(TransferRecords.tenants, from: place, tenants)
        case .keys: try page(TransferRecords.keys, from: place, keys)
        case .views: TransferPage(records: .views(try allViews()), next: nil)
        case .tenantSecrets: TransferPage(records: .tenantSecrets(try allTenantSecrets()), next: nil)
        case .versions: try page(TransferRecords.versions, from: place, limit: TransferLimits.chunks, versions)
        case .configurations: TransferPage(records: .configurations(try currentConfigurations()), next: nil)
        case .alertReceivers: TransferPage(records: .alertReceivers(try allReceivers()), next: nil)
        case .alertRules: TransferPage(records: .alertRules(try allAlertRules()), next: nil)
        case .triggers: TransferPage(records: .triggers(try allTriggers()), next: nil)
        case .alerts: try page(TransferRecords.alerts, from: place, alerts)
        case .schedules: TransferPage(records: .schedules(try allSchedules()), next: nil)
        case .runs: try runPage(after: RunTransferKey(place))
        case .ticks: try page(TransferRecords.ticks, from: place, ticks)
        case .firings: try page(TransferRecords.firings, from: place, firings)
        case .output: try page(TransferRecords.output, from: place, limit: TransferLimits.chunks, output)
        case .startKeys: try page(TransferRecords.startKeys, from: place, startKeys)
        case .statistics: try page(TransferRecords.statistics, from: place, statistics)
        case .auditChains: TransferPage(records: .auditChains(try auditChains()), next: nil)
        case .auditEvents: try page(TransferRecords.auditEvents, from: place, auditEvents)
        // Each may name many runs.
        case .bulkOperations:
            try page(TransferRecords.bulkOperations, from: place, limit: TransferLimits.chunks, bulkOperations)
        case .bulkReceipts: try page(TransferRecords.bulkReceipts, from: place, bulkReceipts)
        }
    }

    private func page<Key: TransferKey, Record>(
        _ records: ([Record]) -> TransferRecords, from place: TransferPlace?, limit: Int = TransferLimits.records,
        _ read: (Key, Int) throws -> [TransferredRow<Key, Record>]
    ) throws -> TransferPage {
        let rows = try read(Key(place), limit)
        return TransferPage(
            records: records(rows.map(\.record)), next: rows.count == limit ? rows.last?.key.place : nil)
    }
}
