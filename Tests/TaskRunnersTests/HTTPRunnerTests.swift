import Foundation
import HTTPTestKit
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization
import TaskRunners
import Testing
import WorkflowModel

@Suite struct AnHTTPCall {
    @Test func sendsTheConfiguredRequest() async throws {
        let asked = Mutex<ReceivedRequest?>(nil)
        try await Shop.open { request in
            asked.withLock { $0 = request }
            return Shop.answer(.accepted, "{\"ok\": true}", type: "application/json; charset=utf-8")
        } test: { port in
            try await Caller.with { caller in
                let report = Recorder()
                let call = HTTPCall(
                    method: "POST", url: "http://user:secret@127.0.0.1:\(port)/hooks/daily?key=secret",
                    headers: [.init(name: "X-Source", value: "weir")], expect: [200, 202], body: .inputs)
                let range = TimeWindow(from: Timestamp(iso8601: "2024-04-01"), to: Timestamp(iso8601: "2024-04-02"))
                var attempt = try caller.attempt(call, range: range)
                attempt.scheduledFor = Timestamp(iso8601: "2024-04-02")
                let outcome = await caller.runner.run(attempt, reporting: report)
                let output = #"{"status":202,"headers":{"content-type":"application/json; charset=utf-8"},"body":{"ok": true}}"#
                #expect(outcome == .succeeded(TaskOutput(values: JSONText(validated: output))))
                #expect(report.events == ["began", "recording"])
                #expect(
                    report.text == "POST http://127.0.0.1:\(port)/hooks/daily: 202 Accepted, 12 bytes\n{\"ok\": true}\n")
            }
        }
        let request = try #require(asked.withLock { $0 })
        #expect(request.method == "POST")
        #expect(request.path == "/hooks/daily?key=secret")
        #expect(request.headers["x-source"] == "weir")
        #expect(request.headers["content-type"] == "application/json")
        #expect(
            request.body
                == #"{"tenant":"acme","workflow_id":"wf-1","task_id":"wft-1","attempt":2,"run_mode":"refresh","#
                + #""range_from":"2024-04-01T00:00:00.000Z","range_to":"2024-04-02T00:00:00.000Z","#
                + #""scheduled_for":"2024-04-02T00:00:00.000Z","inputs":{"unify":{"rows":3}}}"#)
    }

    @Test func sendsTheBodyThatItsTaskHas() async throws {
        let bodies: [(HTTPCall.Body, String, String?)] = [
            (.none, "", nil), (.text("hello"), "hello", "text/plain; charset=utf-8"),
            (.json(JSONText(validated: "[1]")), "[1]", "application/json"),
        ]
        try await Shop.open { request in
            Shop.answer(.ok, "\(request.headers["content-type"] ?? "-")|\(request.body)")
        } test: { port in
            try await Caller.with { caller in
                for (body, text, type) in bodies {
                    let outcome = try await caller.run(
                        HTTPCall(method: "PUT", url: "http://127.0.0.1:\(port)/", body: body))
                    let values = try #require(outcome.output?.values)
                    #expect(JSONValue(json: values.text.utf8)?["body"] == .string("\(type ?? "-")|\(text)"))
                }
            }
        }
    }

    @Test(
        arguments: [
            (404, Attribution.customer), (400, .customer), (302, .customer), (408, .platform), (425, .platform), (429, .platform),
            (500, .platform), (503, .platform),
        ])
    func failsWithAStatusThatIsNotExpected(status: Int, attribution: Attribution) async throws {
        try await Shop.open { _ in
            var response = Shop.answer(.init(code: status), "no")
            response.headers[.location] = "/elsewhere"
            return response
        } test: { port in
            try await Caller.with { caller in
                let report = Recorder()
                let call = HTTPCall(method: "GET", url: "http://127.0.0.1:\(port)/", expect: [200, 202])
                let error = try #require(try await caller.run(call, reporting: report).error)
                #expect(error.type == "weir.task.http/status")
                #expect(error.attribution == attribution)
                #expect(error.message.hasPrefix("the server responded with \(status) "))
                #expect(error.message.hasSuffix(", expected 200 or 202"))
                #expect(error.data == JSONText(validated: "{\"status\":\(status)}"))
                #expect(report.events == ["began"])
                #expect(report.lines.last == "no")

                let other: Attribution = attribution == .customer ? .platform : .customer
                let blamed = try await caller.run(call, blame: BlameTable(byCode: [status: other]))
                #expect(blamed.error?.attribution == other)
            }
        }
    }

    @Test(
        arguments: [
            ("{\"a\": 1", "application/json"), ("{\"a\": 1}", "text/plain"), ("plain\ntext é", "text/plain"),
            ("{\"a\": 1, \"a\": 2}", "application/json"),
            ("", "application/json"),
        ])
    func keepsAReplyThatIsNotJSONAsText(body: String, type: String) async throws {
        try await Shop.open { _ in
            Shop.answer(.ok, body, type: type)
        } test: { port in
            try await Caller.with { caller in
                let outcome = try await caller.run(HTTPCall(method: "GET", url: "http://127.0.0.1:\(port)/"))
                let values = try #require(outcome.output?.values)
                #expect(JSONValue(json: values.text.utf8)?["body"] == .string(body))
            }
        }
    }

    @Test(arguments: [HTTPLimits.replyKept, HTTPLimits.replyKept + 1, 4 * HTTPLimits.replyRead])
    func keepsTheBeginningOfABigReply(size: Int) async throws {
        try await Shop.open { _ in
            Shop.answer(.ok, String(repeating: "x", count: size))
        } test: { port in
            try await Caller.with { caller in
                let report = Recorder()
                let outcome = try await caller.run(HTTPCall(method: "GET", url: "http://127.0.0.1:\(port)/"), reporting: report)
                let values = try #require(outcome.output?.values)
                let value = try #require(JSONValue(json: values.text.utf8))
                #expect(value["body"]?.string?.utf8.count == HTTPLimits.replyKept)
                #expect(value["body_cut"] == (size > HTTPLimits.replyKept ? .bool(true) : nil))
                #expect(report.count < 2 * HTTPLimits.replyPrinted)
            }
        }
    }

    @Test func endsWhenItIsCancelled() async throws {
        let (arrivals, arrival) = AsyncStream<Void>.makeStream()
        let (patience, end) = AsyncStream<Void>.makeStream()
        try await Shop.open { _ in
            arrival.yield()
            for await _ in patience {}
            return Shop.answer(.ok)
        } test: { port in
            try await expectStopped(port, after: arrivals, end)
        }
    }

    /// Cancels a request after its arrival at the server, then lets the server respond.
    private func expectStopped(
        _ port: Int, after arrivals: AsyncStream<Void>, _ end: AsyncStream<Void>.Continuation
    ) async throws {
        try await Caller.with { caller in
            let attempt = try caller.attempt(HTTPCall(method: "GET", url: "http://127.0.0.1:\(port)/"))
            let report = Recorder()
            let running = Task { await caller.runner.run(attempt, reporting: report) }
            for await _ in arrivals { break }
            running.cancel()
            #expect(await running.value == .stopped)
            end.finish()
            let ending = try #require(report.endings.first)
            #expect(ending.callCanceledAt == ending.goneAt && ending.terminatedAt == nil && report.endings.count == 1)
        }
    }

    @Test func endsWhenItIsCancelledInTheMiddleOfTheReply() async throws {
        let (arrivals, arrival) = AsyncStream<Void>.makeStream()
        let (patience, end) = AsyncStream<Void>.makeStream()
        try await Shop.open { _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: "begin"))
                    arrival.yield()
                    for await _ in patience {}
                    try await writer.finish(nil)
                })
        } test: { port in
            try await expectStopped(port, after: arrivals, end)
        }
    }

    @Test func toAClosedPortIsAPlatformError() async throws {
        // A port that was in use a moment ago and has no listener now.
        let port = Mutex(0)
        try await Shop.open { _ in
            Shop.answer(.ok)
        } test: { number in
            port.withLock { $0 = number }
        }
        try await Caller.with { caller in
            let url = "http://127.0.0.1:\(port.withLock { $0 })/"
            let error = try #require(try await caller.run(HTTPCall(method: "GET", url: url)).error)
            #expect(error.type == "weir.task.http/connect")
            #expect(error.attribution == .platform)
            #expect(error.message.hasSuffix("it refused the connection"))
        }
    }

    @Test func toAHostThatDoesNotExistIsThePlatformsFault() async throws {
        try await Caller.with { caller in
            // Too long for a DNS name, so that no name server is asked.
            let host = String(repeating: "a", count: 64) + ".invalid"
            let error = try #require(try await caller.run(HTTPCall(method: "GET", url: "http://\(host)/")).error)
            #expect(error.type == "weir.task.http/connect")
            #expect(error.attribution == .platform)
            #expect(error.message == "no response from \(host): the host name is unknown")
        }
    }

    @Test func toAServerThatSpeaksNoTLSIsThePlatformsFault() async throws {
        try await Shop.open { _ in
            Shop.answer(.ok)
        } test: { port in
            try await Caller.with { caller in
                let outcome = try await caller.run(HTTPCall(method: "GET", url: "https://127.0.0.1:\(port)/"))
                #expect(outcome.error?.type == "weir.task.http/connect")
                #expect(outcome.error?.attribution == .platform)
            }
        }
    }

    @Test(arguments: ["", "shop.example/hooks", "ftp://shop.example/", "http://", "http+unix://%2Ftmp%2Fsocket/", "http://a b/"])
    func withoutAnAddressIsTheCustomersFault(url: String) async throws {
        try await Caller.with { caller in
            let report = Recorder()
            let error = try #require(try await caller.run(HTTPCall(method: "GET", url: url), reporting: report).error)
            #expect(error.type == "weir.task.http/url")
            #expect(error.attribution == .customer)
            #expect(report.events.isEmpty)
        }
    }

    @Test func thatWouldNotBeOneRequestIsTheCustomersFault() async throws {
        let calls = [
            HTTPCall(method: "GET / HTTP/1.1\r\nx: y", url: "http://127.0.0.1:1/"),
            HTTPCall(method: "", url: "http://127.0.0.1:1/"),
            HTTPCall(method: "GET", url: "http://127.0.0.1:1/", headers: [.init(name: "x y", value: "z")]),
            HTTPCall(method: "GET", url: "http://127.0.0.1:1/", headers: [.init(name: "x", value: "y\r\nz: 1")]),
        ]
        try await Caller.with { caller in
            for call in calls {
                let error = try #require(try await caller.run(call).error)
                #expect(error.type == "weir.task.http/request")
                #expect(error.attribution == .customer)
            }
        }
    }
}
