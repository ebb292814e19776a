/// A task of a run that runs once for each of several items: a group. Its items are task instances of their own.
///
/// The group's row has the counts, so that an event of an item changes two rows, however many items the run has.
public struct FanOut: Hashable, Sendable {
    /// The output or parameter that holds the list; nil for one that the configuration has. The store keeps a list that is no output
    /// beside the group.
    public var source: Reference?
    /// Items that run at the same time at most; nil for no limit.
    public var maxParallel: Int?
    /// Whether the first failed item ends the others.
    public var failsFast: Bool
    /// nil until the list is resolved.
    public var counts: ItemCounts?

    /// As a client knows it.
    public init(counts: ItemCounts?) {
        self.init(source: nil, maxParallel: nil, failsFast: false, counts: counts)
    }

    init(source: Reference?, maxParallel: Int?, failsFast: Bool, counts: ItemCounts? = nil) {
        self.source = source
        self.maxParallel = maxParallel
        self.failsFast = failsFast
        self.counts = counts
    }
}

extension FanOut {
    /// The output that holds the list; nil when the store keeps the list.
    var output: Reference? { source?.root == .outputs ? source : nil }
}

/// The items of a group by what became of them.
public struct ItemCounts: Hashable, Sendable {
    public var total: Int
    /// The number of the first item that has not been released yet. Items before it have been released, or have ended.
    var next = 0
    /// Items that workers can claim, hold, or try again.
    public internal(set) var active = 0
    public internal(set) var succeeded = 0
    public internal(set) var failed = 0
    public internal(set) var canceled = 0
    public internal(set) var skipped = 0
    /// Whether a rerun has brought the items, and none is released yet.
    var isPrepared = false
    /// When its first item was claimed, or it ended without any.
    public internal(set) var began: Timestamp?
    /// When the last of its items changed.
    var latest: Timestamp?

    public init(
        total: Int, active: Int = 0, succeeded: Int = 0, failed: Int = 0, canceled: Int = 0, skipped: Int = 0
    ) {
        self.total = total
        self.active = active
        self.succeeded = succeeded
        self.failed = failed
        self.canceled = canceled
        self.skipped = skipped
    }

    public var ended: Int { succeeded + failed + canceled + skipped }
    public var open: Int { total - ended }
    /// Items that `max_parallel` holds back.
    public var waiting: Int { open - active }

    /// `982 of 1,000 succeeded, 3 failed, 15 under way`
    public var words: String {
        var parts = ["\(succeeded.grouped) of \(total.grouped) succeeded"]
        if failed > 0 { parts.append("\(failed.grouped) failed") }
        if canceled > 0 { parts.append("\(canceled.grouped) stopped") }
        if skipped > 0 { parts.append("\(skipped.grouped) skipped") }
        if active > 0 { parts.append("\(active.grouped) under way") }
        return parts.joined(separator: ", ")
    }

    mutating func add(_ number: Int, to state: TaskState) {
        switch state {
        case .succeeded: succeeded += number
        case .failed: failed += number
        case .canceled: canceled += number
        case .skipped: skipped += number
        case .scheduled, .started, .inProgress, .running, .finalizing, .stopping: break
        }
    }
}

extension FanOut {
    /// - Parameter values: those of the run that are known when it starts.
    /// - Returns: the group, and its list where that is known already.
    static func planned(_ forEach: ForEach, with values: some SubstitutionValues) -> (FanOut, JSONText?) {
        var fan = FanOut(source: nil, maxParallel: forEach.maxParallel, failsFast: forEach.failsFast)
        switch forEach.items {
        case .list(let list): return (fan, list)
        case .value(let reference):
            fan.source = reference
            guard reference.root != .outputs else { return (fan, nil) }
            return (fan, (try? values.value(of: reference)).map { JSONText($0) })
        }
    }

    /// A group of a rerun whose items the store copies from the old run. Those that succeeded there are kept.
    func prepared(from old: ItemCounts) -> FanOut {
        var fan = self
        var counts = ItemCounts(total: old.total)
        counts.isPrepared = true
        (counts.succeeded, counts.skipped) = (old.succeeded, old.skipped)
        fan.counts = counts
        return fan
    }
}

/// The stored form: a small JSON object.
extension FanOut {
    private enum Key {
        static let (source, parallel, failFast, total, next) = ("source", "max_parallel", "fail_fast", "total", "next")
        static let (active, succeeded, failed, canceled) = ("active", "succeeded", "failed", "canceled")
        static let (skipped, prepared, latest, began) = ("skipped", "prepared", "latest", "began")
    }

    public var storedText: String {
        var members = JSONMembers()
        if let source { members.add(Key.source, .string(source.description)) }
        if let maxParallel { members.add(Key.parallel, .integer(Int64(maxParallel))) }
        if failsFast { members.add(Key.failFast, .bool(true)) }
        if let counts {
            members.add(Key.total, .integer(Int64(counts.total)))
            let others = [
                (Key.next, counts.next), (Key.active, counts.active), (Key.succeeded, counts.succeeded),
                (Key.failed, counts.failed),
                (Key.canceled, counts.canceled), (Key.skipped, counts.skipped),
            ]
            for (name, number) in others where number != 0 { members.add(name, .integer(Int64(number))) }
            if counts.isPrepared { members.add(Key.prepared, .bool(true)) }
            if let began = counts.began { members.add(Key.began, .integer(began.milliseconds)) }
            if let latest = counts.latest { members.add(Key.latest, .integer(latest.milliseconds)) }
        }
        return JSONValue.object(members).text
    }

    /// - Throws: ``StoreError/Code/damaged`` for a text that ``storedText`` has not written.
    public init(storedText text: String) throws {
        guard case .object(let members)? = JSONValue(json: text.utf8) else { throw StoreError.unreadable("the group \(text)") }
        func number(_ name: String) -> Int? {
            if case .integer(let number)? = members[name] { Int(exactly: number) } else { nil }
        }
        self.init(
            source: members[Key.source]?.string.flatMap { Reference($0) }, maxParallel: number(Key.parallel),
            failsFast: members[Key.failFast] == .bool(true))
        guard let total = number(Key.total) else { return }
        var counts = ItemCounts(total: total)
        counts.next = number(Key.next) ?? 0
        counts.active = number(Key.active) ?? 0
        counts.succeeded = number(Key.succeeded) ?? 0
        counts.failed = number(Key.failed) ?? 0
        counts.canceled = number(Key.canceled) ?? 0
        counts.skipped = number(Key.skipped) ?? 0
        counts.isPrepared = members[Key.prepared] == .bool(true)
        counts.began = number(Key.began).map { Timestamp(milliseconds: Int64($0)) }
        counts.latest = number(Key.latest).map { Timestamp(milliseconds: Int64($0)) }
        self.counts = counts
    }
}
