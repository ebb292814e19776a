import Testing
import WorkflowModel

@Suite("Counting runs by dimensions")
struct FacetCounterTests {
    private static func run(_ number: Int, type: String, state: RunState = .failed, error: RunError? = nil) throws -> WorkflowRun {
        WorkflowRun(
            id: RunID(rawValue: "wf-\(number)"), tenant: try #require(Tenant("acme")), name: "Daily", type: type, state: state,
            createdAt: Timestamp(milliseconds: 0), principal: Principal(id: "k", name: "K"), error: error,
            origin: RunOrigin(configuration: number.isMultiple(of: 2) ? "even" : nil))
    }

    @Test func valuesAreThoseWithMostRunsFirst() throws {
        var counter = FacetCounter([.type, .state])
        for (number, type) in ["b", "c", "a", "c", "\u{E9}", "e\u{301}"].enumerated() {
            counter.add(try Self.run(number, type: type))
        }
        let facets = counter.facets(limit: 4, isComplete: true)
        #expect(facets.total == .exactly(6) && counter.runs == 6)
        // Equal numbers by bytes; two forms of é are two types.
        #expect(
            facets.values[.type]
                == [("c", 2), ("a", 1), ("b", 1), ("e\u{301}", 1)].map { RunFacets.Value(text: $0.0, runs: $0.1) })
        #expect(facets.values[.state] == [RunFacets.Value(text: "failed", runs: 6)])
        #expect(facets.values.count == 2 && counter.facets(limit: 1, isComplete: false).total == .moreThan(6))
        #expect(counter.facets(limit: 1, isComplete: false).values[.type]?.count == 1)
    }

    @Test func runsWithoutAValueAreInNone() throws {
        var counter = FacetCounter(Set(RunFacet.allCases))
        let error = RunError(attribution: nil, type: "e", message: "m")
        counter.add(try Self.run(1, type: "a"))
        counter.add(try Self.run(2, type: "a", error: error))
        let values = counter.facets(limit: 10, isComplete: true).values
        #expect(
            values[.configuration]?.map(\.text) == ["even"] && values[.attribution] == [] && values[.errorType]?.map(\.runs) == [1])
        #expect(values[.principal]?.map(\.runs) == [2])
    }

    @Test func anEmptyCountHasEveryDimension() {
        let facets = FacetCounter([.type]).facets(limit: 1, isComplete: true)
        #expect(facets.total == .exactly(0) && facets.values == [.type: []])
    }

    @Test func keptNumbersAreAddedToTheRuns() throws {
        var counter = FacetCounter([.type])
        counter.add(3, with: "b", of: .type)
        counter.add(0, with: "c", of: .type)
        counter.add(1, with: "failed", of: .state)
        counter.add(try Self.run(1, type: "b"))
        let facets = counter.facets(limit: 9, total: .exactly(4))
        #expect(facets.values == [.type: [RunFacets.Value(text: "b", runs: 4)]] && facets.total.exact == 4 && counter.runs == 1)
        #expect(RunTotal.moreThan(4).exact == nil)
    }
}
