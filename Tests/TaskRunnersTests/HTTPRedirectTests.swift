import Foundation
import HTTPTestKit
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization
import TaskRunners
import Testing
import WorkflowModel

/// Redirections between real servers on the loopback interface.
@Suite struct ARedirection {
    private static func redirect(_ status: Int, to location: String) -> Response {
        var response = Shop.answer(.init(code: status))
        response.headers[.location] = location
        return response
    }

    private static func call(
        _ url: String, _ method: String = "GET", follow: Int, headers: [HTTPCall.Header] = [], body: HTTPCall.Body = .none
    ) -> HTTPCall {
        var call = HTTPCall(method: method, url: url, headers: headers, body: body)
        call.follow = follow
        return call
    }

    /// Counts down: `/3` leads to `/2`, and so on to `/0`.
    private static func countdown(_ request: ReceivedRequest) -> Response {
        guard let number = Int(request.path.dropFirst()), number > 0 else { return Shop.answer(.ok, "done") }
        return redirect(302, to: "\(number - 1)")
    }

    @Test func isFollowedAsOftenAsTheCallSays() async throws {
        try await Shop.open {
            Self.countdown($0)
        } test: { port in
            try await Caller.with { caller in
                let report = Recorder()
                let url = "http://127.0.0.1:\(port)"
                let outcome = try await caller.run(Self.call("\(url)/3", follow: 3), reporting: report)
                let values = try #require(outcome.output?.values)
                #expect(JSONValue(json: values.text.utf8)?["body"] == .string("done"))
                #expect(
                    report.lines == [
                        "GET \(url)/3: 302, redirected to GET \(url)/2", "GET \(url)/2: 302, redirected to GET \(url)/1",
                        "GET \(url)/1: 302, redirected to GET \(url)/0", "GET \(url)/0: 200 OK, 4 bytes", "done",
                    ])
                let error = try #require(try await caller.run(Self.call("\(url)/4", follow: 3)).error)
                #expect(error.type == "weir.task.http/redirect" && error.attribution == .customer)
                #expect(error.message.contains("after 3 redirections"), "\(error.message)")
                let unfollowed = try #require(try await caller.run(Self.call("\(url)/1", follow: 0)).error)
                #expect(unfollowed.type == "weir.task.http/status")
                var expected = Self.call("\(url)/1", follow: 3)
                expected.expect = [302]
                let answered = try await caller.run(expected)
                #expect(answered.output != nil)
            }
        }
    }

    /// RFC 9110, section 15.4.
    @Test(arguments: [
        (301, "POST", "GET", ""), (302, "POST", "GET", ""), (303, "PUT", "GET", ""), (301, "PUT", "PUT", "x"),
        (307, "POST", "POST", "x"), (308, "PATCH", "PATCH", "x"),
    ])
    func keepsOrChangesTheMethod(status: Int, method: String, next: String, body: String) async throws {
        let received = Mutex<[ReceivedRequest]>([])
        try await Shop.open { request in
            received.withLock { $0.append(request) }
            return request.path == "/a" ? Self.redirect(status, to: "/b") : Shop.answer(.ok)
        } test: { port in
            try await Caller.with { caller in
                let headers = [HTTPCall.Header(name: "authorization", value: "Bearer secret")]
                let call = Self.call(
                    "http://127.0.0.1:\(port)/a", method, follow: 1, headers: headers, body: .text("x"))
                let answered = try await caller.run(call)
                #expect(answered.output != nil)
            }
        }
        let last = try #require(received.withLock { $0.last })
        #expect(last.method == next && last.body == body && last.path == "/b")
        // The same host: the credentials go along.
        #expect(last.headers["authorization"] == "Bearer secret")
        #expect((last.headers["content-type"] == nil) == body.isEmpty)
    }

    @Test func carriesNoCredentialsToAnotherHost() async throws {
        let received = Mutex<ReceivedRequest?>(nil)
        try await Shop.open { request in
            received.withLock { $0 = request }
            return Shop.answer(.ok)
        } test: { other in
            try await Shop.open { request in
                // Another port is another server.
                Self.redirect(request.path == "/host" ? 307 : 302, to: "http://127.0.0.1:\(other)/there")
            } test: { port in
                try await Caller.with { caller in
                    let url = "http://127.0.0.1:\(port)"
                    let headers = ["Authorization", "Cookie", "X-API-Key", "Accept"].map { HTTPCall.Header(name: $0, value: "v") }
                    let answered = try await caller.run(Self.call("\(url)/", follow: 1, headers: headers))
                    #expect(answered.output != nil)
                    let call = Self.call("\(url)/host", "POST", follow: 1, body: .text("secret"))
                    let error = try #require(try await caller.run(call).error)
                    #expect(error.message.contains("would send the body to another host"), "\(error.message)")
                }
            }
        }
        let request = try #require(received.withLock { $0 })
        #expect(request.path == "/there" && request.headers["accept"] == "v" && request.headers["user-agent"] == "weir")
        #expect(request.headers["authorization"] == nil && request.headers["cookie"] == nil && request.headers["x-api-key"] == nil)
    }

    @Test func takesNoHeaderWithASecretToAnotherHost() async throws {
        let received = Mutex<ReceivedRequest?>(nil)
        try await Shop.open { request in
            received.withLock { $0 = request }
            return Shop.answer(.ok)
        } test: { other in
            try await Shop.open { _ in
                Self.redirect(307, to: "http://127.0.0.1:\(other)/")
            } test: { port in
                try await Caller.with { caller in
                    let headers = [
                        HTTPCall.Header(name: "user-agent", value: "job s3cret-value"),
                        HTTPCall.Header(name: "accept", value: "s3cret-value"),
                        HTTPCall.Header(name: "accept-language", value: "en"),
                    ]
                    var attempt = try caller.attempt(Self.call("http://127.0.0.1:\(port)/", follow: 1, headers: headers))
                    attempt.mask = SecretMask([try SecretValue("s3cret-value")])
                    let outcome = await caller.runner.run(attempt, reporting: Recorder())
                    #expect(outcome.output != nil)
                }
            }
        }
        let request = try #require(received.withLock { $0 })
        #expect(request.headers["accept-language"] == "en")
        #expect(!"\(request.headers)".contains("s3cret"))
    }

    @Test(arguments: [
        ("https://127.0.0.1/", "from http to https"), ("ftp://127.0.0.1/", "from http to ftp"),
        ("http://user:secret@127.0.0.1/", "contains a user"), ("http://", "not a URL"),
        ("http://127.0.0.1/" + String(repeating: "x", count: ConfigurationLimits.urlBytes), "not a URL"),
    ])
    func isRefused(location: String, words: String) async throws {
        try await Shop.open { _ in
            Self.redirect(302, to: location)
        } test: { port in
            try await Caller.with { caller in
                let error = try #require(try await caller.run(Self.call("http://127.0.0.1:\(port)/", follow: 3)).error)
                #expect(error.type == "weir.task.http/redirect" && error.attribution == .customer)
                #expect(error.message.contains(words) && !error.message.contains("secret"), "\(error.message)")
            }
        }
    }
}
