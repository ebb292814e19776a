public import WorkflowModel

/// Where a part of a transfer goes on: behind the record with that key.
public protocol TransferKey {
    /// - Parameter place: nil for the beginning.
    /// - Throws: ``StoreError/Code/unavailable`` for a place of another store.
    init(_ place: TransferPlace?) throws
    var place: TransferPlace { get }
}

extension TransferPlace {
    /// - Throws: ``StoreError/Code/unavailable`` for a place of another store.
    public static func known<Value>(_ value: Value?) throws -> Value {
        guard let value else {
            throw StoreError(.unavailable, "The transfer cannot continue there: the place belongs to another store.")
        }
        return value
    }

    /// Takes a place apart: numbers before slashes, and the rest, which may hold slashes of its own.
    public func parts(numbers count: Int) throws -> (numbers: [Int], rest: String) {
        try Self.known(text.placeParts(numbers: count))
    }
}

extension String {
    /// Numbers before slashes, and the rest, which may hold slashes of its own; nil where there are other parts.
    fileprivate func placeParts(numbers count: Int) -> (numbers: [Int], rest: String)? {
        let parts = split(separator: "/", maxSplits: count, omittingEmptySubsequences: false)
        let numbers = parts.prefix(count).compactMap { Int($0) }
        guard parts.count == count + 1, numbers.count == count, let rest = parts.last else { return nil }
        return (numbers, String(rest))
    }
}

/// Behind a record with that number, where records are numbered.
public struct NumberPlace: TransferKey {
    public var number: Int

    public init(number: Int) {
        self.number = number
    }

    public init(_ place: TransferPlace?) throws {
        number = try place.map { try TransferPlace.known(Int($0.text)) } ?? 0
    }

    public var place: TransferPlace { TransferPlace(text: "\(number)") }
}

/// Behind a run of a tenant, in the order of creation.
public struct RunPlace: TransferKey, Sendable {
    public var tenant: Int
    public var createdAt: Timestamp
    public var id: RunID

    public init(tenant: Int, createdAt: Timestamp, id: RunID) {
        self.tenant = tenant
        self.createdAt = createdAt
        self.id = id
    }

    /// Before the first run of a tenant.
    public init(beginning tenant: Int) {
        self.init(tenant: tenant, createdAt: .earliest, id: RunID(rawValue: ""))
    }

    private init?(text: String) {
        guard let (numbers, rest) = text.placeParts(numbers: 2) else { return nil }
        self.init(tenant: numbers[0], createdAt: Timestamp(milliseconds: Int64(numbers[1])), id: RunID(rawValue: rest))
    }

    private var text: String { "\(tenant)/\(createdAt.milliseconds)/\(id.rawValue)" }

    public init(_ place: TransferPlace?) throws {
        self = try place.map { try TransferPlace.known(RunPlace(text: $0.text)) } ?? RunPlace(beginning: 0)
    }

    public var place: TransferPlace { TransferPlace(text: text) }
}

// The same place tells how far retention has come.
extension RunPlace {
    /// - Throws: ``StoreError/Code/unavailable`` for a place of another store.
    public init(_ place: RetentionPlace) throws {
        guard let known = RunPlace(text: place.text) else { throw StoreError.unknownRetentionPlace() }
        self = known
    }

    public var retentionPlace: RetentionPlace { RetentionPlace(text: text) }
}

extension StoreError {
    public static func unknownRetentionPlace() -> StoreError {
        StoreError(.unavailable, "Retention cannot continue there: the place belongs to another store.")
    }
}

/// Behind an idempotency key. The length of its owner tells where that ends: any of the texts may hold a slash.
public struct StartKeyPlace: TransferKey, Sendable {
    public var tenant: Int
    public var owner: String
    public var key: String

    public init(tenant: Int, owner: String, key: String) {
        self.tenant = tenant
        self.owner = owner
        self.key = key
    }

    public init(_ place: TransferPlace?) throws {
        guard let place else {
            self.init(tenant: 0, owner: "", key: "")
            return
        }
        let (numbers, rest) = try place.parts(numbers: 2)
        let bytes = Array(rest.utf8)
        let length = try TransferPlace.known((0...bytes.count).contains(numbers[1]) ? numbers[1] : nil)
        self.init(
            tenant: numbers[0], owner: String(decoding: bytes.prefix(length), as: UTF8.self),
            key: String(decoding: bytes.dropFirst(length), as: UTF8.self))
    }

    public var place: TransferPlace { TransferPlace(text: "\(tenant)/\(owner.utf8.count)/\(owner)\(key)") }
}

/// Behind a tick. Ids of configurations and schedules hold no slashes.
public struct TickTransferPlace: TransferKey, Sendable {
    public var tenant: Int
    public var instant: Timestamp
    public var configuration: String
    public var schedule: String

    public init(tenant: Int, _ tick: ScheduleTick) {
        self.tenant = tenant
        instant = tick.instant
        configuration = tick.configuration
        schedule = tick.schedule
    }

    public init(_ place: TransferPlace?) throws {
        let (numbers, rest) = try (place ?? TransferPlace(text: "0/0//")).parts(numbers: 2)
        let names = rest.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let known = try TransferPlace.known(names.count == 2 ? names : nil)
        tenant = numbers[0]
        instant = Timestamp(milliseconds: Int64(numbers[1]))
        (configuration, schedule) = (known[0], known[1])
    }

    public var place: TransferPlace { TransferPlace(text: "\(tenant)/\(instant.milliseconds)/\(configuration)/\(schedule)") }
}

/// Behind a statistic. An attribution is a word without slashes.
public struct StatisticPlace: TransferKey, Sendable {
    public var tenant: Int
    public var day: Timestamp
    /// The number of the type.
    public var type: Int
    public var state: Int
    public var attribution: String
    /// Empty for none, as in the table.
    public var configuration: String

    public init(
        tenant: Int, day: Timestamp, type: Int, state: Int, attribution: String, configuration: String
    ) {
        self.tenant = tenant
        self.day = day
        self.type = type
        self.state = state
        self.attribution = attribution
        self.configuration = configuration
    }

    public init(_ place: TransferPlace?) throws {
        let (numbers, rest) = try (place ?? TransferPlace(text: "0/\(Timestamp.earliest.milliseconds)/0/0//")).parts(numbers: 4)
        let texts = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let known = try TransferPlace.known(texts.count == 2 ? texts : nil)
        self.init(
            tenant: numbers[0], day: Timestamp(milliseconds: Int64(numbers[1])), type: numbers[2], state: numbers[3],
            attribution: known[0], configuration: known[1])
    }

    public var place: TransferPlace {
        TransferPlace(text: "\(tenant)/\(day.milliseconds)/\(type)/\(state)/\(attribution)/\(configuration)")
    }
}

/// Behind a receipt of a bulk operation.
public struct BulkReceiptPlace: TransferKey, Sendable {
    public var tenant: Int
    public var operation: Int
    public var number: Int

    public init(tenant: Int, operation: Int, number: Int) {
        self.tenant = tenant
        self.operation = operation
        self.number = number
    }

    public init(_ place: TransferPlace?) throws {
        let (numbers, rest) = try (place ?? TransferPlace(text: "0/0/0")).parts(numbers: 2)
        self.init(tenant: numbers[0], operation: numbers[1], number: try TransferPlace.known(Int(rest)))
    }

    public var place: TransferPlace { TransferPlace(text: "\(tenant)/\(operation)/\(number)") }
}
