/// A store that hands out everything it holds, so that another one can take it over.
public protocol StoreExport: Sendable {
    /// The next records of a part, in an order that stays the same for as long as nothing is changed.
    /// - Parameter place: where to go on; nil to begin.
    /// - Throws: ``StoreError``
    func records(of part: TransferPart, from place: TransferPlace?) async throws -> TransferPage
}

/// A store that takes over everything that another one holds.
///
/// Where a transfer has come to is kept in the transaction that writes what came, so that one that was cut short goes on
/// without doubles and without gaps.
public protocol StoreImport: Sendable {
    /// Begins a transfer into a store that holds nothing, or goes on with one that was cut short.
    ///
    /// - Parameter source: tells what is transferred from everything else that could be.
    /// - Returns: how far it has come.
    /// - Throws: ``StoreError/Code/duplicate`` when the store holds something else.
    func beginTransfer(of source: [UInt8]) async throws -> TransferStage

    /// Writes records, none of which is there yet, and keeps how far the transfer has come with them.
    func add(_ records: TransferRecords, reaching stage: TransferStage) async throws

    /// Everything is there, and has been compared: from now on this is a store like any other.
    func endTransfer() async throws
}

/// What a store holds, part by part: each one only names what the parts before it hold.
public enum TransferPart: String, CaseIterable, Hashable, Sendable {
    case secrets
    case tenants
    case keys
    case versions
    case configurations
    case alertReceivers
    case alertRules
    case runs
    case alerts
    case schedules
    case ticks
    case output
    case startKeys

    public static let first = TransferPart.secrets

    /// nil for the last.
    public var next: TransferPart? {
        let following = Self.allCases.firstIndex(of: self).map { Self.allCases.index(after: $0) }
        return following.flatMap { Self.allCases.indices.contains($0) ? Self.allCases[$0] : nil }
    }
}

/// How far a transfer has come.
public enum TransferStage: Hashable, Sendable {
    /// Everything before that place is taken over, nil for the beginning of the part.
    case part(TransferPart, from: TransferPlace?)
    /// All that there was to take over is there.
    case copied
    /// It was found to be the same.
    case ended

    /// - Parameter next: where the part goes on; nil when it is through.
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

/// A place in a part of a store, in a form that only that store reads.
public struct TransferPlace: Hashable, Sendable {
    public var text: String

    public init(text: String) {
        self.text = text
    }
}

public struct TransferPage: Hashable, Sendable {
    public var records: TransferRecords
    /// nil when the part ends here.
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
    case versions([ConfigurationVersion])
    case configurations([CurrentConfiguration])
    case alertReceivers([AlertReceiver])
    case alertRules([ConfigurationAlerts])
    case runs([TransferredRun])
    case alerts([TransferredAlert])
    case schedules([TransferredSchedules])
    case ticks([ScheduleTick])
    case output([TransferredOutput])
    case startKeys([TransferredStartKey])
}
