import Testing
import WorkflowModel
import WorkflowTestKit

@testable import WorkflowPages

@Suite("The layout of a graph") struct GraphLayoutTests {
    @Test func aTaskStandsBehindTheFarthestOfItsNeeds() {
        let layout = GraphLayout(needs: [[], [0], [1], [0, 2], []])
        #expect(layout.places.map(\.x) == [0, 212, 424, 636, 0])
        #expect(layout.curves.map { [$0.from, $0.to] } == [[0, 1], [1, 2], [0, 3], [2, 3]])
        // The edge over two layers passes them beside their tasks.
        #expect(layout.curves[2].points.count == 6)
    }

    @Test func noTwoTasksOverlap() {
        // A seeded graph of 200 tasks.
        var random: UInt64 = 7
        func next(_ limit: Int) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(random >> 33) % limit
        }
        let needs = (0..<200).map { place in place == 0 ? [] : Array(Set((0..<next(4)).map { _ in next(place) })).sorted() }
        let layout = GraphLayout(needs: needs)
        for (place, sources) in needs.enumerated() {
            for source in sources { #expect(layout.places[source].x < layout.places[place].x) }
        }
        for (_, column) in Dictionary(grouping: layout.places, by: \.x) {
            let middles = column.map(\.y).sorted()
            for (upper, lower) in zip(middles, middles.dropFirst()) { #expect(lower - upper >= GraphLayout.nodeHeight) }
        }
        #expect(layout.places.allSatisfy { $0.y >= 0 && $0.y <= layout.height && $0.x + GraphLayout.nodeWidth <= layout.width })
    }

    @Test func aStageThatNeedsAWholeStageHasOneJointInsteadOfAnEdgeForEachPair() {
        let layout = GraphLayout(needs: (0..<200).map { $0 < 100 ? [] : Array(0..<100) })
        #expect(layout.curves.count == 200)
    }

    @Test func theOrderOfALayerAvoidsCrossings() {
        let layout = GraphLayout(needs: [[], [], [], [2], [1], [0]])
        let middles = layout.places.map(\.y)
        #expect((middles[0] < middles[1]) == (middles[5] < middles[4]) && (middles[1] < middles[2]) == (middles[4] < middles[3]))
    }

    @Test func aGraphWithoutTasksIsEmpty() {
        #expect(GraphLayout(needs: []).places.isEmpty)
    }
}

@Suite("The graph of a run and of a definition") struct GraphTests {
    static func configuration(_ tasks: String) throws -> WorkflowConfiguration {
        let text = "id: cg-a\nname: A\ntype: t\nstages: [{name: One, tasks: [\(tasks)]}]"
        return try ConfigurationReader().read(ConfigurationSource(text: text, format: .yaml), file: "cg-a")
    }

    @Test func aGraphWithMoreNeedsThanTheLimitShowsStages() throws {
        // 45 tasks, each of which needs all before it: 990 needs. Then as many more as there is room for, and one.
        func configuration(_ more: Int) throws -> WorkflowConfiguration {
            let dense = (0..<45).map { task in
                "{id: t\(task), type: t, command: [x], needs: [\((0..<task).map { "t\($0)" }.joined(separator: ", "))]}"
            }
            let others = (0..<more).map { "{id: o\($0), type: t, command: [x], needs: [t0]}" }
            return try Self.configuration((dense + others).joined(separator: ", "))
        }
        let room = Graph.mostNeeds - 990
        #expect(try Graph(configuration(room))?.note == nil)
        let stages = try #require(try Graph(configuration(room + 1)))
        #expect(stages.note == "The graph shows stages: 56 tasks with their needs are too many to draw." && stages.nodes.count == 1)
    }

    /// A closing task needs every other task. Edges from those in the middle would say nothing.
    @Test func aClosingTaskIsDrawnBehindTheLastTasksOnly() throws {
        let tasks =
            "{id: a, type: t, command: [x]}, {id: b, type: t, command: [x], needs: [a]}, {id: c, type: t, command: [x]}, {id: z, type: t, command: [x], when: always}"
        let configuration = try Self.configuration(tasks)
        #expect(TaskNeeds(configuration).drawn == [[], [0], [], [1, 2]])
        #expect(try #require(Graph(configuration)).lines.count == 3)
    }

    @Test func theNumberOfItemsIsNeverCutOff() throws {
        let configuration = try Self.configuration(
            "{id: a, label: A label that is far too long, type: t, command: [x], for_each: [1, 2]}, {id: b, type: t, command: [x], needs: [a]}"
        )
        let node = try #require(Graph(configuration)?.nodes.first)
        #expect(node.label.hasSuffix("… ×n") && node.label.count == 20 && node.title.hasPrefix("A label that is far too long ×n: "))
    }

    private static let chain = """
        {id: load, type: t, command: [x]}, {id: tiers, type: t, command: [x]}, {id: score, needs: [load, tiers], type: t, command: [x]}, \
        {id: tell, needs: [score], type: t, command: [x]}, {id: alone, type: t, needs: [load], command: [x]}
        """

    private static func details(_ states: [(id: String, state: TaskState)], _ state: RunState = .failed) -> WorkflowRunDetails {
        let run = WorkflowRun(
            id: RunID(rawValue: "wf-1"), tenant: StoreBench.acme, name: "A", type: "t", state: state, createdAt: StoreBench.start,
            endedAt: StoreBench.after(100), principal: StoreBench.someone,
            origin: RunOrigin(configuration: "cg-a", runMode: .full))
        let tasks = states.enumerated().map { place, each in
            TaskInstance(
                id: TaskID(rawValue: "wft-\(each.id)"), run: run.id, tenant: run.tenant,
                label: "Task \(each.id) \(SnapshotTests.hostile)", state: each.state, stateChangedAt: StoreBench.start,
                createdAt: StoreBench.start, endedAt: each.state.hasEnded ? StoreBench.after(Double(place + 1) * 10) : nil,
                executionType: "command", definitionID: each.id, definitionType: "t", stage: "One",
                attempts: each.state == .skipped ? 0 : 1, skipReason: each.state == .skipped ? .failedNeed : nil)
        }
        return WorkflowRunDetails(run: run, tasks: tasks)
    }

    private static let failed = details([
        ("load", .succeeded), ("tiers", .failed), ("score", .skipped), ("tell", .skipped), ("alone", .succeeded),
    ])

    private static func attempts(_ details: WorkflowRunDetails) -> [TaskAttemptRecord] {
        details.tasks.enumerated().filter { $0.element.attempts > 0 }.map { place, task in
            TaskAttemptRecord(
                task: task.id, number: 1, startedAt: StoreBench.after(Double(place) * 10 + 2), endedAt: task.endedAt,
                outcome: task.state)
        }
    }

    @Test func itsNodesAreLinksWithStatesAndEscapedNames() throws {
        let configuration = try Self.configuration(Self.chain)
        try PageSnapshot.check(GraphPage(Self.failed, configuration), "graph")
        let graph = try #require(Graph(Self.failed, TaskNeeds(Self.failed.tasks, configuration)))
        #expect(graph.nodes.map(\.tone) == ["succeeded", "failed", "blocked", "blocked", "succeeded"])
        #expect(graph.nodes.filter(\.isStop).map(\.href) == ["/runs/wf-1/tasks/wft-tiers"])
        #expect(graph.lines.count { $0.isBlocked } == 3)
        #expect(graph.states.hasPrefix("succeeded:check:Succeeded|failed:cross:Failed|"))
    }

    @Test func importedHistoryHasNone() throws {
        let page = GraphPage(Self.failed, nil)
        #expect(page.graph == nil)
        #expect(try Pages().content(page).contains("The needs of its tasks are not known"))
    }

    @Test func moreThanTwoHundredTasksAreDrawnAsStages() throws {
        func configuration(_ count: Int) throws -> WorkflowConfiguration {
            let tasks = (0..<count).map { "{id: t\($0), type: t, needs: [], command: [x]}" }.joined(separator: ", ")
            let text =
                "id: a\nname: A\ntype: t\nstages: [{name: One, tasks: [\(tasks)]}, {name: Two, tasks: [{id: z, type: t, command: [x]}]}]"
            return try ConfigurationReader().read(ConfigurationSource(text: text, format: .yaml), file: "a")
        }
        #expect(try Graph(configuration(199))?.nodes.count == 200)
        let large = try #require(Graph(configuration(200)))
        #expect(large.nodes.map(\.label) == ["One (200)", "Two (1)"] && large.lines.count == 1)
        #expect(large.note == "The graph shows stages: 201 tasks with their needs are too many to draw.")
        let version = ConfigurationVersion(
            id: ConfigurationVersionID(rawValue: "etv-1"), tenant: StoreBench.acme, configuration: "a", number: 1, name: "A",
            type: "t",
            source: ConfigurationSource(text: "", format: .yaml), createdAt: StoreBench.start, createdBy: StoreBench.someone)
        let whole = try Pages().document(GraphPage(version, configuration(199)), for: LargeRunTests.visitor)
        #expect(whole.utf8.count < 90_000, "\(whole.utf8.count) bytes")
    }

    @Test func theFailedTaskOfEachChainIsNamedFirst() throws {
        let page = RunDetailsPage(
            Self.failed, attempts: Self.attempts(Self.failed), configuration: try Self.configuration(Self.chain),
            for: LargeRunTests.visitor, at: StoreBench.after(200))
        #expect(page.tasks.notRun.map(\.count) == ["2 not run"])
        #expect(page.tasks.notRun[0].needed.map(\.href) == ["/runs/wf-1/tasks/wft-tiers"])
        #expect(page.tasks.groups[0].rows.map(\.href).first == "/runs/wf-1/tasks/wft-tiers")
        #expect(page.tasks.groups[0].rows.last?.needed.isEmpty == true)
    }

    @Test func theTimelineMarksTheCriticalPathAndSaysWhyATaskWaited() throws {
        let details = Self.details(
            [
                ("load", .succeeded), ("tiers", .succeeded), ("score", .succeeded), ("tell", .succeeded), ("alone", .succeeded),
            ],
            .succeeded)
        let page = RunDetailsPage(
            details, attempts: Self.attempts(details), configuration: try Self.configuration(Self.chain),
            for: LargeRunTests.visitor, at: StoreBench.after(200))
        let rows = page.tasks.timeline.rows
        // The last one needs the first one only.
        #expect(rows.map(\.isCritical) == [true, false, false, false, true])
        #expect(rows[0].waits.map(\.title) == ["Waited 2.0 s for a worker or a limit"])
        #expect(rows[2].waits[0].title.hasPrefix("Waited 22 s: 20 s for Task tiers"))
        #expect(rows[2].waits[0].title.hasSuffix(", 2.0 s for a worker or a limit"))
    }

    @Test(arguments: [
        (5, ["0", "1 s", "2 s", "3 s", "4 s", "5 s"]), (61, ["0", "15 s", "30 s", "45 s", "1 min"]),
        (1_263, ["0", "5 min", "10 min", "15 min", "20 min"]), (7_200, ["0", "30 min", "1 h", "1 h 30 min", "2 h"]),
        (200_000, ["0", "12 h", "1 d", "1 d 12 h", "2 d"]),
    ])
    func ticksAreAtRoundTimes(_ seconds: Int, _ labels: [String]) {
        var run = Self.failed.run
        run.endedAt = StoreBench.after(Double(seconds))
        #expect(Timeline([], of: run, at: StoreBench.after(Double(seconds))).ticks.map(\.label) == labels)
    }
}
