/// A store whose whole content can be read, so that another store can take it over.
public protocol StoreExport: Sendable {
    /// The next records of a part, in an order that is stable while nothing changes.
    /// - Parameter place: where to go on; nil to begin.
    /// - Throws: ``StoreError``
    func records(of part: TransferPart, from place: TransferPlace?) async throws -> TransferPage
}

/// A store that can take over the whole content of another store.
///
/// The progress is written in the transaction of the records, so that an interrupted transfer resumes without duplicates or gaps.
public protocol StoreImport: Sendable {
    /// Begins a transfer into an empty store, or resumes an interrupted one.
    ///
    /// - Parameter source: identifies the content that is transferred.
    /// - Returns: the progress so far.
    /// - Throws: ``StoreError/Code/duplicate`` when the store has other content.
    func beginTransfer(of source: [UInt8]) async throws -> TransferStage

    /// Writes new records together with the progress that they reach.
    func add(_ records: TransferRecords, reaching stage: TransferStage) async throws

    /// Ends the transfer after everything was copied and verified: from now on this is a normal store.
    func endTransfer() async throws
}

/// The parts of a store's content. A part refers only to earlier parts.
public enum TransferPart: String, CaseIterable, Hashable, Sendable {
    case secrets
    case tenants
    case keys
    case views
    case tenantSecrets
    case versions
    case configurations
    case alertReceivers
    case alertRules
    case triggers
    case runs
    case alerts
    case schedules
    case ticks
    case firings
    case output
    case startKeys
    case statistics
    case auditChains
    case auditEvents
    case bulkOperations
    case bulkReceipts

    public static let first = TransferPart.secrets

    /// nil for the last part.
    public var next: TransferPart? {
        let following = Self.allCases.firstIndex(of: self).map { Self.allCases.index(after: $0) }
        return following.flatMap { Self.allCases.indices.contains($0) ? Self.allCases[$0] : nil }
    }
}

/// The progress of a transfer.
public enum TransferStage: Hashable, Sendable {
    /// Everything before that place has been transferred; nil for the beginning of the part.
    case part(TransferPart, from: TransferPlace?)
    /// Everything has been copied.
    case copied
    /// The copy has been verified.
    case ended

    /// - Parameter next: where the part goes on; nil when it is complete.
    public init(in part: TransferPart, next: TransferPlace?) {
        if let next {
            self = .part(part, from: next)
        } else if let following = part.next {
            self = .part(following, from: nil)
        } else {
            self = .copied
        }
    }
}

/// A position in a part, in a form that only the store that made it reads.
public struct TransferPlace: Hashable, Sendable {
    public var text: String

    public init(text: String) {
        self.text = text
    }
}

public struct TransferPage: Hashable, Sendable {
    public var records: TransferRecords
    /// nil at the end of the part.
    public var next: TransferPlace?

    public init(records: TransferRecords, next: TransferPlace?) {
        self.records = records
        self.next = next
    }
}

/// Records of one part.
public enum TransferRecords: Hashable, Sendable {
    case secrets([TransferredSecret])
    case tenants([TenantSettings])
    case keys([APIKey])
    case views([TransferredView])
    case tenantSecrets([TransferredTenantSecret])
    case versions([ConfigurationVersion])
    case configurations([CurrentConfiguration])
    case alertReceivers([AlertReceiver])
    case alertRules([ConfigurationAlerts])
    case triggers([ConfigurationTriggers])
    case runs([TransferredRun])
    case alerts([TransferredAlert])
    case schedules([TransferredSchedules])
    case ticks([ScheduleTick])
    case firings([TriggerFiring])
    case output([TransferredOutput])
    case startKeys([TransferredStartKey])
    case statistics([TransferredStatistic])
    case auditChains([TransferredAuditChain])
    case auditEvents([TransferredAuditEvent])
    case bulkOperations([TransferredBulkOperation])
    case bulkReceipts([TransferredBulkReceipt])
}
