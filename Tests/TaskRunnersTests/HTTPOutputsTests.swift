import HTTPTestKit
import HTTPTypes
import Hummingbird
import TaskRunners
import Testing
import WorkflowModel

/// Outputs that are picked from real replies.
@Suite struct PickedOutputsOfACall {
    private func outcome(
        _ outputs: [(String, String)], from body: String, type: String = "application/json"
    ) async throws -> TaskOutcome {
        var found: TaskOutcome?
        let picked = try outputs.map { HTTPCall.Output(name: $0.0, path: try #require(ReplyPath($0.1))) }
        try await withReply(body, type) { url, caller in
            var call = HTTPCall(method: "GET", url: url)
            call.outputs = picked
            found = try await caller.run(call)
        }
        return try #require(found)
    }

    private func withReply(
        _ body: String, _ type: String, _ test: (_ url: String, Caller) async throws -> Void
    ) async throws {
        try await RawServer.open { _ in
            RawServer.Answer(
                "HTTP/1.1 200 OK\nContent-Type: \(type)\nContent-Length: \(body.utf8.count)\n\n", body: Array(body.utf8))
        } test: { port, _ in
            try await Caller.with { try await test("http://127.0.0.1:\(port)/", $0) }
        }
    }

    @Test func areTheTaskOutputs() async throws {
        let body = #"{"run":{"id":12345678901234567890,"tags":["a","b"]},"a.b":{"c/d":null},"10":true}"#
        let outcome = try await outcome(
            [("id", "run.id"), ("second", "run.tags.1"), ("odd", "/a.b/c~1d"), ("ten", "10"), ("all", "run")], from: body)
        #expect(
            outcome.output?.values?.text
                == #"{"id":12345678901234567890,"second":"b","odd":null,"ten":true,"all":{"id":12345678901234567890,"tags":["a","b"]}}"#
        )
    }

    @Test(arguments: [
        (#"{"run":{}}"#, "application/json", "no value at run.id, for the output id"),
        (#"{"run":[1]}"#, "application/json", "no value at run.id"), (#"{"run":{"id":1}}"#, "text/plain", "is not JSON"),
        ("{", "application/json", "is not JSON"), ("", "application/json", "is not JSON"),
    ])
    func thatAreMissingFailTheTask(body: String, type: String, words: String) async throws {
        let error = try #require(try await outcome([("id", "run.id")], from: body, type: type).error)
        #expect(error.type == "weir.task.http/outputs" && error.attribution == .customer)
        #expect(error.message.contains(words), "\(error.message)")
    }

    @Test func ofALargeReplyAreLimited() async throws {
        func body(_ size: Int) -> String { #"{"id":1,"text":"\#(String(repeating: "x", count: size - 18))"}"# }
        #expect(body(1_000).utf8.count == 1_000)
        let whole = try await outcome([("id", "id")], from: body(HTTPLimits.replyKept))
        #expect(whole.output?.values?.text == #"{"id":1}"#)
        let error = try #require(try await outcome([("id", "id")], from: body(HTTPLimits.replyKept + 1)).error)
        #expect(error.message.contains("more than \(HTTPLimits.replyKept) bytes"), "\(error.message)")
        let twice = try await outcome([("a", "text"), ("b", "text")], from: body(600_000))
        #expect(try #require(twice.error).message.contains("have more than"), "\(String(describing: twice.error))")
    }

    /// Escapes and base64 make the output longer than the body. It stays within the limit all the same.
    @Test(arguments: [("text/plain", "\u{1}"), ("text/plain", "\""), ("application/octet-stream", "\u{0}")])
    func keptAsTextStayWithinTheLimit(type: String, character: String) async throws {
        let body =
            String(repeating: "x", count: HTTPLimits.replyKept / 2) + String(repeating: character, count: HTTPLimits.replyKept / 2)
        try await withReply(body, type) { url, caller in
            let values = try #require(try await caller.run(HTTPCall(method: "GET", url: url)).output?.values)
            let value = try #require(JSONValue(json: values.text.utf8))
            #expect(value["body_cut"] == .bool(true))
            #expect(values.text.utf8.count <= HTTPLimits.replyKept + 200)
            #expect(values.text.utf8.count > HTTPLimits.replyKept - 8_192)
        }
    }
}

@Suite("The path of an output")
struct ReplyPathTests {
    @Test(arguments: [
        "", ".", "a.", ".a", "a..b", "/~", "/~2", "/a~", String(repeating: "a", count: ReplyPath.longest + 1),
        Array(repeating: "a", count: ReplyPath.mostNames + 1).joined(separator: "."),
    ])
    func isRefused(text: String) {
        #expect(ReplyPath(text) == nil)
    }

    @Test(arguments: [
        String(repeating: "a", count: ReplyPath.longest), Array(repeating: "a", count: ReplyPath.mostNames).joined(separator: "."),
        "/", "/~0~1", "ä.0",
    ])
    func isAccepted(text: String) {
        #expect(ReplyPath(text)?.text == text)
    }

    @Test(arguments: [
        ("a", Optional("1")), ("b.0", "2"), ("b.1.c", "3"), ("/b/1/c", "3"), ("b.2", nil), ("b.00", nil), ("b.-1", nil),
        ("b.c", nil),
        ("a.b", nil), ("/", "4"), ("/~0", "5"), ("é", "6"), ("e\u{301}", nil),
    ])
    func findsTheValue(text: String, expected: String?) throws {
        let body = try #require(JSONValue(json: #"{"a":1,"b":[2,{"c":3}],"":4,"~":5,"é":6}"#.utf8))
        #expect(try #require(ReplyPath(text)).value(in: body)?.text == expected)
    }
}
