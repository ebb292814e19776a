import Foundation
import Testing
import WorkflowModel

@Suite("Reading configurations")
struct ConfigurationReaderTests {
    @Test func everyMemberIsRead() throws {
        let configuration = try Sample.read(Sample.complete)
        #expect(configuration.id == "cg-daily")
        #expect(configuration.name == "Daily")
        #expect(configuration.type == "courier.group/run")
        #expect(configuration.runMode == .refresh)
        #expect(configuration.labels.storedText == "empty:,example.com/tier:1,on:yes,team:crm")
        #expect(configuration.warnAfter == .seconds(7_200))
        #expect(configuration.stages.map(\.name) == ["Sources", "Stitch", "Activations"])
        #expect(configuration.stages.map(\.runModes) == [[.source, .refresh, .full], [.refresh, .full], [.full]])
        let expected = TaskDefinition(
            id: "pull-orders", label: "Pull orders", type: "courier.pull",
            action: .command(["python3", "pull_orders.py", "8080", "yes", "1.10"]), timeout: .seconds(1_800),
            retry: RetryPolicy(
                attempts: 5, firstDelay: .milliseconds(500), factor: 1.5, maxDelay: .seconds(90), retries: [.platform, .customer]),
            blame: BlameTable(byCode: [65: .customer, 69: .platform], timeout: .customer), grace: .seconds(2))
        #expect(configuration.tasks.first == expected)
        let json = #"{"text":"done","count":1.10,"on":"yes","list":[1,true,null,null,"007"]}"#
        let call = HTTPCall(
            method: "POST", url: "https://shop.example/hooks/daily",
            headers: [.init(name: "x-source", value: "weir"), .init(name: "X-Count", value: "3")], expect: [200, 202],
            body: .json(JSONText(validated: json)))
        #expect(configuration.tasks.last?.action == .http(call))
    }

    @Test func whatIsLeftOutHasItsDefault() throws {
        let configuration = try Sample.read(Sample.task("command: [pull]"))
        #expect(configuration.runMode == .full)
        #expect(configuration.warnAfter == nil && configuration.labels.isEmpty)
        #expect(configuration.stages.first?.runModes == Set(RunMode.allCases))
        let expected = TaskDefinition(id: "pull", label: "pull", type: "shop.pull", action: .command(["pull"]))
        #expect(configuration.tasks == [expected])
        #expect(expected.retry == .standard && expected.timeout == nil && expected.grace == nil && expected.needs.isEmpty)
    }

    @Test func jsonIsReadLikeYAML() throws {
        let text = #"""
            {"id": "daily", "name": "T\u00e4glich \ud83d\ude00", "type": "shop.daily", "warn_after": "90s", "stages": [
              {"name": "Only", "tasks": [
                {"id": "pull", "type": "shop.pull", "command": ["a", 8080, true, "b\n\"c\""], "retry": {"attempts": 2}},
                {"id": "call", "type": "shop.call", "needs": ["pull"],
                 "http": {"method": "PUT", "url": "http://localhost:8080/x", "json": [1e3, null, "x"]}}]}]}
            """#
        let configuration = try Sample.read(text, as: .json)
        #expect(configuration.name == "Täglich 😀")
        #expect(configuration.tasks.first?.action == .command(["a", "8080", "true", "b\n\"c\""]))
        #expect(configuration.tasks.first?.retry.attempts == 2)
        #expect(configuration.tasks.last?.needs == ["pull"])
        let call = HTTPCall(method: "PUT", url: "http://localhost:8080/x", body: .json(JSONText(validated: #"[1e3,null,"x"]"#)))
        #expect(configuration.tasks.last?.action == .http(call))
    }

    @Test(arguments: [
        ("{url: \"http://h\"}", HTTPCall.Body.none, "GET"),
        ("{url: \"http://h\", method: POST}", .inputs, "POST"),
        ("{url: \"http://h\", method: PUT}", .inputs, "PUT"),
        ("{url: \"http://h\", method: PATCH}", .inputs, "PATCH"),
        ("{url: \"http://h\", method: DELETE}", .none, "DELETE"),
        ("{url: \"http://h\", method: DELETE, body: 12:30}", .text("12:30"), "DELETE"),
        ("{url: \"http://h\", method: POST, body: \"a b\"}", .text("a b"), "POST"),
        ("{url: \"http://h\", method: POST, body: \"\"}", .text(""), "POST"),
        ("{url: \"http://h\", method: POST, json: text}", .json(JSONText(validated: "\"text\"")), "POST"),
        ("{url: \"http://h\", method: POST, json: \"1\"}", .json(JSONText(validated: "\"1\"")), "POST"),
        ("{url: \"http://h\", method: POST, json: null}", .json(JSONText(validated: "null")), "POST"),
        ("{url: \"http://h\", method: POST, json: {}}", .json(JSONText(validated: "{}")), "POST"),
    ])
    func bodiesOfCalls(http: String, body: HTTPCall.Body, method: String) throws {
        guard case .http(let call)? = try Sample.readTask("http: \(http)")?.action else {
            Issue.record("no call")
            return
        }
        #expect(call.body == body)
        #expect(call.method == method)
        #expect(call.expect == Set(200...299))
    }

    @Test func oneStatusMayBeExpectedWithoutAList() throws {
        let task = try Sample.readTask("http: {url: \"http://h\", expect: 204}")
        #expect(task?.action == .http(HTTPCall(method: "GET", url: "http://h", expect: [204])))
    }

    @Test(arguments: [
        "http://h", "HTTPS://h/", "https://h:443/a?b=c#d", "http://[::1]:80/", "http://127.0.0.1", "http://a-b.example/%20",
        "http://h:/x",
    ])
    func addressesThatAreAccepted(url: String) {
        #expect(Sample.problems(Sample.task("http: {url: \"\(url)\"}")) == [])
    }

    @Test func tasksNeedEverythingInTheStageBeforeUnlessTheySayOtherwise() throws {
        #expect(
            try Sample.needs([["a", "b"], ["c", "d needs"], ["e needs a"], ["f"]]) == [
                "a": [], "b": [], "c": ["a", "b"], "d": [], "e": ["a"], "f": ["e"],
            ])
    }

    @Test func anEmptyStageIsSkippedByTheDefault() throws {
        #expect(try Sample.needs([[], ["a"], [], [], ["b"]]) == ["a": [], "b": ["a"]])
    }

    @Test func tasksOfOneStageMayNeedEachOther() throws {
        #expect(try Sample.needs([["b needs a", "a needs"], ["c"]]) == ["a": [], "b": ["a"], "c": ["b", "a"]])
    }

    @Test func aLongChainIsReadAtOnce() throws {
        let chain = ["t0"] + (1..<1_000).map { "t\($0) needs t\($0 - 1)" }
        #expect(try Sample.needs([chain])["t999"] == ["t998"])
    }

    @Test func theStarOfShellsAndPatternsSurvivesInQuotes() throws {
        let task = try Sample.readTask("command: [sh, -c, 'ls *.csv && echo \"*a &a\"', \"*\"]")
        #expect(task?.action == .command(["sh", "-c", "ls *.csv && echo \"*a &a\"", "*"]))
    }

    @Test func howAFileBeginsAndEndsItsLinesDoesNotMatter() throws {
        let text = Sample.complete
        let json =
            #"{"id": "a", "name": "N", "type": "t", "stages": [{"name": "S", "tasks": [{"id": "t", "type": "t", "command": ["a"]}]}]}"#
        #expect(try Sample.read(text.replacing("\n", with: "\r\n")) == Sample.read(text))
        #expect(try Sample.read("\u{FEFF}" + text) == Sample.read(text))
        #expect(try Sample.read("\u{FEFF}" + json, as: .json) == Sample.read(json, as: .json))
        #expect(Sample.problems(text.replacing("1.5", with: "x").replacing("\n", with: "\r\n")).map(\.line) == [17])
    }

    @Test func blocksKeepTheirLines() throws {
        let task = try Sample.readTask("command:\n          - sh\n          - -c\n          - |\n            a *b\n            c\n")
        #expect(task?.action == .command(["sh", "-c", "a *b\nc\n"]))
    }
}
