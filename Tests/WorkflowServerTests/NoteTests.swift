import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

@Suite("POST /api/workflow/runs/{id}/notes")
struct NoteTests {
    private static func withRun(_ body: @Sendable @escaping (ServiceUnderTest, RunID) async throws -> Void) async throws {
        try await withService { service in
            let run = try service.run("wf-a", created: "2024-01-01", ended: "2024-01-01T00:10")
            try await service.addRuns([run])
            try await body(service, run.id)
        }
    }

    private static func post(
        _ text: String, on id: RunID, _ service: ServiceUnderTest, _ headers: HTTPFields
    ) async throws -> TestResponse {
        try await service.send(.post, Paths.notes(id), headers: headers, body: text)
    }

    @Test("an operator leaves a note, which the run has from then on, and exports have it")
    func note() async throws {
        try await Self.withRun { service, id in
            let operating = try await service.headers(.operator)
            let headers = try await service.headers(.viewer)
            let before = try await service.get(Paths.run(id) + "?view=verbose", headers)
            let answer = try await Self.post(#"{"text":" Late files.\r\nThe supplier knows. "}"#, on: id, service, operating)
            #expect(answer.status == .created && answer.headers[.location] == Paths.run(id), "\(answer.text)")
            let note = try RunNote(json: Array(answer.body.readableBytesView))
            #expect(note.text == "Late files.\nThe supplier knows." && note.writtenAt == service.clock.now)
            let verbose = try await service.get(Paths.run(id) + "?view=verbose", headers)
            #expect(try WorkflowRunDetails(json: Array(verbose.body.readableBytesView)).notes == [note])
            #expect(verbose.headers[.eTag] != before.headers[.eTag])
            #expect(verbose.text.hasPrefix(String(before.text.dropLast())))
            #expect(verbose.text.hasSuffix(#","notes":[\#(answer.text)]}"#))
            // The list and the overview are as they were.
            #expect(try await !service.get(Paths.runs, headers).text.contains("notes"))
            #expect(try await !service.get(Paths.run(id), headers).text.contains("notes"))

            let line = try await service.get(Paths.export, headers).text
            #expect(line.hasSuffix(#","notes":[\#(answer.text)]}"# + "\n"))
            let imported = try importedRun(fromLine: Array(line.utf8.dropLast()), tenant: ServiceUnderTest.acme)
            #expect(imported.notes == [note])
        }
    }

    @Test("a viewer reads notes and leaves none, and another tenant's run is not found")
    func access() async throws {
        try await Self.withRun { service, id in
            let body = #"{"text":"x"}"#
            let refused = try await Self.post(body, on: id, service, try await service.headers(.viewer))
            #expect(refused.status == .forbidden)
            let theirs = try await Self.post(body, on: id, service, try await service.headers(.admin, of: ServiceUnderTest.other))
            let unknown = try await Self.post(
                body, on: RunID(rawValue: "wf-none"), service, try await service.headers(.operator))
            #expect(theirs.status == .notFound && unknown.status == .notFound)
            #expect(try theirs.json()["message"] == unknown.json()["message"])
            #expect(try await service.store.notes(on: [id], of: ServiceUnderTest.acme).isEmpty)
        }
    }

    @Test(
        "invalid input is a 400 that names what is accepted, and writes nothing",
        arguments: [
            ("", "The body is empty"), ("[]", "JSON object"), ("{}", "The body's text is missing"), (#"{"text":7}"#, "text"),
            (#"{"text":""}"#, "The text of the note is empty. Accepted: a text of 1 to 1000 characters"),
            (#"{"text":" \n "}"#, "The text of the note is empty"),
            (#"{"text":"a\u0000"}"#, "contains the control character U+0000"), (#"{"text":"a","by":"b"}"#, "by"),
            (#"{"text":"\#(String(repeating: "a", count: 1_001))"}"#, "has 1001 characters"),
        ])
    func invalid(body: String, message: String) async throws {
        try await Self.withRun { service, id in
            let headers = try await service.headers(.operator)
            let error = try await Self.post(body, on: id, service, headers).error(.invalid)
            #expect(error.contains(message), "\(error)")
            #expect(try await service.store.notes(on: [id], of: ServiceUnderTest.acme).isEmpty)
        }
    }

    @Test("the longest note fits into a body that escapes it, and a run with all its notes is a 409")
    func limits() async throws {
        try await Self.withRun { service, id in
            let headers = try await service.headers(.operator)
            let escaped = String(repeating: #"\ud83d\udc15"#, count: RunNote.characters.upperBound)
            #expect(try await Self.post(#"{"text":"\#(escaped)"}"#, on: id, service, headers).status == .created)
            for number in 2...RunNote.most {
                let note = RunNote(by: Principal(id: "p", name: "P"), at: service.clock.now, text: "\(number)")
                #expect(try await service.store.addNote(note, to: id, of: ServiceUnderTest.acme) == .written)
            }
            let error = try await Self.post(#"{"text":"x"}"#, on: id, service, headers).error(.conflict)
            #expect(error == "The run has 100 notes. It takes no more.")
        }
    }
}
