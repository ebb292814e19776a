import Testing
import WorkflowModel
import WorkflowTestKit

@testable import WorkflowPages

/// Snapshots of the dialogs and of the layout.
@Suite struct DialogSnapshotTests {
    private static let visitor = Visitor(
        key: "wk_1", name: "Ada \(SnapshotTests.hostile)", tenant: StoreBench.acme, policy: .operator, formToken: "token")
    private static let key = APIKey(
        id: "wk_2", tenant: StoreBench.acme, name: "Key \(SnapshotTests.hostile)", policy: .viewer, createdAt: StoreBench.start,
        secretHash: [], secretNumber: 2, rotatedAt: StoreBench.after(5))

    @Test func signingIn() throws {
        try PageSnapshot.check(
            SignInPage(formToken: "token", clientID: SnapshotTests.hostile, next: "/runs?state=failed", problem: "That is not it."),
            "sign-in")
        try PageSnapshot.check(SignInPage(formToken: "token", link: "a-link", for: Self.key), "sign-in-link")
    }

    @Test func stoppingARun() throws {
        let run = WorkflowRun(
            id: RunID(rawValue: "wf-1"), tenant: StoreBench.acme, name: "Daily \(SnapshotTests.hostile)", type: "a.b",
            state: .inProgress,
            createdAt: StoreBench.start, principal: StoreBench.someone)
        try PageSnapshot.check(StopPage(run, for: Self.visitor), "stop")
    }

    @Test func runningNow() throws {
        let text = """
            id: cg-daily
            name: Daily
            type: a.b
            stages: [{name: One, run_modes: [source, full], tasks: [{id: a, type: t, command: [x]}]}]
            """
        let source = ConfigurationSource(text: text, format: .yaml)
        let version = ConfigurationVersion(
            id: ConfigurationVersionID(rawValue: "etv-1"), tenant: StoreBench.acme, configuration: "cg-daily", number: 1,
            name: "Daily \(SnapshotTests.hostile)", type: "a.b", source: source, createdAt: StoreBench.start,
            createdBy: StoreBench.someone)
        let fields = StartFields(runMode: "source", from: "2024-04-02T09:30", to: SnapshotTests.hostile, once: "once")
        try PageSnapshot.check(
            StartPage(
                version, try ConfigurationReader().read(source, file: "cg-daily"), fields: fields, problem: "To is not a date.",
                for: Self.visitor), "run-now")
    }

    @Test func keysAndTheirSecrets() throws {
        try PageSnapshot.check(
            NewKeyPage(name: SnapshotTests.hostile, policy: .operator, problem: "Too long.", for: Self.visitor), "key-new")
        try PageSnapshot.check(SecretPage(Self.key, secret: "s3cret", isRotation: true), "key-secret")
        try PageSnapshot.check(
            TokenFormPage(Self.key, days: SnapshotTests.hostile, most: 365, rotate: true, problem: "Too many.", for: Self.visitor),
            "key-get-token")
        try PageSnapshot.check(
            TokenPage(Self.key, token: "t0ken", expiresAt: StoreBench.after(86_400), secret: "s3cret"), "key-token")
        try PageSnapshot.check(ConfirmPage.rotate(Self.key, for: Self.visitor), "key-rotate")
        try PageSnapshot.check(ConfirmPage.drop(Self.key, for: Self.visitor), "key-drop")
    }

    /// The address of the assets is removed, so that a change of the stylesheet does not change the snapshot.
    @Test func theFrame() throws {
        let pages = try Pages()
        let fault = FaultPage(status: 404, title: "Page not found", message: "There is no page.", requestID: "r-1")
        let html = pages.document(fault, for: Self.visitor).replacing(pages.assets.path, with: "/assets/VERSION")
        try PageSnapshot.check(html, "frame")
        #expect(!html.contains("<script>") && !html.contains("style=") && !html.contains(" onload="))
    }
}
