import Foundation
import TaskRunners
import Testing
import WorkflowModel

@Suite struct WhatAReplyBecomes {
    /// The output of a request with this response.
    private func output(
        of body: [UInt8], type: String, encoding: String? = nil, method: String = "GET", report: Recorder = Recorder()
    ) async throws -> TaskOutcome {
        var outcome: TaskOutcome?
        let head = """
            HTTP/1.1 200 OK
            Content-Type: \(type)
            Content-Length: \(body.count)\(encoding.map { "\nContent-Encoding: \($0)" } ?? "")


            """
        try await RawServer.open { _ in
            RawServer.Answer(head, body: method == "HEAD" ? [] : body)
        } test: { port, _ in
            try await Caller.with { caller in
                outcome = try await caller.run(HTTPCall(method: method, url: "http://127.0.0.1:\(port)/"), reporting: report)
            }
        }
        return try #require(outcome)
    }

    private func value(_ outcome: TaskOutcome) throws -> JSONValue {
        let values = try #require(outcome.output?.values)
        return try #require(JSONValue(json: values.text.utf8))
    }

    @Test(arguments: [
        ("gzip", "gzip.compress('é {}'.encode())"), ("x-gzip", "gzip.compress('é {}'.encode())"),
        ("GZIP", "gzip.compress('é'.encode()) + gzip.compress(b' {}')"), ("deflate", "zlib.compress('é {}'.encode())"),
        ("deflate", "zlib.compress('é {}'.encode(), wbits=-15)"),
        ("deflate, gzip", "gzip.compress(zlib.compress('é {}'.encode()))"),
        ("identity", "'é {}'.encode()"), ("gzip", "gzip.compress('é {}'.encode(), 0)"),
    ])
    func itIsDecompressed(encoding: String, expression: String) async throws {
        let report = Recorder()
        let outcome = try await output(of: Python.bytes(expression), type: "text/plain", encoding: encoding, report: report)
        #expect(try value(outcome)["body"] == .string("é {}"))
        #expect(report.text.hasSuffix("200 OK, 5 bytes\né {}\n"))
    }

    @Test func jsonIsDecompressedToJSON() async throws {
        let outcome = try await output(
            of: Python.bytes("gzip.compress(b'{\"a\": [1]}')"), type: "application/json", encoding: "gzip")
        #expect(outcome.output?.values?.text == #"{"status":200,"headers":{"content-type":"application/json"},"body":{"a": [1]}}"#)
    }

    /// A hundred megabytes, compressed to a hundred kilobytes.
    @Test func aBombIsCutWhereAnyReplyIs() async throws {
        let outcome = try await output(
            of: Python.bytes("gzip.compress(b'x' * 100_000_000)"), type: "text/plain", encoding: "gzip")
        let value = try value(outcome)
        #expect(value["body"]?.string?.utf8.count == HTTPLimits.replyKept)
        #expect(value["body_cut"] == .bool(true))
    }

    @Test func aCompressedReplyOfMoreThanIsReadIsCut() async throws {
        let noise =
            "gzip.compress(b''.join(i.to_bytes(8, 'big') + __import__('hashlib').sha256(str(i).encode()).digest() for i in range(60000)))"
        let outcome = try await output(of: Python.bytes(noise), type: "application/octet-stream", encoding: "gzip")
        let value = try value(outcome)
        #expect(value["body_encoding"] == .string("base64"))
        #expect(value["body_cut"] == .bool(true))
    }

    @Test(arguments: [
        ("gzip", "gzip.compress(b'x' * 5000)[:-20]", "it is incomplete"), ("gzip", "b'not gzip'", "it is corrupt"),
        ("deflate", "b'\\x78\\x9c\\xff\\xff'", "it is corrupt"),
        ("gzip", "gzip.compress(b'x' * 50)[:-8] + b'\\0' * 8", "it is corrupt"),
    ])
    func whatCannotBeDecompressedFails(encoding: String, expression: String, words: String) async throws {
        let outcome = try await output(of: Python.bytes(expression), type: "text/plain", encoding: encoding)
        let error = try #require(outcome.error)
        #expect(error.type == "weir.task.http/reply")
        #expect(error.attribution == .platform)
        #expect(error.message.hasSuffix("its Content-Encoding is \(encoding), but \(words)"))
    }

    @Test func aReplyWithoutABodyIsNotDecompressed() async throws {
        let outcome = try await output(of: [], type: "text/plain", encoding: "gzip")
        #expect(try value(outcome)["body"] == .string(""))
        let head = try await output(of: Array("x".utf8), type: "text/plain", encoding: "gzip", method: "HEAD")
        #expect(try value(head)["body"] == .string(""))
    }

    @Test(arguments: [
        ("text/plain; charset=utf-8", "'\\ufeffé€🙂'.encode()", "é€🙂"), ("text/plain", "'é€🙂'.encode()", "é€🙂"),
        ("text/plain; charset=ISO-8859-1", "'é\\x85'.encode('latin-1')", "é\u{85}"),
        ("text/html; Charset=\"latin1\"; x=y", "'ü'.encode('latin-1')", "ü"),
        ("text/plain; charset=windows-1252", "'€ “é”'.encode('cp1252')", "€ “é”"),
        ("text/plain; charset=UTF-16", "'é🙂'.encode('utf-16')", "é🙂"),
        ("text/plain; charset=utf-16", "'é🙂'.encode('utf-16-be')", "é🙂"),
        ("text/plain; charset=utf-16le", "'é🙂'.encode('utf-16-le')", "é🙂"),
        ("text/plain; charset=utf-16be", "'é🙂'.encode('utf-16-be')", "é🙂"), ("text/csv", "'a;é'.encode('utf-16')", "a;é"),
        ("text/plain; charset=us-ascii", "b'plain'", "plain"),
    ])
    func itsCharsetIsRead(type: String, expression: String, text: String) async throws {
        let value = try value(try await output(of: Python.bytes(expression), type: type))
        #expect(value["body"] == .string(text))
        #expect(value["body_encoding"] == nil)
    }

    @Test(arguments: [
        ("application/json; charset=iso-8859-1", "'{\"a\":\"é\"}'.encode('latin-1')"),
        ("application/json", "'\\ufeff{\"a\":\"é\"}'.encode()"),
        ("application/json; charset=utf-16", "'{\"a\":\"é\"}'.encode('utf-16')"),
    ])
    func jsonIsReadInItsCharset(type: String, expression: String) async throws {
        let outcome = try await output(of: Python.bytes(expression), type: type)
        #expect(outcome.output?.values?.text.hasSuffix(#""body":{"a":"é"}}"#) == true)
    }

    @Test(arguments: [
        ("image/png", "b'\\x89PNG\\r\\n'", nil as String?), ("text/plain", "'é'.encode('latin-1')", nil),
        ("text/plain; charset=shift_jis", "b'plain'", nil), ("text/plain; charset=windows-1252", "b'a\\x81'", nil),
        ("text/plain; charset=utf-16", "b'\\xd8\\x00x'", nil), ("text/plain; charset=us-ascii", "b'\\xe9'", nil),
        ("text/plain", "b'brotli'", "br"),
    ])
    func whatIsNoTextIsKeptAsBase64AndSaidToBe(type: String, expression: String, encoding: String?) async throws {
        let bytes = try Python.bytes(expression)
        let report = Recorder()
        let value = try value(try await output(of: bytes, type: type, encoding: encoding, report: report))
        #expect(value["body"] == .string(Data(bytes).base64EncodedString()))
        #expect(value["body_encoding"] == .string("base64"))
        #expect(value["headers"]?["content-encoding"]?.string == encoding)
        let suffix = encoding.map { ", encoded as \($0)" } ?? ""
        #expect(report.text.hasSuffix("200 OK, \(bytes.count) bytes of binary data\(suffix)\n"))
    }

    @Test(arguments: [
        ("utf-8", "'é' * 600000", 524_288), ("utf-8", "'x' + 'é' * 600000", 524_288), ("utf-16le", "'x' + '🙂' * 300000", 262_144),
    ])
    func aCutTextEndsWithAWholeCharacter(charset: String, expression: String, count: Int) async throws {
        let value = try value(
            try await output(of: Python.bytes("(\(expression)).encode('\(charset)')"), type: "text/plain; charset=\(charset)"))
        let text = try #require(value["body"]?.string)
        #expect(text.count == count)
        #expect(!text.contains("\u{FFFD}"))
        #expect(value["body_cut"] == .bool(true))
    }
}
