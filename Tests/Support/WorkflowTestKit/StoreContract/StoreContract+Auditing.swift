import Synchronization
import Testing
import WorkflowModel

extension StoreContract {
    static let auditing: [Rule] = [
        Rule("A change by an actor has an event with the actor, its origin, the object and the time") { bench in
            let principal = Principal(id: "wk_1", name: "Ada", email: "ada@example.com")
            let origin = AuditOrigin(address: "192.0.2.7", userAgent: "curl/8.5", session: "token-1")
            let plan = try await bench.plan()
            try await bench.actor(principal, from: origin, at: StoreBench.after(5)).act {
                _ = try await bench.store.createRun(plan, once: nil)
            }
            let event = try #require(try await bench.events().first)
            #expect(try await bench.events().count == 1)
            #expect(event.type == "weir.workflow/started" && event.tenant == StoreBench.acme)
            #expect(event.principal == principal && event.origin == origin)
            #expect(event.object == AuditObject(plan.id.rawValue, name: "Daily"))
            #expect(event.happenedAt == StoreBench.after(5) && event.id.rawValue.hasPrefix("ae-20231114-"))
        },
        Rule("A change by the service itself has no event") { bench in
            try await bench.start()
            _ = try await bench.claimOne()
            try await bench.save(bench.view("A", ""))
            #expect(try await bench.events().isEmpty)
        },
        Rule("Changes of runs are recorded once, and only when something has changed") { bench in
            let plan = try await bench.plan()
            let key = IdempotencyKey(owner: "wk_1", text: "once", fingerprint: [1])
            try await bench.actor().act {
                _ = try await bench.store.createRun(plan, once: key)
                var again = plan
                again.id = RunID(at: StoreBench.start, using: bench.random)
                #expect(try await bench.store.createRun(again, once: key).isReplay)
                _ = try await bench.store.stopRun(plan.id, of: StoreBench.acme, at: StoreBench.after(1))
                _ = try await bench.store.stopRun(plan.id, of: StoreBench.acme, at: StoreBench.after(2))
                _ = try await bench.store.stopRun(RunID(rawValue: "none"), of: StoreBench.acme, at: StoreBench.after(2))
                var history = RunHistory(3, over: .weeks, random: bench.random)
                for index in history.runs.indices { history.runs[index].tenant = StoreBench.acme }
                _ = try await bench.store.importRuns(history.imported, into: StoreBench.acme)
                _ = try await bench.store.importRuns(history.imported, into: StoreBench.acme)
            }
            #expect(try await bench.types() == [.runStarted, .runStopped, .runsImported])
            #expect(try await bench.events().first?.object == AuditObject("acme", name: "3 runs"))
        },
        Rule("A rerun and the run of a past tick have events of their own") { bench in
            let tasks = [StoreBench.task("only")]
            let plan = try await bench.plan(tasks)
            _ = try await bench.store.createRun(plan, once: nil)
            _ = try await bench.store.stopRun(plan.id, of: StoreBench.acme, at: StoreBench.after(1))
            let version = try await bench.schedule("cg-ticks", text: "every minute", at: StoreBench.after(2))
            try await bench.actor().act {
                let configuration = WorkflowConfiguration(
                    id: plan.configuration, name: plan.name, type: plan.type, stages: [Stage(name: "Everything", tasks: tasks)])
                let old = try await bench.details(plan.id)
                let current = try #require(try await bench.store.configurationVersion(plan.version, of: StoreBench.acme))
                let rerun = Rerun(of: old, from: .start, by: StoreBench.someone)
                _ = try await bench.store.createRun(
                    RunPlan(configuration, version: current, doingOver: rerun, at: StoreBench.after(3), random: bench.random),
                    once: nil)
                let past = try bench.plan(for: StoreBench.after(-60), of: version, by: nil, at: StoreBench.after(4))
                _ = try await bench.store.backfill(past, tickOf: "default", at: StoreBench.after(4))
                let again = try bench.plan(for: StoreBench.after(-60), of: version, by: nil, at: StoreBench.after(5))
                _ = try await bench.store.backfill(again, tickOf: "default", at: StoreBench.after(5))
            }
            #expect(try await bench.types() == [.runRerun, .runBackfilled])
        },
        Rule("A decision about a task is recorded when something has changed, and a rerun that carries one is not another rerun") {
            bench in
            let tasks = [StoreBench.task("a"), StoreBench.task("b")]
            let plan = try await bench.plan(tasks)
            _ = try await bench.store.createRun(plan, once: nil)
            let leases = try await bench.claim().map(\.lease)
            let fault = RunError(attribution: .customer, type: "test/fault", message: "No such table")
            _ = try await bench.store.commit([.began, .failed(fault)], under: leases[0], at: StoreBench.after(1))
            let order = ResolutionOrder(.skip, of: .one(leases[0].task), by: StoreBench.someone, at: StoreBench.after(2))
            try await bench.actor().act {
                for _ in 0..<2 { _ = try await bench.store.resolve(order, in: plan.id, of: StoreBench.acme) }
                _ = try await bench.store.commit([.began, .failed(fault)], under: leases[1], at: StoreBench.after(3))
                let version = try #require(try await bench.store.configurationVersion(plan.version, of: StoreBench.acme))
                let configuration = WorkflowConfiguration(
                    id: plan.configuration, name: plan.name, type: plan.type, stages: [Stage(name: "Everything", tasks: tasks)])
                let second = ResolutionOrder(.retry, of: .one(leases[1].task), by: StoreBench.someone, at: StoreBench.after(4))
                let rerun = Rerun(of: try await bench.details(plan.id), carrying: second)
                _ = try await bench.store.createRun(
                    RunPlan(configuration, version: version, doingOver: rerun, at: StoreBench.after(4), random: bench.random),
                    once: nil)
            }
            #expect(try await bench.types() == [.runResolved, .runResolved])
            #expect(try await bench.events().last?.object == AuditObject(plan.id.rawValue, name: "Daily"))
        },
        Rule("Changes of keys, settings and views are recorded when something has changed") { bench in
            let key = APIKey(
                id: "wk_9", tenant: StoreBench.acme, name: "CI", policy: .viewer, createdAt: StoreBench.start, secretHash: [1])
            try await bench.actor().act {
                try await bench.store.createKey(key)
                await bench.expect(.duplicate) { try await bench.store.createKey(key) }
                _ = try await bench.store.rotateKey("wk_9", secretHash: [2], at: StoreBench.after(1))
                _ = try await bench.store.rotateKey("none", secretHash: [2], at: StoreBench.after(1))
                _ = try await bench.store.deleteKey("wk_9", onlyPreviousSecret: true)
                _ = try await bench.store.deleteKey("wk_9", onlyPreviousSecret: true)
                try await bench.store.recordKeyUses(["wk_9": StoreBench.after(2)])
                _ = try await bench.store.deleteKey("wk_9", onlyPreviousSecret: false)
                _ = try await bench.store.deleteKey("wk_9", onlyPreviousSecret: false)
                try await bench.store.saveSettings(TenantSettings(tenant: StoreBench.acme, rateLimit: 7))
                try await bench.store.saveSettings(TenantSettings(tenant: StoreBench.acme, rateLimit: 7))
                try await bench.save(bench.view("A", "state:failed"))
                _ = try await bench.store.deleteView(named: "A", of: StoreBench.acme)
                _ = try await bench.store.deleteView(named: "A", of: StoreBench.acme)
                _ = try await bench.store.serviceSecret("tokens", orElse: [1, 2])
            }
            #expect(
                try await bench.types() == [
                    .keyCreated, .keyRotated, .previousSecretDropped, .keyDropped, .settingsChanged, .viewSaved, .viewDeleted,
                ])
            #expect(try await bench.events().last?.object == AuditObject("wk_9", name: "CI"))
        },
        Rule("Changes of configurations and receivers are recorded when something has changed") { bench in
            let receiver = StoreBench.receiver("ops")
            try await bench.actor().act {
                for text in ["a: 1", "a: 1", "a: 2"] {
                    _ = try await bench.store.saveConfiguration(bench.draft("cg-a", text: text), at: StoreBench.start)
                }
                for reason in ["one", "another"] {
                    _ = try await bench.store.pause("cg-a", of: StoreBench.acme, with: StoreBench.pause(reason, from: 0))
                }
                for id in ["cg-a", "cg-a", "cg-none"] {
                    _ = try await bench.store.resume(id, of: StoreBench.acme, at: StoreBench.after(1))
                }
                _ = try await bench.store.pause("cg-none", of: StoreBench.acme, with: StoreBench.pause("none", from: 1))
                _ = try await bench.store.deleteConfiguration("cg-a", of: StoreBench.acme, at: StoreBench.after(1))
                _ = try await bench.store.deleteConfiguration("cg-a", of: StoreBench.acme, at: StoreBench.after(1))
                try await bench.store.createReceiver(receiver)
                func change(_ change: AlertReceiver.Change) async throws {
                    _ = try await bench.store.changeReceiver(
                        ReceiverUpdate("ops", of: StoreBench.acme, change), at: StoreBench.after(2))
                }
                try await change(.enabled)
                try await change(.settings(receiver.kind, url: receiver.url + "/other", receiver.rule))
                try await change(.rotated([7, 7]))
                try await change(.disabled("Enough."))
                try await change(.enabled)
                _ = try await bench.store.deleteReceiver("ops", of: StoreBench.acme, at: StoreBench.after(3))
                _ = try await bench.store.deleteReceiver("ops", of: StoreBench.acme, at: StoreBench.after(3))
            }
            #expect(
                try await bench.types() == [
                    .configurationCreated, .configurationUpdated, .workflowPaused, .workflowPaused, .workflowResumed,
                    .configurationDeleted, .receiverCreated, .receiverChanged, .receiverRotated, .receiverEnabled, .receiverDropped,
                ])
        },
        Rule("Concurrent changes have an event each, and a change that fails has none") { bench in
            let plans = try await (0..<40).asyncMap { _ in try await bench.plan() }
            await bench.actor().act {
                await withTaskGroup(of: Void.self) { group in
                    for plan in plans + plans { group.addTask { _ = try? await bench.store.createRun(plan, once: nil) } }
                }
            }
            let events = try await bench.events()
            #expect(events.count == plans.count)
            #expect(Set(events.map(\.object.id)) == Set(plans.map(\.id.rawValue)))
            #expect(try await bench.store.checkAuditOfAllTenants().isEmpty)
        },
    ]

    static let auditLists: [Rule] = [
        Rule("The audit log is listed newest first, in pages that show every event once") { bench in
            let times = [3, 1, 2, 2, 2, 5, 4].map { StoreBench.after(Double($0)) }
            var events = times.map { bench.event(at: $0) }
            try await bench.store.append(events)
            for limit in 1...8 {
                let sorted = events.sorted { ($0.happenedAt, $0.id) > ($1.happenedAt, $1.id) }
                var query = AuditQuery(of: StoreBench.acme, limit: limit)
                var found: [AuditEvent] = []
                repeat {
                    let page = try await bench.store.auditEvents(matching: query)
                    #expect(page.events.count <= limit && page.total == nil)
                    found += page.events
                    query.place = page.next
                    // An event that happens meanwhile is on none of the pages.
                    let new = bench.event(at: StoreBench.after(100 + Double(events.count)))
                    try await bench.store.append([new])
                    events.append(new)
                } while query.place != nil
                #expect(found == sorted)
            }
        },
        Rule("A window on the audit log includes its beginning and not its end; the total counts it") { bench in
            try await bench.store.append((0..<10).map { bench.event(at: StoreBench.after(Double($0))) })
            func events(_ from: Double?, _ to: Double?) async throws -> [Timestamp] {
                let window = TimeWindow(from: from.map { StoreBench.after($0) }, to: to.map { StoreBench.after($0) })
                let page = try await bench.store.auditEvents(
                    matching: AuditQuery(of: StoreBench.acme, window: window, limit: 4, withTotal: true))
                #expect(page.total == Int((to ?? 10) - (from ?? 0)))
                return page.events.map(\.happenedAt)
            }
            #expect(try await events(2, 5) == [4, 3, 2].map { StoreBench.after($0) })
            #expect(try await events(nil, 2) == [1, 0].map { StoreBench.after($0) })
            #expect(try await events(7, nil) == [9, 8, 7].map { StoreBench.after($0) })
            #expect(try await events(nil, nil).count == 4)
            #expect(try await events(5, 5).isEmpty)
        },
        Rule("Filters of the audit log by type and principal continue on later pages") { bench in
            let other = Principal(id: "wk_2", name: "Bea")
            let events = (0..<30).map { number -> AuditEvent in
                let type: AuditEventType = number.isMultiple(of: 3) ? .keyCreated : .viewSaved
                let principal: Principal = number.isMultiple(of: 2) ? other : StoreBench.someone
                return bench.event(at: StoreBench.after(Double(number)), type, by: principal)
            }
            try await bench.store.append(events)
            let filters: [(type: String?, principal: String?)] = [
                ("weir.key/created", nil), (nil, "wk_2"), ("weir.key/created", "wk_2"), ("x", nil),
            ]
            for (type, principal) in filters {
                var query = AuditQuery(of: StoreBench.acme, type: type, principal: principal, limit: 3)
                var found: [AuditEvent] = []
                repeat {
                    let page = try await bench.store.auditEvents(matching: query)
                    found += page.events
                    query.place = page.next
                } while query.place != nil
                let ofType = events.filter { event in type.map { $0 == event.type } ?? true }
                let expected = ofType.filter { event in principal.map { $0 == event.principal.id } ?? true }
                #expect(found == expected.reversed())
            }
        },
        Rule("Events belong to their tenant, and keep their texts byte by byte") { bench in
            var event = bench.event(at: StoreBench.start, of: StoreBench.globex)
            event.principal = Principal(id: "e\u{301}", name: "'\"\\%_", email: nil)
            event.object = AuditObject("caf\u{E9}", name: nil)
            event.origin = AuditOrigin(address: "::1", userAgent: "日本 <script>", session: "")
            try await bench.store.append([event])
            #expect(try await bench.events(of: StoreBench.globex) == [event])
            #expect(try await bench.events().isEmpty)
            #expect(try await bench.events(of: StoreBench.tenant("unknown")).isEmpty)
            let unknown = AuditQuery(of: StoreBench.tenant("unknown"), withTotal: true)
            #expect(try await bench.store.auditEvents(matching: unknown) == AuditEventPage(total: 0))
        },
        Rule("Retention deletes the oldest events up to the first younger one, and the chain stays valid") { bench in
            try await bench.store.append((0..<1_000).map { bench.event(at: StoreBench.after(Double($0))) })
            try await bench.store.append((0..<10).map { bench.event(at: StoreBench.after(Double($0)), of: StoreBench.globex) })
            let cutoff = StoreBench.after(990)
            #expect(try await bench.store.auditEventCountOfAllTenants(happenedBefore: cutoff) == 1_000)
            #expect(try await bench.store.checkAuditOfAllTenants().isEmpty)
            var deleted = 0
            while true {
                let step = try await bench.store.deleteAuditEventsOfAllTenants(happenedBefore: cutoff)
                #expect(try await bench.store.checkAuditOfAllTenants().isEmpty)
                if step == 0 { break }
                deleted += step
            }
            // The events of globex were written behind younger ones of acme.
            #expect(deleted == 990)
            #expect(try await bench.events().map(\.happenedAt) == (990..<1_000).reversed().map { StoreBench.after(Double($0)) })
            #expect(try await bench.events(of: StoreBench.globex).count == 10)
        },
        Rule("Retention of the audit log is an event itself") { bench in
            try await bench.store.append([bench.event(at: StoreBench.start)])
            try await bench.actor(at: StoreBench.after(100)).act {
                let first = try await bench.store.deleteAuditEventsOfAllTenants(happenedBefore: StoreBench.after(1))
                let second = try await bench.store.deleteAuditEventsOfAllTenants(happenedBefore: StoreBench.after(1))
                #expect(first == 1 && second == 0)
            }
            let events = try await bench.events()
            #expect(events.map(\.type) == ["weir.audit/expired"])
            #expect(events.first?.object == AuditObject("before 2023-11-14T22:13:21.000Z", name: "1 event"))
            #expect(try await bench.store.checkAuditOfAllTenants().isEmpty)
        },
    ]
}

extension StoreBench {
    /// An actor whose first event happens at that time, and each later one a millisecond after the one before.
    func actor(
        _ principal: Principal = someone, from origin: AuditOrigin = AuditOrigin(), at time: Timestamp = start
    ) -> AuditActor {
        AuditActor(principal, from: origin, time: SteppingClock(time), random: random)
    }

    func event(
        at time: Timestamp, _ type: AuditEventType = .signedIn, by principal: Principal = someone, of tenant: Tenant = acme
    ) -> AuditEvent {
        actor(principal, at: time).event(type, AuditObject("object"), of: tenant)
    }

    /// All events, newest first.
    func events(of tenant: Tenant = acme) async throws -> [AuditEvent] {
        try await store.auditEvents(matching: AuditQuery(of: tenant)).events
    }

    /// The types of all events, oldest first.
    func types(of tenant: Tenant = acme) async throws -> [AuditEventType] {
        try await events(of: tenant).reversed().map { try #require(AuditEventType(rawValue: $0.type)) }
    }
}

/// A clock that advances by a millisecond whenever it is read.
final class SteppingClock: TimeSource {
    private let next: Mutex<Timestamp>

    init(_ first: Timestamp) {
        next = Mutex(first)
    }

    var now: Timestamp {
        next.withLock { next in
            defer { next = next + .milliseconds(1) }
            return next
        }
    }

    var elapsed: Duration { .zero }

    func sleep(for duration: Duration) async throws {}
}

extension Collection {
    fileprivate func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
