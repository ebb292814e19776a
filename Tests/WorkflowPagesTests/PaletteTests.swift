import Testing
import WorkflowModel
import WorkflowTestKit

@testable import WorkflowPages

@Suite("The palette, the shortcuts and the display") struct PaletteTests {
    private static func visitor(_ policy: AccessPolicy = .operator) -> Visitor {
        Visitor(key: "wk_1", name: "Ada", tenant: StoreBench.acme, policy: policy, formToken: "token")
    }

    private static func version(_ id: String, _ name: String) -> ConfigurationVersion {
        ConfigurationVersion(
            id: ConfigurationVersionID(rawValue: "etv-\(id)"), tenant: StoreBench.acme, configuration: id, number: 1, name: name,
            type: "a.b", source: ConfigurationSource(text: "", format: .yaml), createdAt: StoreBench.start,
            createdBy: StoreBench.someone)
    }

    private static let workflows = [
        version("cg-stock", "Stock feed"), version("cg-daily", "Daily"), version("cg-nightly", "Nightly daily check"),
    ]

    private static let run = WorkflowRun(
        id: RunID(rawValue: "wf-1"), tenant: StoreBench.acme, name: "Daily \(SnapshotTests.hostile)", type: "a.b", state: .failed,
        createdAt: StoreBench.start, principal: StoreBench.someone)

    private static func page(_ text: String, _ policy: AccessPolicy = .operator) -> PalettePage {
        PalettePage(text, workflows: workflows, runs: [run], for: visitor(policy))
    }

    private static func labels(_ page: PalettePage, _ group: String) -> [String] {
        page.groups.first { $0.name == group }?.entries.map(\.label) ?? []
    }

    @Test func aNameThatBeginsWithTheTextComesBeforeOneThatContainsIt() {
        #expect(Self.labels(Self.page("daily"), "Workflows") == ["Daily", "Nightly daily check"])
        #expect(Self.labels(Self.page("NIGHT"), "Workflows") == ["Nightly daily check"])
        #expect(Self.page("nothing of this").isEmpty)
    }

    @Test func aVerbBeforeANameIsAnAction() {
        #expect(Self.labels(Self.page("run stock"), "Actions") == ["Run Stock feed"])
        #expect(Self.labels(Self.page("stock"), "Actions") == ["Run Stock feed", "Pause Stock feed"])
        #expect(Self.labels(Self.page("run stock", .viewer), "Actions").isEmpty, "a viewer starts nothing")
    }

    @Test func aRunIsFoundByItsStateAndPagesByThePolicy() {
        #expect(Self.page("failed").groups.first { $0.name == "Recent runs" }?.entries.first?.href == "/runs/wf-1")
        #expect(Self.labels(Self.page("api", .viewer), "Pages").isEmpty)
        #expect(Self.labels(Self.page("api", .admin), "Pages") == ["API keys"])
    }

    @Test func itsPagesAreAsTheSnapshots() throws {
        try PageSnapshot.check(Self.page(""), "palette")
        try PageSnapshot.check(Self.page(SnapshotTests.hostile), "palette-nothing")
        try PageSnapshot.check(ShortcutsPage(), "shortcuts")
        try PageSnapshot.check(
            DisplayPage(DisplayChoice(theme: .dark, zone: .utc, hidden: [.labels]), next: "/runs?text=\(SnapshotTests.hostile)"),
            "display")
    }

    @Test(arguments: [
        ("dark.utc", "dark.utc"), ("light.workflow", "light.workflow"), ("", "system.browser"), ("pink.moon", "system.browser"),
        ("dark.utc.type-ended", "dark.utc.type-ended"), ("dark..moon-type", "dark.browser.type"),
    ])
    func aCookieIsReadAndAnUnknownOneIsTheDefault(text: String, choice: String) {
        #expect(DisplayChoice(text: text).text == choice)
    }

    @Test func thePageCarriesTheThemeAndTheZone() throws {
        var visitor = Self.visitor()
        #expect(try Pages().document(ShortcutsPage(), for: visitor, zone: "Asia/Kathmandu").contains("<html lang=\"en\">"))
        visitor.display = DisplayChoice(theme: .dark, zone: .workflow)
        let html = try Pages().document(ShortcutsPage(), for: visitor, zone: "Asia/Kathmandu")
        #expect(html.contains("<html lang=\"en\" data-theme=\"dark\" data-times=\"Asia/Kathmandu\">"))
        visitor.display.zone = .utc
        #expect(try Pages().document(ShortcutsPage(), for: visitor).contains("data-times=\"UTC\""))
    }
}
