import HTTPTypes
import HummingbirdTesting
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowPages

@Suite("Pages: the definition of a workflow is written in the browser")
struct EditPageTests {
    private static let text = """
        id: cg-new
        name: New
        type: test.new
        stages:
          - name: One
            tasks: [{id: a, type: test.a, command: ['true']}]

        """

    /// As a browser sends a form: with two characters for the end of a line.
    private static func fields(_ text: String, _ button: String, base: String = "") -> String {
        "do=\(button)&base=\(base)&text=\(Paths.escaped(text.replacing("\n", with: "\r\n")))"
    }

    private static func version(
        _ service: ServiceUnderTest, _ id: String = "cg-new"
    ) async throws -> ConfigurationVersion? {
        try await service.store.configuration(id, of: ServiceUnderTest.acme)
    }

    @Test("a new text is checked, applied, edited, and the change is shown before it is applied")
    func writing() async throws {
        try await withService { service in
            let (admin, key) = try await BrowserSession.signedIn(.admin, on: service)
            #expect(try await admin.get("/new-workflow").text.contains("id: hello"))
            let checked = try await admin.post("/new-workflow", Self.fields(Self.text, "check"))
            #expect(checked.status == .ok && checked.text.contains("Apply creates version 1."))
            #expect(try await Self.version(service) == nil, "Checking changes nothing.")

            let applied = try await admin.post("/new-workflow", Self.fields(Self.text, "apply"))
            #expect(applied.status == .seeOther && applied.headers[.location] == "/workflows/cg-new")
            let first = try #require(try await Self.version(service))
            #expect(first.source.text == Self.text && first.number == 1 && first.createdBy.id == key.id)

            #expect(try await admin.get("/workflows/cg-new").text.contains("href=\"/workflows/cg-new/edit\""))
            #expect(try await admin.get("/workflows/cg-new/edit").text.contains("value=\"\(first.id)\""))
            let changed = Self.text + "labels: {team: crm}\n"
            let shown = try await admin.post("/workflows/cg-new/edit", Self.fields(changed, "check", base: first.id.rawValue))
            #expect(shown.status == .ok && shown.text.contains("Apply creates version 2."))
            #expect(shown.text.contains("1 line was added"))
            let same = try await admin.post("/workflows/cg-new/edit", Self.fields(Self.text, "check", base: first.id.rawValue))
            #expect(same.text.contains("nothing has changed"))
            let edited = try await admin.post("/workflows/cg-new/edit", Self.fields(changed, "apply", base: first.id.rawValue))
            #expect(edited.status == .seeOther)
            #expect(try await Self.version(service)?.source.text == changed)
        }
    }

    @Test("problems stand at their lines, and change nothing")
    func problems() async throws {
        try await withService { service in
            let (admin, _) = try await BrowserSession.signedIn(.admin, on: service)
            let wrong = Self.text + "schedule: {cron: never}\nnotify: 3\n"
            let line = Self.text.split(separator: "\n", omittingEmptySubsequences: false).count
            for button in ["check", "apply"] {
                let answer = try await admin.post("/new-workflow", Self.fields(wrong, button))
                #expect(answer.status == .badRequest)
                #expect(answer.text.contains("2 problems. Nothing was changed."))
                #expect(answer.text.contains("data-line=\"\(line)\">Line \(line)</a>"))
                #expect(answer.text.contains("<code>schedule: {cron: never}</code>"))
                #expect(answer.text.contains("\nnotify: 3\n</textarea>"), "The text of the form stays.")
            }
            #expect(try await Self.version(service) == nil)
            for text in ["", ":", "[]", "id: cg-new\u{0}", String(repeating: "#", count: Limits.configurationBody + 1)] {
                #expect(
                    try await admin.post("/new-workflow", Self.fields(text, "apply")).status == .badRequest, "\(text.prefix(9))")
            }
            let literal = Self.text.replacing("command: ['true']", with: "env: {API_TOKEN: f00df00df00df00d}, command: ['true']")
            let warned = try await admin.post("/new-workflow", Self.fields(literal, "check"))
            #expect(warned.status == .ok && warned.text.contains("<h2>Warnings</h2>") && warned.text.contains("data-line=\"6\""))
            // Unknown receivers and time zones are known to the service alone.
            let zone = Self.text + "schedule: {cron: '0 6 * * *', timezone: Mars/Base}\n"
            #expect(try await admin.post("/new-workflow", Self.fields(zone, "check")).text.contains("Mars/Base"))
        }
    }

    @Test("a text of another workflow, of an earlier version, or for an id that exists is refused")
    func conflicts() async throws {
        try await withService { service in
            let (admin, _) = try await BrowserSession.signedIn(.admin, on: service)
            #expect(try await admin.post("/new-workflow", Self.fields(Self.text, "apply")).status == .seeOther)
            let again = try await admin.post("/new-workflow", Self.fields(Self.text + "# other\n", "apply"))
            #expect(again.status == .badRequest && again.text.contains("exists already"))
            let first = try #require(try await Self.version(service)).id.rawValue
            let other = try await admin.post(
                "/workflows/cg-new/edit", Self.fields(ServiceUnderTest.configuration("cg-other"), "apply", base: first))
            #expect(other.status == .badRequest && other.text.contains("this page edits &quot;cg-new&quot;"))
            #expect(
                try await admin.post("/workflows/cg-new/edit", Self.fields(Self.text + "# a\n", "apply", base: first)).status
                    == .seeOther)
            let late = try await admin.post("/workflows/cg-new/edit", Self.fields(Self.text + "# b\n", "apply", base: first))
            #expect(late.status == .badRequest && late.text.contains("applied version 2 while you edited"))
            #expect(try await Self.version(service)?.source.text == Self.text + "# a\n")
            #expect(try await Self.version(service, "cg-other") == nil)
        }
    }

    @Test("the longest text fits, with each byte escaped")
    func longestText() async throws {
        try await withService { service in
            let (admin, _) = try await BrowserSession.signedIn(.admin, on: service)
            let text = Self.text + "# " + String(repeating: "\"", count: Limits.configurationBody - Self.text.utf8.count - 3) + "\n"
            #expect(text.utf8.count == Limits.configurationBody)
            #expect(try await admin.post("/new-workflow", "do=apply&text=\(Paths.escaped(text))").status == .seeOther)
        }
    }

    @Test("only administrators of the tenant write definitions; a first one is a click away")
    func access() async throws {
        try await withService { service in
            let (admin, _) = try await BrowserSession.signedIn(.admin, on: service)
            let (worker, _) = try await BrowserSession.signedIn(.operator, on: service)
            let (stranger, _) = try await BrowserSession.signedIn(.admin, of: ServiceUnderTest.other, on: service)
            #expect(try await !worker.get("/workflows").text.contains("new-workflow"))
            let empty = try await admin.get("/workflows").text
            #expect(empty.contains("Apply the sample") && empty.contains("id: hello"))
            #expect(try await admin.post("/new-workflow", Self.fields(SampleWorkflow.text, "apply")).status == .seeOther)
            #expect(try await Self.version(service, SampleWorkflow.id)?.name == "Hello")
            #expect(try await !admin.get("/workflows").text.contains("Apply the sample"))
            for path in ["/new-workflow", "/workflows/hello/edit"] {
                #expect(try await worker.get(path).status == .forbidden)
                #expect(try await worker.post(path, Self.fields(Self.text, "apply")).status == .forbidden)
            }
            #expect(try await !worker.get("/workflows/hello").text.contains("/edit"))
            #expect(try await stranger.get("/workflows/hello/edit").status == .notFound)
            #expect(try await stranger.post("/workflows/hello/edit", Self.fields(Self.text, "apply")).status == .notFound)
            #expect(try await admin.post("/new-workflow", Self.fields(Self.text, "apply")).status == .seeOther)
        }
    }
}
