import Testing
import WorkflowModel

@Suite("The poll of an HTTP call")
struct PollReaderTests {
    private static func http(_ poll: String, method: String = "POST") -> String {
        "http: {method: \(method), url: \"http://h/submit\", headers: {authorization: t, content-type: text/x, x-a: one}, poll: \(poll)}"
    }

    private func job(_ poll: String, more: String = "") throws -> HTTPJob {
        guard case .job(let job)? = try Sample.readTask(Self.http(poll) + more)?.action else {
            throw ConfigurationReaderFailed()
        }
        return job
    }

    private struct ConfigurationReaderFailed: Error {}

    @Test func hasDefaults() throws {
        let task = try Sample.readTask(Self.http("{url: \"http://h/1\", done: {path: state, in: OK}}"))
        guard case .job(let job)? = task?.action else {
            Issue.record("no job")
            return
        }
        #expect(task?.action.executionType == .http && task?.timeout == ConfigurationLimits.standardPollTimeout)
        #expect(job.poll.every == .seconds(10) && job.poll.call.method == "GET" && job.poll.call.body == .none)
        #expect(job.poll.cancel == nil && job.poll.failed == nil && job.poll.runID == nil)
        #expect(job.poll.done == HTTPPoll.Match(path: try #require(ReplyPath("state")), values: ["OK"]))
    }

    @Test func readsEverything() throws {
        let job = try job(
            """
            {method: PUT, url: "http://h/${response.body.id}", headers: {x-a: two}, json: {id: "${response.body.id}"}, expect: 202, every: 1m30s,
                    run_id: /id, done: {path: a.b, in: [1, true, null x]},
                    failed: {path: s, in: [NO], attribution: {path: k, customer: [USER, "42"]}, message: m},
                    cancel: {method: DELETE, url: "http://h/${response.body.id}?s=${response.status}"}}
            """)
        #expect(job.poll.every == .seconds(90) && job.poll.call.expect == [202] && job.poll.runID?.text == "/id")
        #expect(job.poll.call.headers.map { "\($0.name): \($0.value)" } == ["authorization: t", "x-a: two"])
        #expect(job.poll.done.values == ["1", "true", "null x"])
        #expect(job.poll.failed?.customer?.values == ["USER", "42"] && job.poll.failed?.message?.text == "m")
        #expect(job.poll.cancel?.method == "DELETE" && job.poll.cancel?.body == HTTPCall.Body.none)
        #expect(job.poll.cancel?.headers.map(\.name) == ["authorization", "x-a"])
        #expect(job.responseReferences.map(\.description) == ["response.body.id", "response.status"])
    }

    @Test func keepsTheTimeoutOfTheTask() throws {
        let poll = "{url: \"http://h/1\", done: {path: state, in: [OK]}}"
        #expect(try Sample.readTask(Self.http(poll) + "\n        timeout: 10m")?.timeout == .seconds(600))
    }

    @Test(arguments: [
        ("{done: {path: s, in: [OK]}}", "`url` is missing"), ("{url: \"http://h\"}", "`done` is missing"),
        ("{url: \"http://h\", done: {path: s}}", "`in` is missing"), ("{url: \"http://h\", done: {in: [OK]}}", "`path` is missing"),
        ("{url: \"http://h\", done: {path: s, in: []}}", "a list of 1 to 50 texts"),
        ("{url: \"http://h\", done: {path: s, in: [\(String(repeating: "x", count: 501))]}}", "not one of 501 bytes"),
        ("{url: \"http://h\", done: {path: a..b, in: [OK]}}", "`path` must be"),
        ("{url: \"http://h\", every: 500ms, done: {path: s, in: [OK]}}", "`every` must be 1s to 1h, not 500ms"),
        ("{url: \"http://h\", every: 2h, done: {path: s, in: [OK]}}", "1h at most"),
        ("{url: \"http://h\", json: {}, done: {path: s, in: [OK]}}", "a GET call cannot have `json`"),
        ("{url: \"http://h\", done: {path: s, in: [OK]}, canceled: {}}", "no member `canceled`; did you mean `cancel`?"),
        ("{url: \"http://h/${response.text}\", done: {path: s, in: [OK]}}", "a reply has no `text`"),
        ("{url: \"http://h/${response.status.x}\", done: {path: s, in: [OK]}}", "is a number and has no members"),
        ("{url: \"http://${response.body.host}/\", done: {path: s, in: [OK]}}", "has an expression before its path"),
        (
            "{url: \"http://h/${secrets.token}\", done: {path: s, in: [OK]}}",
            "in `url`, which servers and proxies write into their logs"
        ),
        ("{url: \"http://h\", done: {path: s, in: [OK]}, cancel: {url: \"http://h/${outputs.x.y}\"}}", "no task has the id `x`"),
    ])
    func mistakesAreNamed(poll: String, words: String) {
        let problems = Sample.problems(Sample.task(Self.http(poll)))
        #expect(problems.contains { $0.message.contains(words) }, "\(problems)")
    }

    @Test func onlyThePollNamesTheReply() {
        let text = "http: {url: \"http://h/${response.body.id}\"}"
        let problems = Sample.problems(Sample.task(text))
        #expect(problems.contains { $0.message.contains("but only `poll` of an HTTP call can name its reply") }, "\(problems)")
    }

    @Test(arguments: [
        (#"{"s":"OK"}"#, true), (#"{"s":"ok"}"#, false), (#"{"s":7}"#, true), (#"{"s":true}"#, true), (#"{"s":null}"#, false),
        (#"{"s":["OK"]}"#, false), (#"{"s":{"OK":1}}"#, false), ("{}", false), ("7", false),
    ])
    func aValueMatchesByItsText(reply: String, matches: Bool) throws {
        let match = HTTPPoll.Match(path: try #require(ReplyPath("s")), values: ["OK", "7", "true"])
        #expect(match.matches(try #require(JSONValue(json: reply.utf8))) == matches)
    }
}
