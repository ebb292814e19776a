import Testing
import WorkflowModel

@Suite("Closing tasks in configurations")
struct ClosingConfigurationTests {
    /// The tasks of each stage, one a line from line 7 on; each stage has two lines before its tasks.
    private static func text(_ stages: [[String]], members: String = "") -> String {
        var text = "id: daily\nname: Daily\ntype: shop.daily\n\(members)stages:\n"
        for (number, tasks) in stages.enumerated() {
            text += "  - name: Stage \(number + 1)\n    tasks:\n"
            for task in tasks { text += "      - {type: t, command: [\"true\"], \(task)}\n" }
        }
        return text
    }

    private static func problems(_ stages: [[String]]) -> [String] {
        Sample.problems(text(stages)).map(\.description)
    }

    @Test func aClosingTaskNeedsAllTasksBeforeAndBesideItByDefault() throws {
        let configuration = try Sample.read(
            Self.text([
                ["id: a", "id: close-1, when: always"], ["id: b", "id: c, needs: []"],
                ["id: close-2, when: always", "id: tell, when: failure, needs: [close-1, c]"], ["id: d"],
            ]))
        let needs = Dictionary(uniqueKeysWithValues: configuration.tasks.map { ($0.id, $0.needs) })
        #expect(needs["close-1"] == ["a"])
        #expect(needs["b"] == ["a"])
        #expect(needs["close-2"] == ["a", "b", "c"])
        #expect(needs["tell"] == ["close-1", "c"])
        #expect(needs["d"] == ["b", "c"], "closing tasks are not among the tasks that a stage waits for")
        #expect(configuration.tasks.map(\.when) == [.success, .always, .success, .success, .always, .failure, .success])
        #expect(configuration.afterStop == .seconds(120))
    }

    @Test(arguments: ["0s": Duration.zero, "1h": .seconds(3_600), "90s": .seconds(90)])
    func theTimeAfterAStopIsRead(text: String, duration: Duration) throws {
        let configuration = try Sample.read(Self.text([["id: a", "id: b, when: always"]], members: "after_stop: \(text)\n"))
        #expect(configuration.afterStop == duration)
    }

    @Test(arguments: ["1h1ms", "2h", "-1s", "120", "soon"])
    func anotherTimeAfterAStopIsRefused(text: String) {
        let problems = Sample.problems(Self.text([["id: a"]], members: "after_stop: \(text)\n"))
        #expect(problems.map(\.line) == [4])
        #expect(problems.first?.message.contains("1h at most, not `\(text)`") == true)
    }

    @Test func anUnknownConditionIsRefusedWithTheAcceptedOnes() {
        #expect(
            Self.problems([["id: a", "id: b, when: on_failure"]]) == [
                "daily.yaml:8: Task `b`: `when` must be `success`, `failure` or `always`, not `on_failure`; did you mean `failure`?"
            ])
        #expect(Self.problems([["id: a", "id: b, when: allways"]]).first?.hasSuffix("did you mean `always`?") == true)
    }

    @Test func anOrdinaryTaskMustNotNeedAClosingTask() {
        #expect(
            Self.problems([["id: a", "id: close, when: always", "id: b, needs: [a, close]"]]) == [
                "daily.yaml:9: Task `b`: it needs `close`, which has `when: always`. Only a task with `when: failure` or "
                    + "`when: always` may need such a task."
            ])
    }

    @Test func aClosingTaskWithNothingToCloseIsRefused() {
        #expect(
            Self.problems([["id: close, when: failure"], ["id: a"]]) == [
                "daily.yaml:7: Task `close`: with `when: failure` it runs after the tasks of its own and earlier stages have ended, "
                    + "but these have no task without `when`. Move it to a later stage."
            ])
        #expect(
            Self.problems([["id: a", "id: close, when: always, needs: []"]]) == [
                "daily.yaml:8: Task `close`: with `when: always` it runs after the tasks that it needs have ended, so that `needs` "
                    + "must name at least one; leave `needs` out for all tasks of its own and earlier stages."
            ])
    }

    @Test func aConfigurationOfClosingTasksAloneIsRefused() {
        let problems = Self.problems([["id: a, when: always"]])
        #expect(problems.contains { $0.contains("every task has `when: failure` or `when: always`") })
    }

    @Test func aDefaultModeWithClosingTasksAloneIsRefused() {
        let text = """
            id: daily
            name: Daily
            type: shop.daily
            stages:
              - {name: A, run_modes: [source], tasks: [{id: a, type: t, command: [x]}]}
              - {name: B, tasks: [{id: b, type: t, command: [x], when: always}]}
            """
        #expect(
            Sample.problems(text).map(\.message) == [
                "The configuration: `run_mode` is `full` by default, in which no stage has a task without `when`; set it to `source`."
            ])
    }

    @Test func closingTasksThatNeedEachOtherInACycleAreRefused() {
        let problems = Self.problems([["id: a", "id: b, when: always, needs: [c]", "id: c, when: always, needs: [b]"]])
        #expect(problems == ["daily.yaml:8: These tasks need each other in a cycle: `b` → `c` → `b`. Remove one of the needs."])
    }

    @Test func anotherConditionIsAChangeOfATask() throws {
        let before = try Sample.read(Self.text([["id: a", "id: b, when: always"]]))
        let after = try Sample.read(Self.text([["id: a", "id: b, when: failure"]]))
        #expect(after.redefinedTasks(since: before) == ["b"])
    }
}
