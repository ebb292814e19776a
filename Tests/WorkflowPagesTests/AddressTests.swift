import Testing
import WorkflowModel

@testable import WorkflowPages

@Suite struct AddressTests {
    private let now = Timestamp(milliseconds: 1_700_000_000_000)

    private func read(_ pairs: [(String, String)]) throws -> HistoryAddress {
        try HistoryAddress(parameters: pairs.map { (name: $0.0, value: $0.1) }, at: now)
    }

    @Test func anAddressHoldsTheWholeView() throws {
        let address = try read([
            ("state", "failed"), ("type", "a b/c"), ("ended_from", "24h"), ("created_from", "2023-11"), ("type", ""),
        ])
        #expect(address.href == "/runs?created_from=2023-11-01&ended_from=24h&state=failed&type=a%20b/c")
        #expect(address.filter.created?.from?.iso8601 == "2023-11-01T00:00:00.000Z")
        #expect(address.filter.ended?.from?.iso8601 == "2023-11-13T22:13:20.000Z")
    }

    @Test(arguments: [
        ("created", "today", "/runs?created_from=24h"), ("ended", "last-24-hours", "/runs?ended_from=24h"),
        ("created", "last-hour", "/runs?created_from=1h"), ("created", "last-7-days", "/runs?created_from=7d"),
    ])
    func sharedAddressesOfAnEarlierVersionGoOnMeaningTheSame(_ name: String, _ text: String, _ href: String) throws {
        #expect(try read([(name, text)]).href == href)
    }

    @Test func everyConditionComesBackFromTheAddressAndFromTheBox() throws {
        let values: [(RunFilterField, [String])] = [
            (.createdFrom, ["7d"]), (.createdTo, ["2023-11-14T00:00:00Z"]), (.endedFrom, ["yesterday"]),
            (.endedTo, ["2023-11-14T12:30:00.250Z"]), (.state, ["failed", "canceled"]), (.type, ["a.b", "c d"]),
            (.configuration, ["cg-daily", "cg \"x\", y"]), (.principal, ["wk_1"]), (.attribution, ["customer"]),
            (.errorType, ["weir.task.command/exit"]), (.text, ["connection reset", "state:failed", "failed"]),
            (.label, ["team:crm", "tier:"]), (.runMode, ["refresh"]), (.schedule, ["morning"]), (.rerunOf, ["wf-1"]),
            (.runtimeFrom, ["90s"]), (.runtimeTo, ["1h30m"]), (.attemptsFrom, ["2"]), (.hasWarnings, ["false"]),
            (.notType, ["bridge.sync"]),
            (.notConfiguration, ["cg-old"]), (.notPrincipal, ["wk_2"]), (.notErrorType, ["x/y"]), (.notText, ["-minus"]),
            (.notLabel, ["team:ops"]),
        ]
        #expect(values.map(\.0).count == RunFilterField.all.count)
        let all = values.flatMap { field, texts in texts.map { (field.name, $0) } }
        for pairs in values.map({ field, texts in texts.map { (field.name, $0) } }) + [all] {
            for sort in [
                [], [("sort", "runtime")], [("sort", "ended"), ("order", "asc")], [("order", "asc")],
            ] {
                let address = try read(pairs + sort)
                #expect(address.isFiltered, "\(pairs)")
                let again = try read(address.pairs.compactMap { name, value in value.map { (name, $0) } })
                #expect(again == address, "\(address.href)")
                let box = address.searchText(at: now)
                let searched = HistoryAddress(try RunSearch(reading: box, at: now), at: now)
                #expect(searched.href == address.href, "\(box)")
                #expect(searched.filter == address.filter && searched.order == address.order, "\(box)")
            }
        }
        #expect(try read(all).href.contains("created_from=7d&") && read(all).href.contains("ended_from=yesterday&"))
    }

    @Test func aDayThatMovesStaysAsItWasTyped() throws {
        let address = HistoryAddress(try RunSearch(reading: "on:yesterday state:failed", at: now), at: now)
        #expect(address.href == "/runs?state=failed&on=yesterday")
        #expect(try read([("state", "failed"), ("on", "yesterday")]) == address)
        #expect(address.searchText(at: now).contains("on:yesterday"))
        #expect(address.filter.created?.to?.iso8601 == "2023-11-14T00:00:00.000Z")
        #expect(throws: AddressProblem.self) { try read([("on", "soon")]) }
        #expect(throws: AddressProblem.self) { try read([("on", "7d")]) }
    }

    @Test func exactDatesWinOverATimeThatMoves() throws {
        let address = try read([("created_from", "7d"), ("created_from", "2023-11-01T00:00:00Z")])
        #expect(address.href == "/runs?created_from=2023-11-01")
        #expect(try read([("on", "today"), ("created_to", "2023-11-01")]).href == "/runs?created_to=2023-11-01")
        #expect(throws: AddressProblem.self) { try read([("created_from", "7d"), ("created_from", "8d")]) }
    }

    @Test func anAddressMayNameSeveralStatesAsTheAPIDoes() throws {
        #expect(try read([("state", "Running")]).filter.states == RunStates.running)
        #expect(try read([("state", "running")]).href == "/runs?state=running")
        let several = try read([("state", "failed"), ("state", "Stopped")])
        #expect(several.filter.states == [.failed, .canceled])
        #expect(several.href == "/runs?state=canceled&state=failed")
        #expect(try read([("state", "Paused")]).filter.states == [])
        #expect(try read([("state", "up-for-retry")]).href == "/runs?state=paused")
        #expect(try read([("state", "")]).filter.states == nil)
        for wrong in ["done", "failed,", "failed,done"] {
            #expect(throws: AddressProblem.self) { try read([("state", wrong)]) }
        }
    }

    @Test(arguments: [
        ("sort", "name"), ("order", "up"), ("runtime_from", "long"), ("attempts_from", "0"), ("label", "nothing"),
        ("attribution", "nobody"), ("text", "x"), ("run_mode", "half"), ("created_from", "soon"), ("after", "x"), ("limit", "3"),
    ])
    func whatIsWrongIsSaidInOneSentence(_ name: String, _ text: String) throws {
        let problem = #expect(throws: AddressProblem.self) { try read([(name, text)]) }
        #expect(problem?.message.hasSuffix(".") == true)
    }

    @Test func theUsualOrderIsNotInTheAddress() throws {
        #expect(try read([("sort", "created"), ("order", "desc")]).href == "/runs")
        #expect(try read([("sort", "ended"), ("ended_from", "1h")]).href == "/runs?ended_from=1h")
        #expect(try read([("order", "asc")]).href == "/runs?sort=created&order=asc")
    }

    @Test func placesAreReadAsTheyWereWritten() throws {
        for (key, pairs) in [
            (RunSortKey.ended, [("ended_from", "24h")]), (.runtime, [("sort", "runtime")]), (.created, [("state", "failed")]),
        ] {
            var address = try read(pairs)
            address.place = .before(RunCursor(key: key, value: now.milliseconds, id: RunID(rawValue: "wf-a~b")))
            #expect(try read(address.pairs.compactMap { name, value in value.map { (name, $0) } }) == address)
        }
    }

    @Test func aChartIsOfHoursOrDaysAndNeverTooManyBars() throws {
        let standard = try #require(ChartPlan(try read([]), at: now))
        #expect(standard.step == .day)
        #expect(standard.barCount == 30)
        let hour = try #require(ChartPlan(try read([("created_from", "24h")]), at: now))
        #expect(hour.step == .hour)
        #expect(hour.barCount == 25)
        let year = try #require(ChartPlan(try read([("created_from", "2020"), ("created_to", "2023")]), at: now))
        #expect(year.barCount <= ChartPlan.mostBars)
        #expect(year.stepsPerBar > 1)
        #expect(ChartPlan(try read([("created_from", "2023-01-01"), ("created_to", "2023-01-01")]), at: now) == nil)
        #expect(ChartPlan(try read([("created_from", "2100")]), at: now) == nil)
    }

    @Test func theTasksOfARunAreChosenByItsAddress() throws {
        let choice = try TaskChoice(skipped: "hide", stage: "3", tasks: "not-run", from: "60", text: "load")
        #expect(choice == TaskChoice(hidesSkipped: true, stage: 3, status: .notRun, from: 60, text: "load"))
        #expect(choice.href(of: RunID(rawValue: "wf-1")) == "/runs/wf-1?skipped=hide&stage=3&tasks=not-run&from=60&text=load#tasks")
        #expect(try TaskChoice(skipped: nil, stage: nil, tasks: "all", from: nil, text: nil) == TaskChoice(listsAll: true))
        #expect(TaskChoice().href(of: RunID(rawValue: "wf-1")) == "/runs/wf-1#tasks")
        #expect(throws: AddressProblem.self) { try TaskChoice(skipped: nil, stage: "0", tasks: nil, from: nil, text: nil) }
        #expect(throws: AddressProblem.self) { try TaskChoice(skipped: nil, stage: nil, tasks: "lost", from: nil, text: nil) }
        #expect(throws: AddressProblem.self) { try TaskChoice(skipped: nil, stage: nil, tasks: nil, from: "-1", text: nil) }
        let longest = String(repeating: "a", count: TaskChoice.longestText)
        #expect(try TaskChoice(skipped: nil, stage: nil, tasks: nil, from: nil, text: longest).text == longest)
        #expect(throws: AddressProblem.self) {
            try TaskChoice(skipped: nil, stage: nil, tasks: nil, from: nil, text: longest + "a")
        }
    }
}
