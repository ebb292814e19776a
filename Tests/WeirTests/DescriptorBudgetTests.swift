import ArgumentParser
import TaskRunners
import Testing
import WorkflowServer

@testable import weir

@Suite("Division of file descriptors")
struct DescriptorBudgetTests {
    private func plan(_ arguments: [String], hasAPI: Bool = true) throws -> ServicePlan {
        let options = try ServiceOptions.parse(arguments)
        return try ServicePlan(options, hasAPI: hasAPI, store: .directory("weir-data"), directory: "weir-data")
    }

    /// - Parameter hard: the hard limit of the system.
    private func budget(_ plan: ServicePlan, hard: Int) throws -> DescriptorBudget {
        try DescriptorBudget(plan, cores: 2) { DescriptorLimit(inherited: min(1_024, hard), current: min($0, hard)) }
    }

    @Test func connectionsGetTheRemainingDescriptors() throws {
        let budget = try budget(plan(["--workers", "4"]), hard: 1_024)
        #expect(budget.reserve == DescriptorBudget.base + 2 * DescriptorBudget.perLoop + 4 * DescriptorBudget.perWorker)
        #expect(budget.reserve + budget.connections == 1_024)
        #expect(budget.connectionsPerAddress == budget.connections / 2)
    }

    @Test func theUsualNumberOfConnectionsIsEnoughWhereTheSystemAllowsMore() throws {
        let budget = try budget(plan([]), hard: 1_048_576)
        #expect(budget.limit.current == DescriptorBudget.usual)
        #expect(budget.connections == ConnectionLimits.mostConnections)
    }

    @Test func anOperatorCanAllowMoreOrFewer() throws {
        let more = try budget(
            plan(["--max-connections", "100000", "--max-connections-per-address", "70000", "--workers", "4"]), hard: 1_048_576)
        #expect(more.connections == 100_000 && more.connectionsPerAddress == 70_000)
        #expect(more.limit.current == 100_000 + more.reserve)
        let fewer = try budget(plan(["--max-connections", "1", "--max-connections-per-address", "70000"]), hard: 1_048_576)
        #expect(fewer.connections == 1 && fewer.connectionsPerAddress == 1)
        #expect(throws: (any Error).self) { try plan(["--max-connections", "0"]) }
    }

    @Test func databaseSessionsNeedDescriptors() throws {
        var shared = try plan(["--workers", "4"])
        let alone = try budget(shared, hard: 1_024).reserve
        shared.store = .database(try Reading.database("postgres://weir@db/weir"))
        #expect(try budget(shared, hard: 1_024).reserve == alone + 12)
        shared.readReplicas = [try Reading.database("postgres://weir@db2/weir")]
        #expect(try budget(shared, hard: 1_024).reserve == alone + 24)
    }

    @Test func aLimitThatIsTooLowForTheWorkIsRefused() throws {
        let needed =
            DescriptorBudget.base + 2 * DescriptorBudget.perLoop + 40 * DescriptorBudget.perWorker
            + DescriptorBudget.fewestConnections
        let plan = try plan(["--workers", "40"])
        #expect(try budget(plan, hard: needed).connections == DescriptorBudget.fewestConnections)
        let failure = try #require(throws: CommandFailure.self) { try budget(plan, hard: needed - 1) }
        #expect(failure.status == .settings)
        #expect(failure.message.hasPrefix("The limit of open files is \(needed - 1), but 40 workers need \(needed). Raise"))
    }

    @Test func aNodeWithoutAPIKeepsNothingForConnections() throws {
        let budget = try budget(plan(["--workers", "4"], hasAPI: false), hard: 256)
        #expect(budget.connections == 0)
    }
}
