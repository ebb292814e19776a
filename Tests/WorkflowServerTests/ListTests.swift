import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

@Suite("GET /api/workflow/runs")
struct ListTests {
    /// Six runs of acme and one of another tenant.
    private func seed(_ service: ServiceUnderTest) async throws -> HTTPFields {
        try await service.addRuns([
            service.run("wf-a", created: "2024-01-01", ended: "2024-01-05"),
            service.run("wf-b", created: "2024-02-01", ended: "2024-02-01T00:00:01", state: .failed),
            service.run("wf-c", created: "2024-02-01", ended: "2024-02-03", state: .canceled, type: "campaign.send"),
            service.run("wf-d", created: "2024-03-01", state: .runningWithFailures),
            service.run("wf-e", created: "2024-03-02", ended: "2024-03-02", type: "ünï 'cødé'/--"),
            service.run("wf-f", created: "2024-04-01T09:30:15.250"),
        ])
        try await service.addRuns(
            [service.run("wf-x", created: "2024-02-15", ended: "2024-02-16", of: ServiceUnderTest.other)],
            to: ServiceUnderTest.other)
        return try await service.headers(.viewer)
    }

    @Test("newest first by creation, equal times by id, one tenant's only")
    func order() async throws {
        try await withService { service in
            let headers = try await seed(service)
            let response = try await service.get(Paths.runs, headers)
            #expect(try response.runIDs() == ["wf-f", "wf-e", "wf-d", "wf-c", "wf-b", "wf-a"])
            #expect(try response.json()["next_token"] == nil)
            #expect(try response.json()["total"] == nil)
            #expect(response.headers[.contentType] == "application/json")
            let otherHeaders = try await service.headers(.viewer, of: ServiceUnderTest.other)
            #expect(try await service.get(Paths.runs, otherHeaders).runIDs() == ["wf-x"])
        }
    }

    @Test("types that are only canonically equivalent have separate answers, in any order")
    func formsOfTypes() async throws {
        for isReversed in [false, true] {
            try await withService { service in
                let forms = [
                    ("caf%C3%A9", "caf\u{E9}"), ("cafe%CC%81", "cafe\u{301}"), ("300K", "300K"), ("300%E2%84%AA", "300\u{212A}"),
                ]
                try await service.addRuns(
                    forms.enumerated().flatMap { index, form in
                        try (0...index).map { try service.run("wf-\(index)-\($0)", created: "2024-02-01", type: form.1) }
                    })
                let headers = try await service.headers(.viewer)
                for (index, form) in isReversed ? forms.enumerated().reversed() : Array(forms.enumerated()) {
                    let response = try await service.get(Paths.runs + "?with_total=true&type=\(form.0)", headers)
                    #expect(try response.json()["total"] == .integer(Int64(index + 1)))
                    #expect(try response.runIDs().count == index + 1)
                }
            }
        }
    }

    @Test(
        "each filter, alone and combined",
        arguments: [
            ("created_from=2024-02-01", "fedcb"), ("created_from=2024-02-01T00:00:00.001Z", "fed"), ("created_to=2024-02-01", "a"),
            ("created_to=2024-02-01T00:00:00.001", "cba"), ("created_from=2024-02&created_to=2024-03", "cb"),
            ("created_from=2024-02-01&created_to=2024-02-01", ""), ("created_from=2025", ""),
            ("created_from=2024&created_to=2025", "fedcba"),
            ("created_from=2024-04-01T09:30:15.250", "f"), ("created_to=2024-04-01T09:30:15.250", "edcba"),
            ("created_from=2024-04-01T11:30:15.250%2B02:00", "f"),
            ("ended_from=2024", "ecba"), ("ended_to=2025", "ecba"), ("ended_from=2024-02-03&ended_to=2024-03-02", "c"),
            ("ended_from=2024-02-03&ended_to=2024-03-02T00:00:00.001Z", "ec"), ("ended_from=2024-01-05&ended_to=2024-01-05", ""),
            ("ended_from=2024-02&created_from=2024-02", "ecb"), ("ended_to=2024-02-02&created_to=2025", "ba"),
            ("state=succeeded", "ea"), ("state=Failed", "b"), ("state=stopped", "c"), ("state=cancelled", "c"),
            ("state=canceled", "c"),
            ("state=Running%20with%20failures", "d"), ("state=RUNNING_WITH_FAILURES", "d"), ("state=started", "f"),
            ("state=running", "fd"), ("state=Paused", ""), ("state=Canceling", ""), ("state=running&state=failed", "fdb"),
            ("state=skipped", ""), ("type=campaign.send", "c"), ("type=courier.group/run", "fdba"), ("type=courier.group", ""),
            ("type=Campaign.send", ""), ("type=%C3%BCn%C3%AF%20'c%C3%B8d%C3%A9'/--", "e"), ("type=x'%20OR%20'1'='1", ""),
            ("type=courier.group/run&state=succeeded", "a"), ("type=courier.group/run&ended_from=2024&state=failed", "b"),
            ("state=succeeded&created_from=2024-02&ended_to=2024-03-03", "e"),
        ])
    func filters(query: String, expected: String) async throws {
        try await withService { service in
            let headers = try await seed(service)
            let ids = expected.map { "wf-\($0)" }
            let response = try await service.get("\(Paths.runs)?\(query)&with_total=true", headers)
            #expect(try response.runIDs() == ids, "\(response.text)")
            #expect(try response.json()["total"] == .integer(Int64(ids.count)))
            var walked: [String] = []
            var token: String?
            repeat {
                let next = token.map { "&next_token=\($0)" } ?? ""
                let page = try await service.get("\(Paths.runs)?\(query)&limit=1\(next)", headers)
                walked += try page.runIDs()
                token = try page.json()["next_token"]?.string
            } while token != nil
            #expect(walked == ids)
        }
    }

    @Test("a page has as many runs as requested, and a total counts all matching ones")
    func pages() async throws {
        try await withService { service in
            let headers = try await seed(service)
            let first = try await service.get(Paths.runs + "?limit=4&with_total=true", headers)
            #expect(try first.runIDs() == ["wf-f", "wf-e", "wf-d", "wf-c"])
            #expect(try first.json()["total"] == .integer(6))
            let token = try #require(try first.json()["next_token"]?.string)
            // Limit and total may change between pages.
            let second = try await service.get(Paths.runs + "?limit=1000&next_token=\(token)", headers)
            #expect(try second.runIDs() == ["wf-b", "wf-a"])
            #expect(try second.json()["next_token"] == nil && second.json()["total"] == nil)
            #expect(try await service.get(Paths.runs + "?limit=6", headers).json()["next_token"] == nil)
            #expect(try await service.get(Paths.runs + "?with_total=false", headers).json()["total"] == nil)
        }
    }

    @Test("walking all pages shows every run once, even while runs are added")
    func walking() async throws {
        try await withService { service in
            let headers = try await seed(service)
            let first = try await service.get(Paths.runs + "?limit=2", headers)
            let token = try #require(try first.json()["next_token"]?.string)
            try await service.addRuns([service.run("wf-new", created: "2025"), service.run("wf-g", created: "2024-03-02")])
            let second = try await service.get(Paths.runs + "?limit=1000&next_token=\(token)", headers)
            #expect(try first.runIDs() + second.runIDs() == ["wf-f", "wf-e", "wf-d", "wf-c", "wf-b", "wf-a"])
        }
    }

    @Test("a token belongs to its tenant and filters, and survives a restart")
    func tokens() async throws {
        try await withService { service in
            let headers = try await seed(service)
            let otherHeaders = try await service.headers(.viewer, of: ServiceUnderTest.other)
            let query = "created_from=2024&type=courier.group/run"
            let token = try #require(try await service.get("\(Paths.runs)?\(query)&limit=1", headers).json()["next_token"]?.string)
            #expect(
                try await service.get("\(Paths.runs)?\(query)&next_token=\(token)", headers).runIDs() == ["wf-d", "wf-b", "wf-a"])
            let same = "type=courier.group/run&created_from=2024-01-01T00:00:00.000Z&sort=created&order=desc"
            #expect(try await service.get("\(Paths.runs)?\(same)&next_token=\(token)", headers).status == .ok)
            for (other, fields) in [
                ("", headers), ("created_from=2024&", headers), ("created_from=2023&type=courier.group/run&", headers),
                (query + "&state=failed&", headers), (query + "&", otherHeaders), (query + "&order=asc&", headers),
                (query + "&sort=ended&", headers), (query + "&sort=runtime&", headers), (query + "&text=wf&", headers),
            ] {
                let response = try await service.get("\(Paths.runs)?\(other)next_token=\(token)", fields)
                #expect(try response.error(.invalid).contains("not made for this tenant, these filters and this order"))
            }
            let altered = token.dropLast(6) + (token.hasSuffix("AAAAAA") ? "BBBBBB" : "AAAAAA")
            for wrong in ["null", "", "abc", String(altered), token + token, "%00", "1%20OR%201=1", "../../x"] {
                #expect(
                    try await service.get("\(Paths.runs)?\(query)&next_token=\(wrong)", headers).status == .badRequest, "\(wrong)")
            }
            let secret = try await service.store.serviceSecret(PageTokenSealer.secretName, orElse: [])
            let filter = RunFilter(created: TimeWindow(from: Timestamp(iso8601: "2024")), type: "courier.group/run")
            #expect(
                PageTokenSealer(secret: secret).open(token, of: RunQuery(tenant: ServiceUnderTest.acme, filter: filter))?.id
                    .rawValue
                    == "wf-f")
        }
    }

    @Test(
        "an invalid parameter is a 400 with the reason",
        arguments: [
            ("limit=0", "limit"), ("limit=1001", "limit"), ("limit=x", "limit"), ("limit=", "limit is empty"),
            ("limit=12?with_total=true", "second \"?\""), ("created_from=2024-02-30", "not a date-time"),
            ("created_from=2024-03&created_to=2024-02", "is before"), ("state=done", "accepted are scheduled"),
            ("state=", "is empty"),
            ("type=", "is empty"), ("with_total=1", "true, false"), ("next_token=null", "null"), ("next_token=", "is empty"),
            ("limit=1&limit=1", "more than once"), ("stat=failed", "Unknown parameter \"stat\". Did you mean state?"),
            ("type=%00", "NUL"),
            ("type=%FF", "UTF-8"),
            ("type=%", "%25"), ("created_from=1;DROP%20TABLE%20runs", "not a date-time"), ("%FF=1", "UTF-8"),
            ("created_from=" + String(repeating: "9", count: 5_000), "4096"),
        ])
    func wrongParameters(query: String, message: String) async throws {
        try await withService { service in
            let headers = try await service.headers(.viewer)
            let error = try await service.get("\(Paths.runs)?\(query)", headers).error(.invalid)
            #expect(error.contains(message), "\(error)")
        }
    }

    @Test("a poll that changes nothing costs a 304, until something changes")
    func entityTags() async throws {
        try await withService { service in
            var headers = try await seed(service)
            let first = try await service.get(Paths.runs, headers)
            headers[.ifNoneMatch] = first.headers[.eTag]
            let second = try await service.get(Paths.runs, headers)
            #expect(second.status == .notModified && second.body.readableBytes == 0)
            #expect(second.headers[.eTag] == first.headers[.eTag] && second.headers[.contentLength] == nil)
            #expect(second.headers[HeaderNames.version] == "2024-04-01" && second.headers[HeaderNames.requestID] != nil)
            #expect(try await service.get(Paths.runs + "?limit=2", headers).status == .ok)
            try await service.addRuns([service.run("wf-new", created: "2025")])
            #expect(try await service.get(Paths.runs, headers).status == .ok)
        }
    }
}
