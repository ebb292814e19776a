import Testing
import WorkflowModel

/// A Monday.
let searchTime = Timestamp(milliseconds: 1_796_040_000_000)

@Suite("Searches")
struct RunSearchTests {
    /// The fields and the order that a text means, as they stand in an address.
    private static func address(_ text: String) throws -> String {
        let search = try RunSearch(reading: text, at: searchTime)
        let order = search.sort.map { ["sort=\($0.key.rawValue)", "order=\($0.direction.rawValue)"] } ?? []
        return (search.filter.texts.map { "\($0.field.name)=\($0.text)" } + order).joined(separator: "&")
    }

    @Test func theTimeIsTwelveOClock() {
        #expect(searchTime.iso8601 == "2026-11-30T12:00:00.000Z")
    }

    @Test func theExampleOfTheDocumentsIsRead() throws {
        let text = #"state:failed workflow:cg-daily by:deploy "connection reset" since:7d -type:bridge.sync took:>10m"#
        #expect(
            try Self.address(text)
                == "created_from=2026-11-23T12:00:00.000Z&state=failed&config_id=cg-daily&principal_id=deploy&text=connection reset"
                + "&runtime_from=10m&not_type=bridge.sync")
        #expect(try RunSearch(reading: text, at: searchTime).text == text)
    }

    private static let notFailed =
        "state=scheduled&state=started&state=in-progress&state=running-with-failures&state=stopping&state=canceled"

    private static let states: [(String, String)] = [
        ("", ""), ("  \n\t ", ""), ("state:failed", "state=failed"), ("STATE:Failed", "state=failed"),
        ("status:failed", "state=failed"),
        ("is:stopped", "state=canceled"), ("state:failed,canceled", "state=canceled&state=failed"),
        ("state:failed state:stopped", "state=canceled&state=failed"), ("state:running", "state=running"),
        ("state:\"in progress\"", "state=in-progress"), ("state:paused", "state=paused"), ("-state:succeeded,failed", notFailed),
        ("state:running -state:started", "state=in-progress&state=running-with-failures"),
        ("state:failed -state:failed", "state=paused"),
        // Words that name a state.
        ("failed", "state=failed"), ("Failed canceled", "state=canceled&state=failed"), ("in progress", "state=in-progress"),
        ("Running with failures", "state=running-with-failures"), ("running with", "state=running&text=with"),
        ("-failed", notFailed + "&state=succeeded"), ("\"failed\"", "text=failed"), ("text:failed", "text=failed"),
        ("skipped", "text=skipped"), ("paused", "text=paused"),
    ]

    private static let words: [(String, String)] = [
        // Words that name a month.
        ("dec", "created_from=2025-12-01T00:00:00.000Z&created_to=2026-01-01T00:00:00.000Z"),
        ("dec 2024", "created_from=2024-12-01T00:00:00.000Z&created_to=2025-01-01T00:00:00.000Z"),
        ("November failed", "created_from=2026-11-01T00:00:00.000Z&created_to=2026-12-01T00:00:00.000Z&state=failed"),
        ("\"dec\" 2024", "text=2024&text=dec"), ("decem", "text=decem"),
        ("3 dec", "created_from=2025-12-03T00:00:00.000Z&created_to=2025-12-04T00:00:00.000Z"),
        ("Dec 3 2024", "created_from=2024-12-03T00:00:00.000Z&created_to=2024-12-04T00:00:00.000Z"),
        ("32 dec", "created_from=2025-12-01T00:00:00.000Z&created_to=2026-01-01T00:00:00.000Z&text=32"),
        // Words that name a day, a week, a month or a year.
        ("yesterday failed", "created_from=2026-11-29T00:00:00.000Z&created_to=2026-11-30T00:00:00.000Z&state=failed"),
        ("Last Week", "created_from=2026-11-23T00:00:00.000Z&created_to=2026-11-30T00:00:00.000Z"),
        ("this year", "created_from=2026-01-01T00:00:00.000Z&created_to=2027-01-01T00:00:00.000Z"),
        ("last monday", "created_from=2026-11-23T00:00:00.000Z&created_to=2026-11-24T00:00:00.000Z"),
        ("\"yesterday\"", "text=yesterday"), ("monday", "text=monday"), ("\"last\" week", "text=last&text=week"),
        // Others.
        ("load orders", "text=load&text=orders"), ("\"load orders\"", "text=load orders"), ("-load", "not_text=load"),
        ("-\"a b\" --x", "not_text=-x&not_text=a b"), ("text:load,orders", "text=load,orders"), ("a,b", "text=a,b"),
        ("5\"x", "text=5\"x"), (#""say \"hi\" \\ \n""#, #"text=say "hi" \ \n"#), ("12:30", "text=12:30"), ("a/b:c", "text=a/b:c"),
        ("ß1", "text=ß1"), ("\"a:b\"", "text=a:b"),
    ]

    private static let values: [(String, String)] = [
        ("type:a,b type:c", "type=a&type=b&type=c"), ("type:\"a,b\",c", "type=a,b&type=c"), ("type:\"\"", "type="),
        ("-type:a not_type:b -not_type:c", "type=c&not_type=a&not_type=b"), ("type:a:b", "type=a:b"), ("type:-a", "type=-a"),
        ("workflow:a config:b config_id:c configuration:d", "config_id=a&config_id=b&config_id=c&config_id=d"),
        (
            "by:\"Ann Lee\" principal:b principal_id:c started-by:d",
            "principal_id=Ann Lee&principal_id=b&principal_id=c&principal_id=d"
        ),
        ("attribution:customer fault:Platform", "attribution=customer&attribution=platform"),
        ("blame:platform", "attribution=platform"), ("error:a/b error_type:c", "error_type=a/b&error_type=c"),
        ("-error:a", "not_error_type=a"), ("label:team:crm label:tier=gold label:x:", "label=team:crm&label=tier:gold&label=x:"),
        ("-label:team:crm,a=b", "not_label=a:b&not_label=team:crm"), ("mode:Full", "run_mode=full"),
        ("run_mode:full", "run_mode=full"),
        ("run-mode:full", "run_mode=full"), ("schedule:a,b", "schedule=a,b"), ("rerun-of:wf-1", "rerun_of=wf-1"),
        ("Rerun_Of:wf-1", "rerun_of=wf-1"),
    ]

    private static let times: [(String, String)] = [
        ("since:2024-04 until:2024-05", "created_from=2024-04-01T00:00:00.000Z&created_to=2024-05-01T00:00:00.000Z"),
        ("from:yesterday before:today", "created_from=2026-11-29T00:00:00.000Z&created_to=2026-11-30T00:00:00.000Z"),
        ("since:\"last monday\"", "created_from=2026-11-23T00:00:00.000Z"),
        ("since:last-monday", "created_from=2026-11-23T00:00:00.000Z"),
        ("ended-since:-1d ended_to:1h", "ended_from=2026-11-29T12:00:00.000Z&ended_to=2026-11-30T11:00:00.000Z"),
        ("on:yesterday", "created_from=2026-11-29T00:00:00.000Z&created_to=2026-11-30T00:00:00.000Z"),
        ("created:2025-12", "created_from=2025-12-01T00:00:00.000Z&created_to=2026-01-01T00:00:00.000Z"),
    ]

    private static let numbers: [(String, String)] = [
        ("took:>10m", "runtime_from=10m"), ("took:>=10m", "runtime_from=10m"), ("took:<1h", "runtime_to=1h"),
        ("took:<=1h", "runtime_to=1h"), ("took:10m..1h", "runtime_from=10m&runtime_to=1h"), ("duration:10m..", "runtime_from=10m"),
        ("runtime:..90m", "runtime_to=1h30m"), ("took:>10m took:<PT1H", "runtime_from=10m&runtime_to=1h"),
        ("runtime_from:10m runtime_to:1h", "runtime_from=10m&runtime_to=1h"), ("attempts:>1", "attempts_from=2"),
        ("attempts:2", "attempts_from=2"), ("attempts:>=2", "attempts_from=2"), ("attempts_from:3", "attempts_from=3"),
        ("attempts:>999", "attempts_from=1000"), ("attempts:>0", "attempts_from=1"),
        ("warnings:yes", "has_warnings=true"), ("warnings:No", "has_warnings=false"), ("-warnings:yes", "has_warnings=false"),
        ("has_warnings:true", "has_warnings=true"), ("Has-Warnings:false", "has_warnings=false"),
        ("-has_warnings:no", "has_warnings=true"),
    ]

    private static let orders: [(String, String)] = [
        ("sort:runtime", "sort=runtime&order=desc"), ("sort:-runtime", "sort=runtime&order=asc"),
        ("sort:took-asc", "sort=runtime&order=asc"), ("sort:started-desc", "sort=created&order=desc"),
        ("order:asc", "sort=created&order=asc"), ("order:Descending", "sort=created&order=desc"),
        ("order:asc sort:ended", "sort=ended&order=asc"),
        ("ended-since:1d order:asc", "ended_from=2026-11-29T12:00:00.000Z&sort=ended&order=asc"),
    ]

    private static let all: [(String, String)] = [states, words, values, times, numbers, orders].flatMap { $0 }

    @Test(arguments: all)
    func meanFieldsAndAnOrder(text: String, address: String) throws {
        #expect(try Self.address(text) == address)
    }

    @Test(arguments: [
        ("  FAILED   Status:stopped,cancelled ", "state:failed state:canceled,canceled"), ("dec 2024", "on:\"dec 2024\""),
        ("on:last-week", "on:last-week"), ("config_id:x -not_type:y", "workflow:x type:y"), ("took:>=600s", "took:>10m"),
        ("attempts:>1", "attempts:>=2"), ("-has_warnings:TRUE", "warnings:no"), ("sort:took-asc", "sort:-runtime"),
        ("order:ascending", "order:asc"),
        ("label:a=b", "label:a:b"), ("text:load", "load"), ("text:a:b", "\"a:b\""), ("created_from:7d", "since:7d"),
        ("runtime_from:1h runtime_to:2h", "took:>1h took:<2h"), ("\"load\"", "load"), ("\"-x\"", "\"-x\""),
        ("type:\"a\"", "type:a"),
        ("type:\"a,b\"", "type:\"a,b\""), ("\"in\" \"progress\"", "\"in\" \"progress\""), ("since:\"2h ago\"", "since:\"2h ago\""),
        ("state:\"In Progress\"", "state:in-progress"), ("\"May\"", "\"May\""), ("-\"a b\"", "-\"a b\""),
    ])
    func haveACanonicalText(text: String, canonical: String) throws {
        let search = try RunSearch(reading: text, at: searchTime)
        #expect(search.text == canonical)
        #expect(try RunSearch(reading: canonical, at: searchTime) == search)
    }

    @Test func aSavedSearchStaysRelative() throws {
        let text = try RunSearch(reading: "since:7d on-time", at: searchTime).text
        let later = try RunSearch(reading: text, at: searchTime + .seconds(86_400))
        #expect(later.filter.created?.from?.iso8601 == "2026-11-24T12:00:00.000Z")
    }

    @Test func wordsOfTimeAreOfTheZone() throws {
        let zone = try SystemScheduleZones().zone(named: "America/New_York")
        let search = try RunSearch(reading: "on:today", at: searchTime, in: zone)
        #expect(search.filter.created?.from?.iso8601 == "2026-11-30T05:00:00.000Z")
    }

    @Test func fieldsKeepTypedTimes() throws {
        let search = try RunSearch(reading: "since:7d until:2026-11-30 ended-since:yesterday type:a", at: searchTime)
        let texts = search.fieldTexts.map { "\($0.field.name)=\($0.text)" }
        #expect(texts == ["created_from=7d", "created_to=2026-11-30", "ended_from=yesterday", "type=a"])
        let again = try RunSearch(
            fields: { field in search.fieldTexts.filter { $0.field == field }.map(\.text) }, at: searchTime)
        #expect(again.filter == search.filter && again.text == "type:a since:7d until:2026-11-30 ended-since:yesterday")
    }

    @Test func aDayIsAValueOfItsOwn() throws {
        let search = try RunSearch(reading: "on:yesterday failed", at: searchTime)
        #expect(search.on == "yesterday" && search.fieldTexts.map(\.field) == [.state])
        let again = try RunSearch(fields: { $0 == .state ? ["failed"] : [] }, on: search.on, at: searchTime)
        #expect(again.filter == search.filter && again.text == "state:failed on:yesterday")
        #expect(throws: RunSearchError.self) {
            try RunSearch(fields: { $0 == .createdTo ? ["1h"] : [] }, on: "today", at: searchTime)
        }
        #expect(throws: RunSearchError.self) { try RunSearch(fields: { _ in [] }, on: "7d", at: searchTime) }
        let refused = #expect(throws: RunSearchError.self) {
            try RunSearch(fields: { $0 == .state ? ["x"] : [] }, at: searchTime)
        }
        #expect(refused?.problem == .field(.value(.state, text: "x")))
        #expect(refused?.message.hasPrefix("state `x` names no state; accepted are scheduled,") == true)
    }
}
