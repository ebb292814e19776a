import WorkflowModel

extension TransferPlace {
    /// - Throws: ``StoreError/Code/unavailable`` for a place that is not one of this store.
    static func known<Value>(_ value: Value?) throws -> Value {
        guard let value else {
            throw StoreError(.unavailable, "The transfer cannot go on there: that place is not one of this store.")
        }
        return value
    }

    /// Takes a place apart: numbers before slashes, and the rest, which may hold slashes of its own.
    fileprivate func parts(numbers count: Int) throws -> (numbers: [Int], rest: String) {
        let parts = text.split(separator: "/", maxSplits: count, omittingEmptySubsequences: false)
        let numbers = parts.prefix(count).compactMap { Int($0) }
        let rest = parts.count == count + 1 && numbers.count == count ? parts.last.map(String.init) : nil
        return (numbers, try Self.known(rest))
    }
}

/// Behind a run.
struct RunPlace {
    var tenant: Int
    var createdAt: Timestamp
    var id: RunID

    init(tenant: Int, createdAt: Timestamp, id: RunID) {
        self.tenant = tenant
        self.createdAt = createdAt
        self.id = id
    }

    init(_ place: TransferPlace?) throws {
        guard let place else {
            self.init(tenant: 0, createdAt: .earliest, id: RunID(rawValue: ""))
            return
        }
        let (numbers, rest) = try place.parts(numbers: 2)
        self.init(tenant: numbers[0], createdAt: Timestamp(milliseconds: Int64(numbers[1])), id: RunID(rawValue: rest))
    }

    var place: TransferPlace { TransferPlace(text: "\(tenant)/\(createdAt.milliseconds)/\(id.rawValue)") }
}

/// Behind a piece of output.
struct OutputPlace {
    var tenant: Int
    var position: Int
    var attempt: Int
    var offset: Int
    var run: RunID

    init(tenant: Int, position: Int, attempt: Int, offset: Int, run: RunID) {
        self.tenant = tenant
        self.position = position
        self.attempt = attempt
        self.offset = offset
        self.run = run
    }

    init(_ place: TransferPlace?) throws {
        guard let place else {
            self.init(tenant: 0, position: 0, attempt: 0, offset: -1, run: RunID(rawValue: ""))
            return
        }
        let (numbers, rest) = try place.parts(numbers: 4)
        self.init(
            tenant: numbers[0], position: numbers[1], attempt: numbers[2], offset: numbers[3], run: RunID(rawValue: rest))
    }

    var place: TransferPlace { TransferPlace(text: "\(tenant)/\(position)/\(attempt)/\(offset)/\(run.rawValue)") }
}

/// Behind an idempotency key. The length of its owner tells where that ends: any of the texts may hold a slash.
struct StartKeyPlace {
    var tenant: Int
    var owner: String
    var key: String

    init(tenant: Int, owner: String, key: String) {
        self.tenant = tenant
        self.owner = owner
        self.key = key
    }

    init(_ place: TransferPlace?) throws {
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

    var place: TransferPlace { TransferPlace(text: "\(tenant)/\(owner.utf8.count)/\(owner)\(key)") }
}

/// Behind a tick. Ids of configurations and schedules hold no slashes.
struct TickTransferPlace {
    var tenant: Int
    var instant: Timestamp
    var configuration: String
    var schedule: String

    init(tenant: Int, instant: Timestamp, configuration: String, schedule: String) {
        self.tenant = tenant
        self.instant = instant
        self.configuration = configuration
        self.schedule = schedule
    }

    init(_ place: TransferPlace?) throws {
        guard let place else {
            self.init(tenant: 0, instant: .earliest, configuration: "", schedule: "")
            return
        }
        let (numbers, rest) = try place.parts(numbers: 2)
        let names = rest.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let known = try TransferPlace.known(names.count == 2 ? names : nil)
        self.init(
            tenant: numbers[0], instant: Timestamp(milliseconds: Int64(numbers[1])), configuration: known[0],
            schedule: known[1])
    }

    var place: TransferPlace { TransferPlace(text: "\(tenant)/\(instant.milliseconds)/\(configuration)/\(schedule)") }
}
