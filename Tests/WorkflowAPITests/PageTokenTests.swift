import Testing
import WorkflowAPI
import WorkflowModel

@Suite("Page tokens")
struct PageTokenTests {
    private let sealer = PageTokenSealer(secret: Array(0..<32))
    private let filter = RunFilter(created: TimeWindow(from: Samples.created), state: .failed, type: "courier.group/run")
    private let cursor = RunCursor(
        key: .created, value: Samples.created.milliseconds, id: RunID(rawValue: "wf-20240210-14574-6kyYdY"))

    private func query(
        _ filter: RunFilter = RunFilter(), by sort: RunSort? = nil, of tenant: Tenant = Samples.acme
    ) -> RunQuery {
        RunQuery(tenant: tenant, filter: filter, sort: sort)
    }

    @Test("open to what they were sealed with, with the same key in another process")
    func roundTrip() {
        let token = sealer.seal(cursor, of: query(filter))
        #expect(PageTokenSealer(secret: Array(0..<32)).open(token, of: query(filter)) == cursor)
        #expect(token.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "+") })
        let ended = query(RunFilter(ended: TimeWindow(to: Samples.ended)))
        let other = RunCursor(key: .ended, value: -1, id: RunID(rawValue: "ü"))
        #expect(sealer.open(sealer.seal(other, of: ended), of: ended) == other)
        // Limit and total may change between pages.
        var changed = query(filter)
        changed.limit = 7
        changed.withTotal = true
        #expect(sealer.open(token, of: changed) == cursor)
    }

    @Test("do not open after any bit was changed")
    func tampering() throws {
        let token = sealer.seal(cursor, of: query(filter))
        let bytes = try #require(Base64URL.decode(token))
        for index in bytes.indices {
            for bit in 0..<8 {
                var altered = bytes
                altered[index] ^= 1 << bit
                #expect(sealer.open(Base64URL.encode(altered), of: query(filter)) == nil)
            }
        }
        for length in 0..<bytes.count {
            #expect(sealer.open(Base64URL.encode(bytes[..<length]), of: query(filter)) == nil)
        }
        #expect(sealer.open(token + "A", of: query(filter)) == nil)
        #expect(sealer.open(token + "=", of: query(filter)) == nil)
    }

    @Test("do not open with another spelling of the same bytes")
    func canonical() {
        let token = sealer.seal(cursor, of: query(filter))
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        for character in alphabet where character != token.last {
            #expect(sealer.open(token.dropLast() + String(character), of: query(filter)) == nil)
        }
    }

    @Test("belong to their tenant, their filters and their key")
    func binding() {
        let token = sealer.seal(cursor, of: query(filter))
        #expect(sealer.open(token, of: query(filter, of: Samples.other)) == nil)
        #expect(PageTokenSealer(secret: Array(1...32)).open(token, of: query(filter)) == nil)
        var others: [RunFilter] = []
        for change: (inout RunFilter) -> Void in [
            { $0.created = nil }, { $0.created?.from = Samples.ended }, { $0.created?.to = Samples.ended },
            { $0.ended = TimeWindow(from: Samples.created) }, { $0.states = nil }, { $0.states = [.canceled] }, { $0.states = [] },
            { $0.states = [.failed, .canceled] }, { $0.types = TextChoice(nil) }, { $0.types = TextChoice("") },
            { $0.types = TextChoice("courier.group/ru") },
            { $0.types = TextChoice(included: nil, excluded: ["courier.group/run"]) },
            { $0.types = TextChoice(included: ["courier.group/run", "a"]) }, { $0.types.excluded = ["a"] },
        ] {
            var other = filter
            change(&other)
            others.append(other)
        }
        for other in others { #expect(sealer.open(token, of: query(other)) == nil) }
        #expect(sealer.open("", of: query(filter)) == nil)
    }

    /// Filters with one value of a field, with another one, and with both where it may be repeated.
    private static func filters(with field: RunFilterField) throws -> [RunFilter] {
        let values: [String] =
            switch field.kind {
            case .dateTime: ["2024-04", "2024-05"]
            case .state: ["failed", "succeeded"]
            case .text, .words: ["aa", "bb", "AA"]
            case .attribution: ["customer", "platform"]
            case .label: ["a:b", "a:c", "b:b", "a:"]
            case .runMode: ["full", "source"]
            case .duration: ["1s", "2s"]
            case .count: ["2", "3"]
            case .flag: ["true", "false"]
            }
        let both = field.mostValues > 1 ? [Array(values.prefix(2))] : []
        return try (values.map { [$0] } + both).map { values in try RunFilter { $0 == field ? values : [] } }
    }

    private static let sorts = RunSortKey.allCases.flatMap { key in RunSort.Direction.allCases.map { RunSort(by: key, $0) } }

    /// Every filter is tried with the tokens of every other one, in each order; and every order with the tokens of every other one, for
    /// each filter.
    @Test("open no list with another filter or another order")
    func everyOtherList() throws {
        let filters = try [RunFilter()] + RunFilterField.all.flatMap(Self.filters)
        #expect(Set(filters).count == filters.count)
        var lists: [(query: RunQuery, token: String)] = []
        for filter in filters {
            for sort in Self.sorts {
                let place = RunCursor(key: sort.key, value: Samples.created.milliseconds, id: RunID(rawValue: "wf-1"))
                let list = query(filter, by: sort)
                lists.append((list, sealer.seal(place, of: list)))
            }
        }
        #expect(Set(lists.map(\.token)).count == lists.count)
        for (index, list) in lists.enumerated() {
            for (other, one) in lists.enumerated() where one.query.sort == list.query.sort || one.query.filter == list.query.filter
            {
                let opened = sealer.open(one.token, of: list.query)
                let expected =
                    index == other
                    ? RunCursor(key: list.query.sort.key, value: Samples.created.milliseconds, id: RunID(rawValue: "wf-1")) : nil
                if opened != expected { Issue.record("\(one.query) opens \(list.query)") }
            }
        }
    }

    @Test("belong to the order that a request gets without naming one")
    func ownOrder() {
        let ended = RunFilter(ended: TimeWindow(from: Samples.created))
        for (filter, key) in [(RunFilter(), RunSortKey.created), (ended, .ended)] {
            let place = RunCursor(key: key, value: 7, id: RunID(rawValue: "wf-1"))
            let token = sealer.seal(place, of: query(filter))
            #expect(sealer.open(token, of: query(filter, by: RunSort(by: key, .descending))) == place)
        }
    }

    @Test("belong to the meaning of a filter, not to how it is written")
    func meaning() throws {
        let place = RunCursor(key: .created, value: 7, id: RunID(rawValue: "wf-1"))
        func filter(_ field: RunFilterField, _ values: String...) throws -> RunFilter {
            try RunFilter { $0 == field ? values : [] }
        }
        for (one, other) in [
            (try filter(.state, "stopped"), try filter(.state, "canceled", "Cancelled")),
            (try filter(.runtimeFrom, "90s"), try filter(.runtimeFrom, "PT1M30S")),
            (try filter(.type, "a", "b"), try filter(.type, "b", "a", "b")),
            (try filter(.createdFrom, "2024"), try filter(.createdFrom, "2024-01-01T01:00+01:00")),
        ] {
            #expect(sealer.open(sealer.seal(place, of: query(one)), of: query(other)) == place)
        }
    }

    @Test("do not open another endpoint's list, even where its filter has the same texts")
    func endpoints() throws {
        let (run, alertState) = (RunID(rawValue: "wf-1"), Alert.State.pending)
        let ticks = TickQuery(tenant: Samples.acme, configuration: "cg-1")
        let runs = sealer.seal(RunCursor(key: .created, value: Samples.created.milliseconds, id: run), of: query())
        let tick = TickPlace(schedule: "default", instant: Samples.created)
        let output = RunOutputPlace(position: 1, attempt: 2, offset: 3)
        let tokens = [
            runs, sealer.seal(tick, of: ticks), sealer.seal(output, of: run, attempt: nil, tenant: Samples.acme),
            sealer.seal(alert: 7, in: nil, tenant: Samples.acme),
        ]
        for (index, token) in tokens.enumerated() {
            #expect((sealer.open(token, of: query()) != nil) == (index == 0))
            #expect(sealer.open(token, of: ticks) == (index == 1 ? tick : nil))
            #expect(sealer.open(token, of: run, attempt: nil, tenant: Samples.acme) == (index == 2 ? output : nil))
            #expect(sealer.openAlert(token, in: nil, tenant: Samples.acme) == (index == 3 ? 7 : nil))
            #expect(sealer.openAlert(token, in: nil, tenant: Samples.other) == nil)
            #expect(sealer.openAlert(token, in: alertState, tenant: Samples.acme) == nil)
            #expect(sealer.open(token, of: run, attempt: 1, tenant: Samples.acme) == nil)
            #expect(sealer.open(token, of: run, attempt: nil, tenant: Samples.other) == nil)
            #expect(sealer.open(token, of: TickQuery(tenant: Samples.other, configuration: "cg-1")) == nil)
            #expect(sealer.open(token, of: TickQuery(tenant: Samples.acme, configuration: "cg-2")) == nil)
            #expect(sealer.open(token, of: TickQuery(tenant: Samples.acme, configuration: "cg-1", schedule: "default")) == nil)
        }
    }

    @Test("Base64URL reads what it writes and nothing else")
    func base64() {
        for count in 0..<20 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + count) }
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        }
        #expect(Base64URL.encode([0xFB, 0xFF]) == "-_8")
        for text in ["A", "-_9", "+/8", "AA==", "A A", "Ä", "AAAAA"] { #expect(Base64URL.decode(text) == nil, "\(text)") }
    }
}
