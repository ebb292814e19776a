import Testing
import WorkflowModel

@testable import AlertDelivery

@Suite("Messages to receivers")
struct MessageTests {
    private static let start = Timestamp(milliseconds: 1_700_000_000_000)

    /// Computed with Python's hmac and base64 from the same key, id, time and body.
    @Test func signaturesAreThoseOfTheStandard() {
        let key = Array("0123456789abcdef0123456789abcdef".utf8)
        let other = Array("fedcba9876543210fedcba9876543210".utf8)
        let headers = WebhookSignature.headers(
            id: "wf-1_failed_ops", at: Self.start, body: Array(#"{"type":"run.failed"}"#.utf8), secrets: [key, other])
        #expect(headers.map(\.name) == ["webhook-id", "webhook-timestamp", "webhook-signature"])
        #expect(
            headers.map(\.value) == [
                "wf-1_failed_ops", "1700000000",
                "v1,QJGeTSvogyfPaGSkGpZzuEvG0R5OtQGaUsHB8NFYsyw= "
                    + "v1,cwtgPyOBbfAF+F9AQbp3UO2AxAcDSPJgsZVYfz6N60Y=",
            ])
    }

    private func alert(_ event: AlertEvent) throws -> (Alert, WorkflowRun) {
        let tenant = try #require(Tenant("acme"))
        let id = RunID(rawValue: "wf-1")
        let run = WorkflowRun(
            id: id, tenant: tenant, name: "Daily <all> & more", type: "a.b", state: .failed, createdAt: Self.start,
            endedAt: Self.start, principal: Principal(id: "p", name: "P"),
            error: RunError(attribution: .platform, type: "t/x", message: "Pull: no <b>\nsecond line"))
        let matter = AlertMatter(
            event, of: .run(id), title: run.name, configuration: "cg-daily", type: "a.b", attribution: .platform, at: Self.start)
        return (Alert(matter, of: tenant, to: "ops"), run)
    }

    @Test func aWebhookHasTheRunAsTheAPIHasIt() throws {
        let (alert, run) = try self.alert(.failed)
        let body = AlertMessage(alert, run: run, kind: .webhook, base: "https://weir.example").body
        let json = try #require(JSONValue(json: body))
        #expect(json["type"]?.string == "run.failed")
        #expect(json["timestamp"]?.string == "2023-11-14T22:13:20.000Z")
        #expect(json["data"]?["link"]?.string == "https://weir.example/runs/wf-1")
        #expect(json["data"]?["config_id"]?.string == "cg-daily")
        #expect(json["data"]?["run"]?["error"]?["attribution"]?.string == "platform")
    }

    @Test func aTextNamesTheEventAndItsAttribution() throws {
        let (alert, run) = try self.alert(.failed)
        let json = try #require(JSONValue(json: AlertMessage(alert, run: run, kind: .slack, base: "https://weir.example").body))
        #expect(
            json["text"]?.string == """
                *Daily &lt;all&gt; &amp; more* failed (acme): the fault is the platform's
                Pull: no &lt;b&gt;
                <https://weir.example/runs/wf-1>
                """)
        var unknown = run
        unknown.error?.attribution = nil
        let unblamed = JSONValue(json: AlertMessage(alert, run: unknown, kind: .slack, base: nil).body)?["text"]?.string
        #expect(unblamed == "*Daily &lt;all&gt; &amp; more* failed (acme)\nPull: no &lt;b&gt;")
        let (slow, _) = try self.alert(.slow)
        let text = JSONValue(json: AlertMessage(slow, run: run, kind: .slack, base: "").body)?["text"]?.string
        #expect(text == "*Daily &lt;all&gt; &amp; more* exceeds its expected duration (acme)\n</runs/wf-1>")
    }

    @Test func aStoppedRunSaysWhoStoppedItAndWhy() throws {
        let (alert, failed) = try self.alert(.stopped)
        var run = failed
        (run.state, run.error) = (.canceled, .manuallyStopped)
        func text(_ causes: AlertCauses) -> String? {
            JSONValue(json: AlertMessage(alert, run: run, causes, kind: .slack, base: nil).body)?["text"]?.string
        }
        let bo = Principal(id: "wk_1", name: "Bo <b>")
        let stop = RunStop(requestedAt: Self.start, requestedBy: bo, reason: "wrong month & year")
        let subscription = RunSubscription(to: "ops", by: bo, at: Self.start)
        #expect(text(AlertCauses()) == "*Daily &lt;all&gt; &amp; more* was stopped (acme)")
        #expect(
            text(AlertCauses(stop: stop))
                == "*Daily &lt;all&gt; &amp; more* was stopped by Bo &lt;b&gt; (acme): wrong month &amp; year")
        let quiet = RunStop(requestedAt: Self.start, requestedBy: bo)
        #expect(
            text(AlertCauses(stop: quiet, subscription: subscription))
                == "*Daily &lt;all&gt; &amp; more* was stopped by Bo &lt;b&gt; (acme)\nAsked for by Bo &lt;b&gt;.")
        let causes = AlertCauses(stop: stop, subscription: subscription)
        let json = try #require(JSONValue(json: AlertMessage(alert, run: run, causes, kind: .webhook, base: nil).body))
        #expect(json["data"]?["stop"]?["reason"]?.string == "wrong month & year")
        #expect(json["data"]?["stop"]?["principal_name"]?.string == "Bo <b>")
        #expect(json["data"]?["subscription"]?["requested_by"]?["id"]?.string == "wk_1")
    }

    @Test func warningsAreCountedAndTheFirstOnesShown() throws {
        let (alert, failed) = try self.alert(.warning)
        var run = failed
        (run.state, run.error, run.warnings) = (.succeeded, nil, 3)
        let warnings = [
            RunWarning(task: TaskID(rawValue: "t-1"), label: "Load <b>", text: "3 rows & more\nsecond line"),
            RunWarning(task: TaskID(rawValue: "t-2"), label: "Send", text: "late"),
        ]
        func text(_ alert: Alert, _ warnings: [RunWarning] = []) -> String? {
            JSONValue(json: AlertMessage(alert, run: run, AlertCauses(warnings: warnings), kind: .slack, base: nil).body)?["text"]?
                .string
        }
        #expect(
            text(alert, warnings) == """
                *Daily &lt;all&gt; &amp; more* succeeded with 3 warnings (acme)
                Load &lt;b&gt;: 3 rows &amp; more
                Send: late
                """)
        let (succeeded, _) = try self.alert(.succeeded)
        #expect(text(succeeded) == "*Daily &lt;all&gt; &amp; more* succeeded with 3 warnings (acme)")
        run.warnings = 1
        #expect(text(succeeded) == "*Daily &lt;all&gt; &amp; more* succeeded with 1 warning (acme)")
        run.warnings = 0
        #expect(text(succeeded) == "*Daily &lt;all&gt; &amp; more* succeeded (acme)")

        run.warnings = 3
        let json = try #require(
            JSONValue(json: AlertMessage(alert, run: run, AlertCauses(warnings: warnings), kind: .webhook, base: nil).body))
        #expect(json["type"]?.string == "run.warning")
        #expect(json["data"]?["run"]?["warnings"] == .integer(3))
        #expect(
            json["data"]?["warnings"]?.text
                == #"[{"task_instance_id":"t-1","label":"Load <b>","text":"3 rows & more\nsecond line"},"#
                + #"{"task_instance_id":"t-2","label":"Send","text":"late"}]"#)
    }

    @Test func whereNoAddressIsKnownThereIsNoLink() throws {
        let (alert, run) = try self.alert(.slow)
        let text = JSONValue(json: AlertMessage(alert, run: run, kind: .slack, base: nil).body)?["text"]?.string
        #expect(text == "*Daily &lt;all&gt; &amp; more* exceeds its expected duration (acme)")
        let json = try #require(JSONValue(json: AlertMessage(alert, run: run, kind: .webhook, base: nil).body))
        #expect(json["data"]?["tenant"] != nil && json["data"]?["link"] == nil)
    }

    @Test func aMissedTickSaysWhichOne() throws {
        var (alert, _) = try self.alert(.tickMissed)
        alert.subject = .tick(schedule: "0 6 * * *", nominal: Self.start)
        let json = JSONValue(json: AlertMessage(alert, run: nil, kind: .webhook, base: "").body)
        #expect(json?["type"]?.string == "tick.missed")
        #expect(json?["data"]?["scheduled_for"]?.string == "2023-11-14T22:13:20.000Z")
        #expect(json?["data"]?["schedule"]?.string == "0 6 * * *")
        #expect(json?["data"]?["link"]?.string == "/workflows/cg-daily/schedule")
    }
}
