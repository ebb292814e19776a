import NIOCore
import Testing
import WorkflowModel

@testable import WorkflowAPI

@Suite("Exported runs")
struct RunExportTests {
    private func csv(_ run: WorkflowRun) -> String {
        String(buffer: RunExportFormat.csv.document(of: [run]))
    }

    private func named(_ name: String) -> WorkflowRun {
        var run = Samples.scheduled
        run.name = name
        return run
    }

    @Test("as NDJSON have one line each, in the form of the list")
    func lines() {
        #expect(RunExportFormat.ndjson.header == nil)
        #expect(
            String(buffer: RunExportFormat.ndjson.document(of: [Samples.failed, Samples.added]))
                == "{\(Samples.failedJSON)}\n{\(Samples.addedJSON)}\n")
        #expect(RunExportFormat.ndjson.document(of: []).readableBytes == 0)
        // A line break in a text is escaped.
        let text = String(buffer: RunExportFormat.ndjson.document(of: [named("a\nb\r\n"), named("\u{2028}")]))
        #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count == 3)
    }

    @Test("as CSV have a header and fixed columns")
    func columns() throws {
        let header = try #require(RunExportFormat.csv.header)
        #expect(
            String(buffer: header)
                == "id,name,type,state,tenant,created_at,ended_at,runtime_ms,principal_id,principal_name,principal_email,"
                + "error_attribution,error_type,error_message,config_id,labels,run_mode,range_from,range_to,scheduled_for,schedule,"
                + "rerun_of,attempts,warnings,parameters,triggered_by\r\n")
        #expect(
            csv(Samples.failed)
                == "wf-20240210-14574-6kyYdY,\"Daily \"\"A\"\"\",courier.group/run,failed,acme,2024-02-10T17:29:32.687Z,"
                + "2024-02-10T17:31:12.000Z,99313,wk_1,CI,ci@shop.example,customer,weir.task.command/exit,Exit 3.,,,,,,,,,,,,\r\n")
        var run = Samples.failed
        run.origin.parameters = RunParameters([(name: "day", value: "2026-11-01"), (name: "rows", value: 7)])
        let field = "\"{\"\"day\"\":\"\"2026-11-01\"\",\"\"rows\"\":7}\""
        #expect(csv(run).hasSuffix(",,,\(field),\r\n"), "\(csv(run))")
        #expect(
            csv(Samples.added)
                == "wf-3,Daily,campaign.send,started,acme,2024-02-10T17:29:32.687Z,,,wk_1,CI,,,,,cg-daily,"
                + "empty=;example.com/tier=gold;team=crm,refresh,2024-02-10T17:29:32.687Z,2024-02-10T17:31:12.000Z,"
                + "2024-02-10T17:29:32.687Z,nightly,wf-2,3,2,,"
                + "\"{\"\"firing_id\"\":\"\"after_wf-1_cg-daily\"\",\"\"workflow_id\"\":\"\"wf-1\"\",\"\"config_id\"\":\"\"cg-sources\"\",\"\"depth\"\":2}\"\r\n"
        )
        #expect(RunColumn.allCases.count == csv(Samples.scheduled).split(separator: ",", omittingEmptySubsequences: false).count)
    }

    @Test(
        "texts have quotes where they need them (RFC 4180)",
        arguments: [
            ("plain", "plain"), ("a b", "a b"), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""), ("\"", "\"\"\"\""),
            ("a\nb", "\"a\nb\""), ("a\r\nb", "\"a\r\nb\""), ("ünï;cødé", "ünï;cødé"), ("'a'", "'a'"), ("a\tb", "a\tb"),
        ])
    func quotes(name: String, field: String) {
        #expect(csv(named(name)).hasPrefix("wf-2,\(field),campaign.send,"), "\(csv(named(name)))")
    }

    @Test(
        "texts that a spreadsheet would take for a formula get an apostrophe",
        arguments: [
            ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "'\t=1"), ("\r=1", "\"'\r=1\""),
            ("\n=1", "\"'\n=1\""), ("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""), ("a=1", "a=1"),
            (" =1", " =1"),
            ("=", "'="),
        ])
    func formulas(name: String, field: String) {
        #expect(csv(named(name)).hasPrefix("wf-2,\(field),campaign.send,"), "\(csv(named(name)))")
        var run = Samples.failed
        run.principal = Principal(id: name, name: name, email: name)
        run.error = RunError(attribution: nil, type: name, message: name)
        #expect(csv(run).contains(",99313,\(field),\(field),\(field),,\(field),\(field),"), "\(csv(run))")
    }

    @Test("long texts and many runs fit")
    func growth() {
        let name = String(repeating: "\"", count: 100_000)
        #expect(csv(named(name)).utf8.count == csv(named("")).utf8.count + 200_002)
        let many = Array(repeating: Samples.failed, count: 1_000)
        #expect(RunExportFormat.csv.document(of: many).readableBytes == 1_000 * csv(Samples.failed).utf8.count)
        let line = RunExportFormat.ndjson.document(of: [Samples.failed]).readableBytes
        #expect(RunExportFormat.ndjson.document(of: many).readableBytes == 1_000 * line)
    }

    @Test(
        "have the format that the client wants most, NDJSON where it does not matter",
        arguments: [
            (nil, RunExportFormat.ndjson), ("", .ndjson), ("*/*", .ndjson), ("application/x-ndjson", .ndjson), ("text/csv", .csv),
            ("TEXT/CSV", .csv), ("text/*", .csv), ("application/*", .ndjson), ("text/csv, application/x-ndjson", .ndjson),
            ("text/csv;q=0.9, application/x-ndjson;q=0.8", .csv), ("text/csv;q=0.1, application/x-ndjson;q=0.001", .csv),
            ("text/csv; q=1, */*; q=0.5", .csv), ("application/x-ndjson;q=0, */*", .csv), ("text/csv;q=0,*/*;q=0.1", .ndjson),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", .ndjson), ("text/csv;charset=utf-8", .csv),
            ("application/json, text/csv;q=0.2", .csv), ("text/*;q=0.3, application/x-ndjson;q=0.2", .csv),
            ("text/csv;q=2, application/x-ndjson;q=0.1", .ndjson),
        ] as [(String?, RunExportFormat)])
    func accepted(header: String?, format: RunExportFormat) throws {
        #expect(try RunExportFormat(accept: header) == format)
    }

    @Test(
        "are refused to a client that accepts neither format, with both of them",
        arguments: [
            "application/json", "text/html", "image/*", "text/csv;q=0", "*/*;q=0", "text", "csv", "text/csv;q=x",
            "text/csv;q=1.5",
            "application/x-ndjson;q=0,text/csv;q=0.0,*/*", "text/csv;q=0.0001",
        ])
    func notAcceptable(header: String) {
        let error = #expect(throws: APIError.self) { try RunExportFormat(accept: header) }
        #expect(error?.kind == .notAcceptable)
        #expect(error?.message.contains("Accepted: application/x-ndjson, text/csv.") == true)
    }

    @Test("have a file name of letters, digits and hyphens")
    func fileNames() {
        #expect(RunExportFormat.csv.fileName(of: Samples.acme, at: Samples.created) == "weir-runs-acme-20240210T172932Z.csv")
        #expect(RunExportFormat.ndjson.fileName(of: Samples.acme, at: Samples.created).hasSuffix("Z.ndjson"))
    }
}
