import Testing

@testable import WorkflowModel

@Suite("Admission by concurrency limits")
struct LimitLedgerTests {
    private static let warehouse = Limit.resource("warehouse")

    private static func ledger(_ size: Int, taken: Int = 0, waitingSince: Int64? = nil) -> LimitLedger {
        var ledger = LimitLedger()
        ledger.set(
            warehouse, size: size, taken: taken, waitingSince: waitingSince.map { Timestamp(milliseconds: $0) })
        return ledger
    }

    private static func demand(_ units: Int, of configuration: String? = nil) -> LimitDemand {
        LimitDemand(uses: ["warehouse": units], startingRunOf: configuration)
    }

    @Test func whatFitsIsTakenUntilItIsFull() {
        var ledger = Self.ledger(3, taken: 1)
        #expect(ledger.obstacle(to: Self.demand(2)) == nil)
        ledger.take(Self.demand(2))
        #expect(ledger.obstacle(to: Self.demand(1)) == LimitQueue(Self.warehouse))
    }

    @Test func whoAsksForMoreThanThereIsWaitsByItself() {
        var ledger = Self.ledger(3)
        #expect(ledger.obstacle(to: Self.demand(4)) == LimitQueue(Self.warehouse, exceedsSize: true))
        ledger.wait(in: LimitQueue(Self.warehouse, exceedsSize: true), readySince: Timestamp(milliseconds: 1))
        #expect(ledger.obstacle(to: Self.demand(3), readySince: Timestamp(milliseconds: 2)) == nil)
    }

    @Test func nobodyPassesWhoHasWaitedLonger() {
        let ledger = Self.ledger(3, waitingSince: 5)
        #expect(ledger.obstacle(to: Self.demand(1), readySince: Timestamp(milliseconds: 6)) == LimitQueue(Self.warehouse))
        #expect(ledger.obstacle(to: Self.demand(1), readySince: Timestamp(milliseconds: 5)) == nil)
        #expect(ledger.obstacle(to: Self.demand(1)) == nil)
    }

    @Test func whatIsKnownToLimitNobodyIsNotAskedForAgain() {
        var ledger = Self.ledger(1)
        let demand = Self.demand(1, of: "cg-daily")
        #expect(ledger.unknown(in: [demand]) == [.tasks, .runs(of: "cg-daily")])
        ledger.setUnlimited(.tasks)
        ledger.set(.runs(of: "cg-daily"), size: 1, taken: 1)
        #expect(ledger.unknown(in: [demand]) == [])
        #expect(ledger.obstacle(to: demand) == LimitQueue(.runs(of: "cg-daily")))
        #expect(ledger.limits(.tasks) == false)
    }

    @Test(arguments: [LimitQueue(.tasks), LimitQueue(.runs(of: "a:b")), LimitQueue(.resource("w"), exceedsSize: true)])
    func aQueueIsKeptByItsName(queue: LimitQueue) {
        #expect(LimitQueue(rawValue: queue.rawValue) == queue)
    }

    @Test func whatIsNoQueueIsNone() {
        for text in ["", "runs", "resources:x", "beyond:"] { #expect(LimitQueue(rawValue: text) == nil) }
    }

    @Test func usesAreKeptInOneOrder() throws {
        #expect(ResourceUse.text(["b": 2, "a": 1]) == "a=1,b=2")
        #expect(try ResourceUse.uses("a=1,b=2") == ["a": 1, "b": 2])
        #expect(ResourceUse.text([:]) == nil)
        #expect(throws: StoreError.self) { try ResourceUse.uses("a") }
    }

    @Test func aResourceThatIsNotThereIsComplainedOfWithThoseThatAre() throws {
        let tenant = try #require(Tenant("acme"))
        let task = TaskDefinition(id: "pull", label: "Pull", type: "t", action: .command(["a"]), uses: ["warehouse": 3])
        let configuration = WorkflowConfiguration(
            id: "c", name: "C", type: "t", stages: [Stage(name: "S", tasks: [task])])
        func message(_ resources: [String: Int]) -> String? {
            TenantSettings(tenant: tenant, resources: resources).complaints(about: configuration, file: "c.yaml")?.description
        }
        #expect(message(["warehouse": 3]) == nil)
        #expect(message([:])?.contains("not a resource of the tenant acme; it has no resources yet") == true)
        #expect(message(["lake": 1, "sea": 2])?.contains("it has `lake` and `sea`") == true)
        #expect(message(["warehouse": 2])?.contains("uses 3 of `warehouse`, of which the tenant acme has 2") == true)
    }

    @Test func aResourceThatManyTasksUseIsComplainedOfOnce() throws {
        let tenant = try #require(Tenant("acme"))
        let tasks = (1...50).map {
            TaskDefinition(
                id: "t\($0)", label: "T", type: "t", action: .command(["a"]), uses: $0 > 48 ? ["lake": 2, "sea": 1] : ["sea": 1])
        }
        let configuration = WorkflowConfiguration(id: "c", name: "C", type: "t", stages: [Stage(name: "S", tasks: tasks)])
        let problems = TenantSettings(tenant: tenant, resources: ["lake": 1]).complaints(about: configuration, file: "c.yaml")?
            .problems
        #expect(problems?.count == 2)
        #expect(
            problems?.first?.message.hasPrefix("2 tasks (`t49`, `t50`) use 2 of `lake` each, of which the tenant acme has 1;")
                == true)
        #expect(
            problems?.last?.message.hasPrefix("50 tasks (`t1`, `t2`, `t3` and 47 more) use `sea`, which is not a resource") == true)
    }
}
