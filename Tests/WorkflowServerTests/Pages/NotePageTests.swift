import HTTPTypes
import HummingbirdTesting
import Testing
import WorkflowAPI
import WorkflowModel

@Suite("Pages: notes on runs")
struct NotePageTests {
    @Test("an operator leaves a note, viewers read it, the history marks the run, and another tenant finds none of it")
    func writing() async throws {
        try await withService { service in
            try await service.addRuns([try service.run("wf-a", created: "2024-02-09", ended: "2024-02-09T00:10")])
            let (worker, _) = try await BrowserSession.signedIn(.operator, on: service)
            let (viewer, _) = try await BrowserSession.signedIn(.viewer, on: service)
            let (stranger, _) = try await BrowserSession.signedIn(.admin, of: ServiceUnderTest.other, on: service)
            #expect(try await worker.get("/runs/wf-a").text.contains("action=\"/runs/wf-a/notes\""))
            #expect(try await !viewer.get("/runs/wf-a").text.contains("id=\"notes\""))
            let left = try await worker.post("/runs/wf-a/notes", "text=Late+files.%0D%0A%3Cb%3E%0D%0A")
            #expect(left.status == .seeOther && left.headers[.location] == "/runs/wf-a#notes")
            let read = try await viewer.get("/runs/wf-a").text
            #expect(read.contains("<p class=\"note-text\">Late files.\n&lt;b&gt;</p>") && !read.contains("<textarea"))
            #expect(try await viewer.get("/runs").text.contains("href=\"/runs/wf-a#notes\">1 note</a>"))

            #expect(try await viewer.post("/runs/wf-a/notes", "text=x").status == .forbidden)
            #expect(try await stranger.post("/runs/wf-a/notes", "text=x").status == .notFound)
            #expect(try await worker.post("/runs/wf-none/notes", "text=x").status == .notFound)
            for text in ["", "+%0A", "a%1Bb", String(repeating: "a", count: RunNote.characters.upperBound + 1)] {
                #expect(try await worker.post("/runs/wf-a/notes", "text=\(text)").status == .badRequest, "\(text)")
            }
            // The longest one, with each byte escaped.
            let longest = String(repeating: "%F0%9F%90%95", count: RunNote.characters.upperBound)
            #expect(try await worker.post("/runs/wf-a/notes", "text=\(longest)").status == .seeOther)
            let notes = try await service.store.notes(on: [RunID(rawValue: "wf-a")], of: ServiceUnderTest.acme).values.first ?? []
            #expect(notes.map(\.text.utf8.count) == [15, RunNote.bytes])
        }
    }
}
