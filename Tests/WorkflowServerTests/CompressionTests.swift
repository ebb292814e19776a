import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowTestKit

@testable import TaskRunners
@testable import WorkflowServer

@Suite("Answers are compressed for clients that accept it")
struct CompressionTests {
    private static func text(_ gzip: ByteBuffer) throws -> String {
        let (bytes, isCut) = try Inflation.bytes(Array(gzip.readableBytesView), .gzip, limit: 1 << 20, isInputCut: false)
        #expect(!isCut)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("a page, an asset and a list are smaller, and the same when they are unpacked")
    func answers() async throws {
        try await withService { service in
            try await service.addRuns(
                try (10..<60).map { try service.run("wf-\($0)", created: "2024-02-09", ended: "2024-02-09T00:10") })
            let (browser, _) = try await BrowserSession.signedIn(.viewer, on: service)
            let page = try await browser.get("/runs")
            let css = try #require(page.text.split(separator: "\"").first { $0.hasSuffix("weir.css") })
            let api = try await service.headers(.viewer)
            for (path, headers) in [("/runs", [.cookie: browser.cookie]), (String(css), [:]), (Paths.runs + "?limit=50", api)] {
                var headers: HTTPFields = headers
                headers[.acceptEncoding] = "br, gzip;q=0.8"
                let plain = try await service.get(path, headers.without(.acceptEncoding))
                let packed = try await service.get(path, headers)
                #expect(packed.headers[.contentEncoding] == "gzip" && plain.headers[.contentEncoding] == nil)
                #expect(packed.headers[.contentLength] == nil)
                #expect(plain.headers[.vary]?.hasSuffix("Accept-Encoding") == true, "Caches keep both forms: \(path)")
                #expect(packed.body.readableBytes * 3 < plain.body.readableBytes, "\(path)")
                let text = try Self.text(packed.body)
                #expect(path == "/runs" ? text.hasSuffix("</html>\n") : text == plain.text)
            }
        }
    }

    @Test("answers with secrets, short ones, and those for clients that do not accept it stay as they are")
    func plainAnswers() async throws {
        try await withService { service in
            let (admin, key) = try await BrowserSession.signedIn(.admin, on: service)
            for encodings in ["identity", "gzip;q=0", "br", ""] {
                let page = try await admin.get("/runs", [.acceptEncoding: encodings])
                #expect(page.headers[.contentEncoding] == nil && page.text.contains("</html>"))
            }
            let secret = try await service.send(
                .post, "/settings/keys",
                headers: [.cookie: admin.cookie, .contentType: "application/x-www-form-urlencoded", .acceptEncoding: "gzip"],
                body: "form_token=\(admin.formToken)&name=new&policy=viewer")
            #expect(secret.status == .ok && secret.headers[.contentEncoding] == nil && secret.text.contains(key.id.prefix(3)))
            let health = try await service.get("/healthz", [.acceptEncoding: "gzip"])
            #expect(health.headers[.contentEncoding] == nil && health.headers[.vary] == nil)
        }
    }

    @Test("a compressed answer has a weak tag, which revalidates it")
    func tags() async throws {
        try await withService { service in
            var headers = try await service.headers(.admin)
            let long = ServiceUnderTest.configuration() + "# " + String(repeating: "long ", count: 400) + "\n"
            try #require(try await service.save(long, as: "cg-daily", headers).status == .created)
            headers[.accept] = "application/yaml"
            headers[.acceptEncoding] = "gzip"
            let packed = try await service.get(Paths.configuration("cg-daily"), headers)
            let tag = try #require(packed.headers[.eTag])
            #expect(packed.headers[.contentEncoding] == "gzip" && tag.hasPrefix("W/\""))
            #expect(packed.headers[.vary] == "Accept, Accept-Encoding")
            headers[.ifNoneMatch] = tag
            #expect(try await service.get(Paths.configuration("cg-daily"), headers).status == .notModified)
        }
    }

    @Test("a stream of events is not compressed: each open page would need a buffer")
    func events() {
        let head = HTTPRequest(
            method: .get, scheme: "http", authority: "weir", path: "/runs/live", headerFields: [.acceptEncoding: "gzip"])
        let request = Request(head: head, body: .init(buffer: ByteBuffer()))
        func answer(_ type: String) -> Response {
            let response = Response(status: .ok, headers: [.contentType: type], body: ResponseBody { try await $0.finish(nil) })
            return Compression.compressed(response, for: request)
        }
        #expect(answer("text/event-stream").headers[.contentEncoding] == nil)
        #expect(answer("application/x-ndjson").headers[.contentEncoding] == "gzip")
    }

    @Test("long and incompressible parts come whole")
    func longParts() throws {
        let bytes = SeededRandom(seed: 5).bytes(300_000)
        let stream = GzipStream()
        var sent = try stream.compress(ByteBuffer(bytes: bytes))
        var end = try stream.end()
        sent.writeBuffer(&end)
        let unpacked = try Inflation.bytes(Array(sent.readableBytesView), .gzip, limit: 1 << 20, isInputCut: false)
        #expect(unpacked.bytes == bytes)
    }

    @Test(
        arguments: [
            ("gzip", true), ("GZIP", true), ("x-gzip", true), ("gzip;q=0.1", true), ("gzip; q=0", false), ("gzip;q=0.000", false),
            ("*", true), ("*;q=0", false), ("identity, *;q=0.5", true), ("*, gzip;q=0", false), ("br, deflate", false), ("", false),
            ("gzip;q=", true), (",,;", false),
        ])
    func clientsNameTheirEncodings(field: String, accepts: Bool) {
        #expect(Compression.accepts([field]) == accepts)
        #expect(Compression.accepts(["identity", field]) == accepts)
    }
}

extension HTTPFields {
    fileprivate func without(_ name: HTTPField.Name) -> HTTPFields {
        var others = self
        others[name] = nil
        return others
    }
}
