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

    @Test func pausingAWorkflow() throws {
        let version = ConfigurationVersion(
            id: ConfigurationVersionID(rawValue: "etv-1"), tenant: StoreBench.acme, configuration: "cg-daily", number: 1,
            name: "Daily \(SnapshotTests.hostile)", type: "a.b", source: ConfigurationSource(text: "", format: .yaml),
            createdAt: StoreBench.start, createdBy: StoreBench.someone)
        let fields = PauseFields(reason: SnapshotTests.hostile, until: "2024-04-02T09:30Z")
        try PageSnapshot.check(PausePage(version, fields: fields, problem: "It is in the past.", for: Self.visitor), "pause")
        try PageSnapshot.check(ConfirmPage.resume(version, for: Self.visitor), "resume")
    }

    @Test func editingADefinition() throws {
        let version = ConfigurationVersion(
            id: ConfigurationVersionID(rawValue: "etv-1"), tenant: StoreBench.acme, configuration: "cg-daily", number: 3,
            name: "Daily \(SnapshotTests.hostile)", type: "a.b",
            source: ConfigurationSource(text: "id: cg-daily\nname: Daily\n", format: .yaml, directory: "/srv/daily"),
            createdAt: StoreBench.start, createdBy: StoreBench.someone)
        let fields = EditFields(text: "id: cg-daily\nname: \(SnapshotTests.hostile)\n", base: "etv-1")
        let problems = [
            ConfigurationProblem(file: "text", line: 2, message: "name is \(SnapshotTests.hostile)."),
            ConfigurationProblem(file: "text", line: 99, message: "A line that is not there."),
            ConfigurationProblem(file: "text", line: nil, message: "No task."),
        ]
        try PageSnapshot.check(
            EditPage(fields, current: version, outcome: .problems(problems), for: Self.visitor), "edit-problems")
        try PageSnapshot.check(
            EditPage(fields, current: version, outcome: .valid(number: 4, warnings: problems), for: Self.visitor), "edit-valid")
        try PageSnapshot.check(EditPage(EditFields(text: SampleWorkflow.text), current: nil, for: Self.visitor), "edit-new")
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
        let fields = StartFields(
            runMode: "source", from: "2024-04-02T09:30", to: SnapshotTests.hostile, notify: "ops", once: "once")
        try PageSnapshot.check(
            StartPage(
                version, try ConfigurationReader().read(source, file: "cg-daily"), fields: fields,
                receivers: ["ops", SnapshotTests.hostile], problem: "To is not a date.", for: Self.visitor), "run-now")
    }

    @Test func runningNowWithParameters() throws {
        let text = """
            id: cg-daily
            name: Daily
            type: a.b
            parameters:
              text: {type: string, description: "<b>Any</b> text", max_length: 64, default: x}
              region: {type: string, enum: [eu, us]}
              dry: {type: boolean, default: true}
              day: {type: date, default: "${run.range_from}"}
              since: {type: datetime, required: false}
              more: {type: json, required: false}
            stages: [{name: One, tasks: [{id: a, type: t, command: [x]}]}]
            """
        let source = ConfigurationSource(text: text, format: .yaml)
        let version = ConfigurationVersion(
            id: ConfigurationVersionID(rawValue: "etv-1"), tenant: StoreBench.acme, configuration: "cg-daily", number: 1,
            name: "Daily", type: "a.b", source: source, createdAt: StoreBench.start, createdBy: StoreBench.someone)
        let configuration = try ConfigurationReader().read(source, file: "cg-daily")
        let last = RunParameters([
            (name: "text", value: .string(SnapshotTests.hostile)), (name: "region", value: "us"),
            (name: "day", value: "2026-11-01"),
            (name: "since", value: "2026-11-01T06:30:00.000Z"), (name: "more", value: JSONValue.object(["files": [1]])),
            (name: "gone", value: 1),
        ])
        let values = configuration.parametersToStartWith(after: last)
        #expect(values[ExactText("day")] == nil && values[ExactText("gone")] == nil)
        let fields = StartFields(parameters: values, once: "once")
        try PageSnapshot.check(StartPage(version, configuration, fields: fields, for: Self.visitor), "run-now-parameters")
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
