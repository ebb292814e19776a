import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowTestKit

@Suite("The output of a run over the API")
struct RunOutputTests {
    private func answer(_ response: TestResponse) throws -> RunOutputAnswer {
        try RunOutputAnswer(json: Array(response.body.readableBytesView))
    }

    /// A run with two running tasks.
    private func leases(_ service: ServiceUnderTest) async throws -> [Lease] {
        let bench = StoreBench(service.store)
        try await bench.start(
            [StoreBench.task("text"), StoreBench.task("bytes")], of: ServiceUnderTest.acme, at: service.clock.now)
        return try await bench.claim(at: service.clock.now).map(\.lease)
    }

    @Test("comes as text, or as Base64 when it is not text")
    func forms() async throws {
        try await withService { service in
            let leases = try await leases(service)
            let headers = try await service.headers(.viewer)
            let printed = [Array("größe\n".utf8), [0xFF, 0x00, 0x41]]
            for (lease, bytes) in zip(leases, printed) {
                try await service.store.appendOutput(OutputChunk(offset: 0, bytes: bytes), under: lease, keepingLast: 100)
            }
            let response = try await service.get(Paths.output(of: leases[0].run), headers)
            #expect(response.status == .ok)
            #expect(response.text.contains(#""text":"größe\n""#) && response.text.contains(#""base64":"/wBB""#), "\(response.text)")
            #expect(response.headers[.cacheControl] == "private, no-cache")
            let read = try answer(response)
            #expect(read.slices.map(\.slice.bytes) == printed)
            #expect(read.nextToken == nil)
        }
    }

    @Test("continues with a token that belongs to its run, attempt and tenant")
    func pages() async throws {
        try await withService { service in
            let leases = try await leases(service)
            let headers = try await service.headers(.viewer)
            let large = [UInt8](repeating: UInt8(ascii: "x"), count: Limits.runOutput + 10)
            try await service.store.appendOutput(OutputChunk(offset: 0, bytes: large), under: leases[0], keepingLast: large.count)
            let path = Paths.output(of: leases[0].run)
            let first = try answer(try await service.get(path, headers))
            let token = try #require(first.nextToken)
            #expect(first.slices.map(\.slice.bytes.count) == [Limits.runOutput])
            let second = try answer(try await service.get(path + "?next_token=" + token, headers))
            #expect(second.slices.map(\.slice.bytes.count) == [10] && second.slices.first?.slice.offset == Limits.runOutput)
            #expect(second.nextToken == nil)
            let others = try await service.headers(.viewer, of: ServiceUnderTest.other)
            for wrong in [
                "?next_token=" + token + "A", "?next_token=" + token + "&attempt=1", "?next_token=", "?attempt=0", "?from=1",
            ] {
                _ = try await service.get(path + wrong, headers).error(.invalid)
            }
            #expect(try await service.get(path + "?next_token=" + token, others).status == .badRequest)
        }
    }

    @Test("has the time of each line, or one stream only, when the request asks for it")
    func views() async throws {
        try await withService { service in
            let leases = try await leases(service)
            let headers = try await service.headers(.viewer)
            let now = service.clock.now
            let marks = [
                OutputMark(offset: 0, time: now, stream: .stdout), OutputMark(offset: 4, time: now + .seconds(1), stream: .stderr),
                OutputMark(offset: 8, time: now + .seconds(2), stream: .stdout),
            ]
            let chunk = OutputChunk(offset: 0, bytes: Array("one\nbad\ntwo".utf8), marks: OutputMarks(marks, lineBreaks: 0))
            try await service.store.appendOutput(chunk, under: leases[0], keepingLast: 100)
            try await service.store.appendOutput(
                OutputChunk(offset: 0, bytes: Array("old\n".utf8)), under: leases[1], keepingLast: 100)
            let times = marks.compactMap { $0.time?.iso8601 }
            let all = "\(times[0]) one\n\(times[1]) bad\n\(times[2]) two"

            let path = Paths.output(of: leases[0].task, in: leases[0].run)
            for (query, text, from, next) in [
                ("timestamps=true", all, 0, 11), ("timestamps=true&from=4", "\(times[1]) bad\n\(times[2]) two", 4, 11),
                ("timestamps=true&from=6", "d\n\(times[2]) two", 6, 11), ("timestamps=true&from=11", "", 11, 11),
                ("timestamps=true&from=40", "", 40, 40), ("stream=stderr", "bad\n", 0, 11),
                ("stream=stdout&timestamps=true", "\(times[0]) one\n\(times[2]) two", 0, 11),
                ("timestamps=false", "one\nbad\ntwo", 0, 11),
                ("stream=stderr&from=9", "", 9, 11),
            ] {
                let answer = try await service.get("\(path)?\(query)", headers)
                #expect(answer.status == .ok && answer.text == text, "\(query): \(answer.text)")
                #expect(
                    answer.headers[HeaderNames.outputFrom] == "\(from)" && answer.headers[HeaderNames.outputNext] == "\(next)",
                    "\(query)")
            }
            let run = Paths.output(of: leases[0].run)
            let plain = try await service.get(run, headers).text
            #expect(try await service.get(run + "?timestamps=false", headers).text == plain)
            let timed = try answer(try await service.get(run + "?timestamps=true", headers))
            #expect(timed.slices.map { String(decoding: $0.slice.bytes, as: UTF8.self) } == [all, "- old\n"])
            #expect(timed.slices.map(\.next) == [11, 4] && timed.slices.map(\.slice.offset) == [0, 0])
            let errors = try answer(try await service.get(run + "?stream=stderr", headers))
            #expect(errors.slices.map { String(decoding: $0.slice.bytes, as: UTF8.self) } == ["bad\n", "old\n"])
            for wrong in ["?timestamps=1", "?stream=both"] { _ = try await service.get(run + wrong, headers).error(.invalid) }
        }
    }

    @Test("has each time once, though a page ends in a line")
    func timedPages() async throws {
        try await withService { service in
            let leases = try await leases(service)
            let headers = try await service.headers(.viewer)
            let line = [UInt8](repeating: UInt8(ascii: "x"), count: 99) + [UInt8(ascii: "\n")]
            let large = Array(repeatElement(line, count: Limits.runOutput / 100 + 10).joined())
            let chunk = OutputChunk(
                offset: 0, bytes: large, marks: OutputMarks([OutputMark(offset: 0, time: service.clock.now, stream: .stdout)]))
            try await service.store.appendOutput(chunk, under: leases[0], keepingLast: large.count)
            var token: String?
            var text = ""
            var pages = 0
            repeat {
                let query = "?timestamps=true" + (token.map { "&next_token=\($0)" } ?? "")
                let page = try answer(try await service.get(Paths.output(of: leases[0].run) + query, headers))
                text += page.slices.map { String(decoding: $0.slice.bytes, as: UTF8.self) }.joined()
                (token, pages) = (page.nextToken, pages + 1)
            } while token != nil && pages < 9
            let time = service.clock.now.iso8601
            let lines = text.split(separator: "\n")
            #expect(pages == 2 && lines.count == large.count / 100)
            #expect(lines.allSatisfy { $0.hasPrefix("\(time) xxx") && $0.utf8.count == 99 + 25 })
        }
    }

    @Test("of another tenant's run is not found, like that of an unknown run")
    func otherTenants() async throws {
        try await withService { service in
            let leases = try await leases(service)
            let others = try await service.headers(.admin, of: ServiceUnderTest.other)
            let unknown = try await service.get(Paths.output(of: RunID(rawValue: "wf-none")), others).error(.notFound)
            #expect(try await service.get(Paths.output(of: leases[0].run), others).error(.notFound) == unknown)
            #expect(try await service.get(Paths.output(of: leases[0].run), [:]).status == .unauthorized)
        }
    }

    @Test("a dry run stores nothing, reports the change, and needs the policy that storing needs")
    func dryRuns() async throws {
        try await withService { service in
            var headers = try await service.headers(.admin)
            headers[.contentType] = "application/yaml"
            let path = Paths.configuration("cg-daily") + "?dry_run=true"
            func check(_ text: String, _ headers: HTTPFields) async throws -> TestResponse {
                try await service.send(.put, path, headers: headers, body: text)
            }
            let text = ServiceUnderTest.configuration()
            let created = try await check(text, headers)
            #expect(created.status == .ok)
            #expect(
                try ConfigurationCheck(json: Array(created.body.readableBytesView))
                    == ConfigurationCheck(id: "cg-daily", name: "Daily", type: "courier.group/run", change: .created))
            #expect(try await service.get(Paths.configurations, headers).text == #"{"data":[]}"#)
            #expect(try await service.save(text, as: "cg-daily", headers).status == .created)
            #expect(try await check(text, headers).json()["change"] == .string("unchanged"))
            let other = ServiceUnderTest.configuration(name: "Other")
            #expect(try await check(other, headers).json()["change"] == .string("updated"))
            #expect(try await service.get(Paths.configuration("cg-daily"), headers).json()["number"] == .integer(1))
            // Receivers and resources of another tenant do not count.
            var others = try await service.headers(.admin, of: ServiceUnderTest.other)
            others[.contentType] = "application/yaml"
            #expect(try await check(text, others).json()["change"] == .string("created"))
            var operators = try await service.headers(.operator)
            operators[.contentType] = "application/yaml"
            #expect(try await check(text, operators).status == .forbidden)
            let wrong = try await service.send(
                .put, Paths.configuration("cg-daily") + "?dry_run=yes", headers: headers, body: text)
            #expect(try wrong.error(.invalid).contains("Accepted: true, false"))
            // One answer names every problem.
            let claiming = text + "\nalerts: [{to: missing, on: [failed]}]\n"
            let uses = claiming.replacing(
                "command: [python3, pull.py]", with: "command: [python3, pull.py]\n        uses: {warehouse: 1}")
            let message = try await check(uses, headers).error(.invalid)
            #expect(message.contains("cg-daily:21: ") && message.contains("missing") && message.contains("warehouse"), "\(message)")
        }
    }
}
