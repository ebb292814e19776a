import HTTPTypes
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel

/// Values with every member, and with the required members only.
enum Samples {
    static let acme = tenant("acme")
    static let other = tenant("other")

    private static func tenant(_ name: String) -> Tenant {
        guard let tenant = Tenant(name) else { preconditionFailure("\(name) is a tenant") }
        return tenant
    }

    static let created = Timestamp(milliseconds: 1_707_586_172_687)
    static let ended = Timestamp(milliseconds: 1_707_586_272_000)

    static let failed = WorkflowRun(
        id: RunID(rawValue: "wf-20240210-14574-6kyYdY"), tenant: acme, name: "Daily \"A\"", type: "courier.group/run",
        state: .failed,
        createdAt: created, endedAt: ended, principal: Principal(id: "wk_1", name: "CI", email: "ci@shop.example"),
        error: RunError(
            attribution: .customer, type: "weir.task.command/exit", message: "Exit 3.",
            data: JSONText(validated: #"{"exit_code":3}"#)))
    static let scheduled = WorkflowRun(
        id: RunID(rawValue: "wf-2"), tenant: acme, name: "Daily", type: "campaign.send", state: .scheduled, createdAt: created,
        principal: Principal(id: "wk_1", name: "CI"))
    /// With every member that Weir adds to the documented ones.
    static let added = WorkflowRun(
        id: RunID(rawValue: "wf-3"), tenant: acme, name: "Daily", type: "campaign.send", state: .started, createdAt: created,
        principal: Principal(id: "wk_1", name: "CI"),
        origin: RunOrigin(
            configuration: "cg-daily", labels: labels, runMode: .refresh, range: TimeWindow(from: created, to: ended),
            scheduledFor: created, schedule: "nightly", rerunOf: RunID(rawValue: "wf-2"), trigger: trigger), attempts: 3,
        warnings: 2)
    static let trigger = RunTrigger(
        firing: "after_wf-1_cg-daily", cause: .run(RunID(rawValue: "wf-1"), of: "cg-sources"), depth: 2)
    static let labels = RunLabels(
        [("team", "crm"), ("example.com/tier", "gold"), ("empty", "")].compactMap { RunLabel(key: $0.0, value: $0.1) })
    static let fullTask = TaskInstance(
        id: TaskID(rawValue: "wft-20240619-14574-6kyYdY"), run: failed.id, tenant: acme, label: "Pull", state: .failed,
        stateChangedAt: ended, createdAt: created, endedAt: ended, executionType: "command", engineRunID: "engine-7",
        definitionID: "pull", definitionType: "courier.pull", timeout: .seconds(60),
        error: RunError(attribution: .platform, type: "weir.worker/lost", message: "Lost."))
    static let bareTask = TaskInstance(
        id: TaskID(rawValue: "wft-2"), run: failed.id, tenant: acme, label: "Send", state: .skipped, stateChangedAt: ended,
        createdAt: created, endedAt: ended, executionType: "http", definitionID: "send", definitionType: "webhook.send",
        keptFrom: RunID(rawValue: "wf-1"))
    static let details: WorkflowRunDetails = {
        var run = failed
        run.origin.rerunOf = RunID(rawValue: "wf-2")
        return WorkflowRunDetails(
            run: run, launchedVersion: ConfigurationVersionID(rawValue: "etv-1"),
            currentVersion: ConfigurationVersionID(rawValue: "etv-2"), warnAfter: .seconds(7_200), tasks: [fullTask, bareTask])
    }()

    static let failedJSON =
        #""id":"wf-20240210-14574-6kyYdY","name":"Daily \"A\"","type":"courier.group/run","state":"failed","tenant":"acme","#
        + #""created_at":"2024-02-10T17:29:32.687Z","ended_at":"2024-02-10T17:31:12.000Z","principal_id":"wk_1","#
        + #""principal_name":"CI","principal_email":"ci@shop.example","error":{"attribution":"customer","#
        + #""type":"weir.task.command/exit","message":"Exit 3.","data":{"exit_code":3}}"#
    static let scheduledJSON =
        #""id":"wf-2","name":"Daily","type":"campaign.send","state":"scheduled","tenant":"acme","#
        + #""created_at":"2024-02-10T17:29:32.687Z","principal_id":"wk_1","principal_name":"CI""#
    static let addedMembers =
        #""config_id":"cg-daily","labels":{"empty":"","example.com/tier":"gold","team":"crm"},"run_mode":"refresh","#
        + #""range_from":"2024-02-10T17:29:32.687Z","range_to":"2024-02-10T17:31:12.000Z","#
        + #""scheduled_for":"2024-02-10T17:29:32.687Z","schedule":"nightly","rerun_of":"wf-2","#
        + #""triggered_by":{"firing_id":"after_wf-1_cg-daily","workflow_id":"wf-1","config_id":"cg-sources","depth":2},"#
        + #""attempts":3,"warnings":2"#
    static let addedJSON =
        #""id":"wf-3","name":"Daily","type":"campaign.send","state":"started","tenant":"acme","#
        + #""created_at":"2024-02-10T17:29:32.687Z","principal_id":"wk_1","principal_name":"CI","# + addedMembers
    static let fullTaskJSON =
        #"{"id":"wft-20240619-14574-6kyYdY","task_instance_id":"wft-20240619-14574-6kyYdY","#
        + #""workflow_id":"wf-20240210-14574-6kyYdY","tenant":"acme","label":"Pull","state":"failed","#
        + #""state_changed_at":"2024-02-10T17:31:12.000Z","created_at":"2024-02-10T17:29:32.687Z","#
        + #""ended_at":"2024-02-10T17:31:12.000Z","execution_type":"command","run_id":"engine-7","task_definition_id":"pull","#
        + #""task_definition_type":"courier.pull","timeout_ms":60000,"error":{"attribution":"platform","#
        + #""type":"weir.worker/lost","message":"Lost."}}"#
    static let bareTaskJSON =
        #"{"id":"wft-2","task_instance_id":"wft-2","workflow_id":"wf-20240210-14574-6kyYdY","tenant":"acme","label":"Send","#
        + #""state":"skipped","state_changed_at":"2024-02-10T17:31:12.000Z","created_at":"2024-02-10T17:29:32.687Z","#
        + #""ended_at":"2024-02-10T17:31:12.000Z","execution_type":"http","task_definition_id":"send","#
        + #""task_definition_type":"webhook.send","kept_from":"wf-1"}"#
}

@Suite("The forms on the wire, member by member in their order")
struct FormTests {
    @Test("a list of runs, with and without token and total")
    func list() throws {
        let page = RunPage(runs: [Samples.failed, Samples.scheduled, Samples.added], total: .exactly(1_234))
        let json = WorkflowRun.listDocument(page, nextToken: "abc")
        #expect(
            String(buffer: json)
                == "{\"data\":[{\(Samples.failedJSON)},{\(Samples.scheduledJSON)},{\(Samples.addedJSON)}],"
                + "\"next_token\":\"abc\",\"total\":1234}")
        let answer = try RunListAnswer(json: Array(json.readableBytesView))
        #expect(answer.runs == page.runs)
        #expect(answer.nextToken == "abc")
        #expect(answer.total == .exactly(1_234))
        #expect(!answer.endedEarly)
    }

    @Test("a total that was not counted to its end is left out; headers tell how far it and the search came")
    func cutShort() throws {
        let json = WorkflowRun.listDocument(RunPage(runs: [], total: .moreThan(120_000)), nextToken: "abc")
        #expect(String(buffer: json) == #"{"data":[],"next_token":"abc"}"#)
        let headers: HTTPFields = [HeaderNames.totalCounted: "120000", HeaderNames.searchedTo: "2025-10-03T14:02:11.000Z"]
        let answer = try RunListAnswer(json: Array(json.readableBytesView), headers: headers)
        #expect(answer.total == .moreThan(120_000))
        #expect(answer.endedEarly && answer.searchedTo == Timestamp(iso8601: "2025-10-03T14:02:11").map(SearchPlace.time))
    }

    @Test("the place where a search stopped is a time, or a number of milliseconds in a list by runtime")
    func searchPlaces() {
        let id = RunID(rawValue: "wf-1")
        for key in [RunSortKey.created, .ended] {
            let place = SearchPlace(RunCursor(key: key, value: Samples.created.milliseconds, id: id))
            #expect(place == .time(Samples.created) && place.header == "2024-02-10T17:29:32.687Z")
            #expect(SearchPlace(header: place.header) == place)
        }
        let place = SearchPlace(RunCursor(key: .runtime, value: 600_000, id: id))
        #expect(place == .runtime(.seconds(600)) && place.header == "600000")
        #expect(SearchPlace(header: place.header) == place)
        #expect(SearchPlace(header: "soon") == nil)
    }

    @Test("an empty last page")
    func emptyList() throws {
        let json = WorkflowRun.listDocument(RunPage(runs: []), nextToken: nil)
        #expect(String(buffer: json) == #"{"data":[]}"#)
        let answer = try RunListAnswer(json: Array(json.readableBytesView))
        #expect(answer.runs.isEmpty && answer.nextToken == nil && answer.total == nil)
    }

    @Test("a run in the overview")
    func overview() throws {
        let json = WorkflowRunDetails(run: Samples.failed).document(.overview)
        #expect(
            String(buffer: json)
                == #"{"created_at":"2024-02-10T17:29:32.687Z","ended_at":"2024-02-10T17:31:12.000Z","id":"wf-20240210-14574-6kyYdY","#
                + #""name":"Daily \"A\"","state":"failed","tenant":"acme","type":"courier.group/run"}"#)
        #expect(try RunOverview(json: Array(json.readableBytesView)).endedAt == Samples.ended)
        let going = WorkflowRunDetails(run: Samples.scheduled).document(.overview)
        #expect(!String(buffer: going).contains("ended_at"))
    }

    @Test("a run with every member, and read back")
    func verbose() throws {
        let json = Samples.details.document(.verbose)
        #expect(
            String(buffer: json)
                == "{\(Samples.failedJSON),\"launched_version\":\"etv-1\",\"current_version\":\"etv-2\",\"warn_after_ms\":7200000,"
                + "\"task_instances\":[\(Samples.fullTaskJSON),\(Samples.bareTaskJSON)],\"rerun_of\":\"wf-2\"}")
        #expect(try WorkflowRunDetails(json: Array(json.readableBytesView)) == Samples.details)
    }

    @Test("a task with warnings has their texts, and they are read back")
    func taskWarnings() throws {
        var details = Samples.details
        details.tasks[1].warnings = try TaskWarnings(["3 rows", "\"x\""])
        details.run.warnings = 2
        let json = details.document(.verbose)
        #expect(String(buffer: json).contains(#""kept_from":"wf-1","warnings":["3 rows","\"x\""]}]"#))
        #expect(try WorkflowRunDetails(json: Array(json.readableBytesView)) == details)
    }

    @Test("the members that Weir adds stand behind the documented ones, and are read back")
    func addedMembers() throws {
        let json = WorkflowRunDetails(run: Samples.added).document(.verbose)
        let documented = Samples.scheduledJSON.replacing("wf-2", with: "wf-3").replacing("scheduled", with: "started")
        #expect(String(buffer: json) == "{\(documented),\"task_instances\":[],\(Samples.addedMembers)}")
        #expect(try WorkflowRunDetails(json: Array(json.readableBytesView)).run == Samples.added)
        // A newer service may know other run modes, and other labels.
        let newer = String(buffer: json).replacing("refresh", with: "sideways").replacing("\"gold\"", with: "\"a b\"")
        let origin = try WorkflowRunDetails(json: Array(newer.utf8)).origin
        #expect(origin.runMode == nil && origin.labels.map(\.key) == ["empty", "team"])
    }

    @Test("facets, complete and not")
    func facets() throws {
        let values: [RunFacet: [RunFacets.Value]] = [
            .state: [.init(text: "failed", runs: 47), .init(text: "succeeded", runs: 3)], .errorType: [],
            .type: [.init(text: "a \"b\"", runs: 50)],
        ]
        let complete = RunFacets(total: .exactly(50), values: values)
        #expect(
            String(buffer: complete.document)
                == #"{"total":50,"counted":50,"complete":true,"facets":{"state":[{"value":"failed","runs":47},"#
                + #"{"value":"succeeded","runs":3}],"type":[{"value":"a \"b\"","runs":50}],"error_type":[]}}"#)
        #expect(try RunFacets(json: Array(complete.document.readableBytesView)) == complete)
        let cut = RunFacets(total: .moreThan(50), values: values)
        #expect(String(buffer: cut.document).hasPrefix(#"{"counted":50,"complete":false,"facets":{"#))
        #expect(try RunFacets(json: Array(cut.document.readableBytesView)) == cut)
        let newer = #"{"total":1,"counted":1,"complete":true,"facets":{"moon":{"a":1},"state":[]},"more":[]}"#
        #expect(try RunFacets(json: Array(newer.utf8)) == RunFacets(total: .exactly(1), values: [.state: []]))
    }

    @Test("statistics, complete and not")
    func statistics() throws {
        let figures = RunFigures(runs: 3, totalRuntime: .milliseconds(3_001), longestRuntime: .seconds(3))
        let group = RunStatistics.Group(values: [.day: "2024-02-10", .type: "a \"b\""], figures: figures)
        let cut = RunStatistics(total: figures, groups: [group], isComplete: false)
        let numbers = #""deleted_runs":3,"mean_runtime_ms":1000,"longest_runtime_ms":3000,"total_runtime_ms":3001"#
        #expect(
            String(buffer: cut.document)
                == #"{\#(numbers),"complete":false,"data":[{"day":"2024-02-10","type":"a \"b\"",\#(numbers)}]}"#)
        #expect(try RunStatistics(json: Array(cut.document.readableBytesView)) == cut)
        let nothing = RunStatistics()
        #expect(
            String(buffer: nothing.document)
                == #"{"deleted_runs":0,"longest_runtime_ms":0,"total_runtime_ms":0,"complete":true,"data":[]}"#)
        #expect(try RunStatistics(json: Array(nothing.document.readableBytesView)) == nothing)
    }

    @Test("saved views")
    func views() throws {
        let view = SavedView(
            name: "Night \"shift\"", search: "state:failed since:-1d", savedBy: Principal(id: "wk_1", name: "CI"),
            savedAt: Samples.created)
        let json =
            #"{"name":"Night \"shift\"","search":"state:failed since:-1d","saved_at":"2024-02-10T17:29:32.687Z","#
            + #""saved_by":{"id":"wk_1","name":"CI"}}"#
        #expect(String(buffer: view.document) == json)
        #expect(try SavedView(json: Array(view.document.readableBytesView)) == view)
        let list = SavedView.listDocument([view, view])
        #expect(String(buffer: list) == "{\"data\":[\(json),\(json)]}")
        #expect(try SavedView.list(json: Array(list.readableBytesView)) == [view, view])
    }

    @Test("a run that ended before it began, because a clock was set back, can still be read by clients")
    func clockSetBack() throws {
        var details = Samples.details
        details.run.endedAt = Timestamp(milliseconds: details.run.createdAt.milliseconds - 1)
        let read = try WorkflowRunDetails(json: Array(details.document(.verbose).readableBytesView))
        #expect(read.run == details.run)
    }

    @Test("a stopped run has its receipt, and a skipped task its reason")
    func stopped() throws {
        var task = Samples.bareTask
        task.skipReason = .failedNeed
        let by = Principal(id: "wk_2", name: "night-shift", email: "night@shop.example")
        let details = WorkflowRunDetails(
            run: Samples.failed, stop: RunStop(requestedAt: Samples.ended, requestedBy: by, reason: "wrong \"month\""),
            tasks: [task])
        let json = details.document(.verbose)
        #expect(
            String(buffer: json).contains(
                #""stop":{"requested_at":"2024-02-10T17:31:12.000Z","principal_id":"wk_2","principal_name":"night-shift","#
                    + #""principal_email":"night@shop.example","reason":"wrong \"month\""}"#))
        #expect(String(buffer: json).contains(#""skip_reason":"failed_need""#))
        #expect(try WorkflowRunDetails(json: Array(json.readableBytesView)) == details)
        // A newer service may have other reasons.
        let newer = String(buffer: json).replacing("failed_need", with: "moonlight")
        #expect(try WorkflowRunDetails(json: Array(newer.utf8)).tasks.first?.skipReason == nil)
    }

    @Test("a run with the required members only has an empty array of task instances")
    func bareVerbose() throws {
        let details = WorkflowRunDetails(run: Samples.scheduled)
        let json = details.document(.verbose)
        #expect(String(buffer: json) == "{\(Samples.scheduledJSON),\"task_instances\":[]}")
        #expect(try WorkflowRunDetails(json: Array(json.readableBytesView)) == details)
    }

    @Test("attempts")
    func attempts() throws {
        let attempts = [
            TaskAttemptRecord(
                task: TaskID(rawValue: "wft-1"), number: 1, startedAt: Samples.created, endedAt: Samples.ended, outcome: .failed,
                error: RunError(attribution: .platform, type: "weir.worker/lost", message: "Lost.")),
            TaskAttemptRecord(task: TaskID(rawValue: "wft-1"), number: 2, startedAt: Samples.ended),
            TaskAttemptRecord(
                task: TaskID(rawValue: "wft-2"), number: 1, startedAt: Samples.created, endedAt: Samples.ended, outcome: .canceled,
                ending: TaskEnding(terminatedAt: Samples.created, killedAt: Samples.ended, goneAt: Samples.ended)),
            TaskAttemptRecord(
                task: TaskID(rawValue: "wft-3"), number: 1, startedAt: Samples.created,
                ending: TaskEnding(callCanceledAt: Samples.ended, goneAt: Samples.ended)),
        ]
        let json = TaskAttemptRecord.listDocument(attempts)
        #expect(
            String(buffer: json)
                == #"{"data":[{"task_instance_id":"wft-1","attempt":1,"started_at":"2024-02-10T17:29:32.687Z","#
                + #""ended_at":"2024-02-10T17:31:12.000Z","state":"failed","error":{"attribution":"platform","#
                + #""type":"weir.worker/lost","message":"Lost."}},{"task_instance_id":"wft-1","attempt":2,"#
                + #""started_at":"2024-02-10T17:31:12.000Z"},{"task_instance_id":"wft-2","attempt":1,"#
                + #""started_at":"2024-02-10T17:29:32.687Z","ended_at":"2024-02-10T17:31:12.000Z","state":"canceled","#
                + #""stop":{"terminated_at":"2024-02-10T17:29:32.687Z","killed_at":"2024-02-10T17:31:12.000Z","#
                + #""gone_at":"2024-02-10T17:31:12.000Z"}},{"task_instance_id":"wft-3","attempt":1,"#
                + #""started_at":"2024-02-10T17:29:32.687Z","stop":{"call_canceled_at":"2024-02-10T17:31:12.000Z","#
                + #""gone_at":"2024-02-10T17:31:12.000Z"}}]}"#)
        #expect(try TaskAttemptRecord.list(json: Array(json.readableBytesView)) == attempts)
    }

    @Test("configurations, one with its text and a list without")
    func configurations() throws {
        let version = ConfigurationVersion(
            id: ConfigurationVersionID(rawValue: "etv-1"), tenant: Samples.acme, configuration: "cg-daily", number: 3,
            name: "Daily",
            type: "courier.group/run", source: ConfigurationSource(text: "id: cg-daily\n", format: .yaml, directory: "/srv/daily"),
            createdAt: Samples.created, createdBy: Principal(id: "wk_1", name: "CI"))
        let members =
            #""id":"cg-daily","name":"Daily","type":"courier.group/run","version":"etv-1","number":3,"#
            + #""created_at":"2024-02-10T17:29:32.687Z","created_by":{"id":"wk_1","name":"CI"}"#
        #expect(
            String(buffer: version.document(labels: RunLabels(), pause: nil))
                == "{\(members),\"format\":\"yaml\",\"directory\":\"/srv/daily\",\"source\":\"id: cg-daily\\n\"}")
        let labelled = version.document(labels: Samples.labels, pause: nil)
        let labels = #""labels":{"empty":"","example.com/tier":"gold","team":"crm"}"#
        #expect(String(buffer: labelled).hasPrefix("{\(members),\(labels),\"format\":"))
        let answer = try ConfigurationAnswer(json: Array(labelled.readableBytesView))
        #expect(answer.source == version.source)
        #expect(answer.labels == Samples.labels)
        #expect(answer.createdBy == version.createdBy)

        let list = ConfigurationVersion.listDocument([version], labels: { _ in RunLabels() }, pauses: [:], records: [:])
        #expect(String(buffer: list) == "{\"data\":[{\(members)}]}")
        let answers = try ConfigurationAnswer.list(json: Array(list.readableBytesView))
        #expect(answers.map(\.id) == ["cg-daily"])
        #expect(answers.first?.source == nil)
        #expect(answers.first?.record == nil)
        #expect(answers.first?.labels == RunLabels())

        let record = RunRecord(ended: 30, succeeded: 29, median: .milliseconds(1_500), percentile95: .seconds(60))
        let recorded = ConfigurationVersion.listDocument(
            [version], labels: { _ in Samples.labels }, pauses: [:], records: ["cg-daily": record])
        #expect(
            String(buffer: recorded) == "{\"data\":[{\(members),\(labels),"
                + #""record":{"ended":30,"succeeded":29,"success_percent":97,"p50_ms":1500,"p95_ms":60000}}]}"#)
        #expect(try ConfigurationAnswer.list(json: Array(recorded.readableBytesView)).first?.record == record)
    }

    @Test("the pause of a configuration, and the note of a tick")
    func pauses() throws {
        let version = ConfigurationVersion(
            id: ConfigurationVersionID(rawValue: "etv-1"), tenant: Samples.acme, configuration: "cg-daily", number: 3,
            name: "Daily", type: "a.b", source: ConfigurationSource(text: "", format: .yaml), createdAt: Samples.created,
            createdBy: Principal(id: "wk_1", name: "CI"))
        let ada = Principal(id: "wk_2", name: "Ada", email: "ada@shop.example")
        var pause = WorkflowPause(reason: "a \"move\"", pausedBy: ada, since: Samples.created, until: Samples.ended)
        let one = version.document(labels: RunLabels(), pause: pause)
        #expect(
            String(buffer: one).hasSuffix(
                #""pause":{"reason":"a \"move\"","paused_by":{"id":"wk_2","name":"Ada","email":"ada@shop.example"},"#
                    + #""since":"2024-02-10T17:29:32.687Z","until":"2024-02-10T17:31:12.000Z"}}"#))
        #expect(try ConfigurationAnswer(json: Array(one.readableBytesView)).pause == pause)
        pause.until = nil
        let list = ConfigurationVersion.listDocument(
            [version], labels: { _ in RunLabels() }, pauses: ["cg-daily": pause], records: [:])
        #expect(try ConfigurationAnswer.list(json: Array(list.readableBytesView)).map(\.pause) == [pause])

        let tick = ScheduleTick(
            tenant: Samples.acme, configuration: "cg-daily", schedule: "default", instant: Samples.created, outcome: .skipped,
            reason: .paused, note: pause.tickNote, decidedAt: Samples.ended)
        let page = TickPage(ticks: [tick], next: nil).document(nextToken: nil)
        #expect(String(buffer: page).contains(#""reason":"paused","note":"paused by Ada: a \"move\"""#))
        #expect(try TickListAnswer(json: Array(page.readableBytesView)).ticks == [tick])
    }

    @Test("errors, as written and as a client reads them")
    func errors() throws {
        let error = APIError(.invalid, "limit is \"x\".")
        let json = error.document(requestID: "req-1")
        #expect(String(buffer: json) == #"{"status":400,"message":"limit is \"x\".","request_id":"req-1"}"#)
        let traced = error.document(requestID: "req-1", traceID: "4bf9")
        #expect(String(buffer: traced).hasSuffix(#","request_id":"req-1","trace_id":"4bf9"}"#))
        let read = try #require(APIError(status: 400, body: Array(json.readableBytesView)))
        #expect(read.kind == .invalid && read.message == error.message && read.requestID == "req-1")
        #expect(APIError(status: 200, body: []) == nil)
        let foreign = try #require(APIError(status: 502, body: Array("<html>".utf8)))
        #expect(foreign.kind == .failed && foreign.message.contains("502"))
        #expect(APIError(status: 418, body: [])?.kind == .invalid)
    }

    @Test("every kind of error has a status of its own, and is read back by it", arguments: APIError.Kind.allCases)
    func kinds(kind: APIError.Kind) {
        #expect(APIError.Kind(status: kind.rawValue) == kind)
        #expect(APIError(kind, "").status.code == kind.rawValue)
    }

    @Test("token answers and refusals")
    func tokens() throws {
        let answer = TokenAnswer(accessToken: "a.b.c", expiresIn: 3_600)
        #expect(String(buffer: answer.document) == #"{"access_token":"a.b.c","token_type":"Bearer","expires_in":3600}"#)
        #expect(try TokenAnswer(json: Array(answer.document.readableBytesView)) == answer)
        let refusal = TokenRefusal(.invalidClient, "No.")
        #expect(String(buffer: refusal.document) == #"{"error":"invalid_client","error_description":"No."}"#)
        #expect(try TokenRefusal(json: Array(refusal.document.readableBytesView)) == refusal)
        #expect(throws: JSONProblem.self) { try TokenAnswer(json: Array("{}".utf8)) }
        #expect(TokenRefusal.Code.allCases.filter { $0.status == 401 } == [.invalidClient])
    }
}
