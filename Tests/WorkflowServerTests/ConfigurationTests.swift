import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

@Suite("Configurations over the API")
struct ConfigurationTests {
    private let json =
        #"{"id":"cg-json","name":"J","type":"a.b","stages":[{"name":"S","tasks":[{"id":"t","label":"T","type":"x.y","command":["true"]}]}]}"#

    @Test("are created, then updated; an unchanged text makes no version")
    func saving() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            let created = try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", headers)
            #expect(created.status == .created)
            #expect(created.headers[.location] == Paths.configuration("cg-daily"))
            let first = try ConfigurationAnswer(json: Array(created.body.readableBytesView))
            #expect(first.id == "cg-daily" && first.name == "Daily" && first.type == "courier.group/run" && first.number == 1)
            #expect(first.source == ConfigurationSource(text: ServiceUnderTest.configuration(), format: .yaml))
            #expect(first.version.rawValue.hasPrefix("etv-20240210-"))
            #expect(first.createdAt == service.clock.now && first.createdBy.name == "CI")

            let same = try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", headers)
            #expect(same.status == .ok && same.text == created.text)
            let updated = try await service.save(ServiceUnderTest.configuration(name: "Other"), as: "cg-daily", headers)
            #expect(updated.status == .ok && updated.headers[.location] == nil)
            #expect(try updated.json()["number"] == .integer(2))
            #expect(try await service.get(Paths.configuration("cg-daily"), headers).text == updated.text)
        }
    }

    @Test("have the commit of their directory, which runs show")
    func commits() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            let (old, new) = (String(repeating: "0a", count: 20), String(repeating: "0b", count: 20))
            func save(_ query: String) async throws -> TestResponse {
                var headers = headers
                headers[.contentType] = "application/yaml"
                return try await service.send(
                    .put, Paths.configuration("cg-daily") + query, headers: headers, body: ServiceUnderTest.configuration())
            }
            for (query, complaint) in [
                ("?commit=HEAD", "Invalid commit"), ("?dirty=true", "needs commit"), ("?commit=\(old)&dirty=1", "Invalid dirty"),
            ] {
                #expect(try await save(query).error(.invalid).contains(complaint))
            }
            #expect(try await save("?directory=/srv&commit=\(old)").status == .created)
            let run = try await service.post(Paths.runs, headers, json: #"{"config_id":"cg-daily"}"#)
            #expect(run.status == .created, "\(run.text)")
            let id = try WorkflowRunDetails(json: Array(run.body.readableBytesView)).run.id
            let dry = try await save("?directory=/srv&commit=\(new)&dirty=true&dry_run=true")
            #expect(try dry.json()["change"] == .string("updated"))
            let same = try await save("?directory=/srv&commit=\(old)&dirty=false&dry_run=true")
            #expect(try same.json()["change"] == .string("unchanged"))
            #expect(try await save("?directory=/srv&commit=\(new)&dirty=true").status == .ok)
            let shown = try await service.get(Paths.run(id) + "?view=verbose", headers)
            let details = try WorkflowRunDetails(json: Array(shown.body.readableBytesView))
            #expect(details.code == CodeVersion(commit: old, isDirty: false))
            #expect(details.currentCode == CodeVersion(commit: new, isDirty: true))
        }
    }

    @Test("are YAML or JSON by content type, and are returned unchanged")
    func formats() async throws {
        try await withService { service in
            var headers = try await service.headers(.admin)
            for type in ["application/yaml", "application/x-yaml", "text/yaml; charset=utf-8"] {
                headers[.contentType] = type
                let text = ServiceUnderTest.configuration("cg-1", name: type.filter(\.isLetter))
                let response = try await service.send(.put, Paths.configuration("cg-1"), headers: headers, body: text)
                #expect(response.status.kind == .successful, "\(response.text)")
                var plain = headers
                plain[.accept] = "application/yaml, */*"
                let answer = try await service.get(Paths.configuration("cg-1"), plain)
                #expect(answer.text == text && answer.headers[.contentType] == "application/yaml")
                #expect(answer.headers[.vary] == "Accept")
            }
            headers[.contentType] = "application/json"
            let response = try await service.send(.put, Paths.configuration("cg-json"), headers: headers, body: json)
            #expect(response.status == .created, "\(response.text)")
            #expect(try response.json()["format"] == .string("json") && response.json()["source"] == .string(json))
            for type in [nil, "text/plain", "application/x-www-form-urlencoded"] as [String?] {
                headers[.contentType] = type
                let refused = try await service.send(.put, Paths.configuration("cg-json"), headers: headers, body: json)
                #expect(try refused.error(.unsupportedMediaType).contains("application/yaml"))
            }
        }
    }

    @Test("have a record of their last runs in the list, once one has succeeded or failed")
    func records() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            for id in ["cg-daily", "cg-idle"] {
                #expect(try await service.save(ServiceUnderTest.configuration(id), as: id, headers).status == .created)
            }
            func records() async throws -> [RunRecord?] {
                let response = try await service.get(Paths.configurations, headers)
                return try ConfigurationAnswer.list(json: Array(response.body.readableBytesView)).map(\.record)
            }
            _ = try await service.failedRun(headers)
            service.clock.advance(by: .seconds(60))
            let ended = try await service.startedRun(headers)
            try await service.work(on: ended, failing: [])
            let half = RunRecord(ended: 2, succeeded: 1, median: .zero, percentile95: .zero)
            #expect(try await records() == [half, nil])

            // A run that has not ended does not count, nor does one before those that are read.
            service.clock.advance(by: .seconds(60))
            for _ in 1..<RunRecord.most {
                try await service.work(on: try await service.startedRun(headers), failing: [])
            }
            _ = try await service.startedRun(headers)
            let all = RunRecord(ended: RunRecord.most, succeeded: RunRecord.most, median: .zero, percentile95: .zero)
            #expect(try await records() == [all, nil])
            #expect(try await service.get(Paths.configuration("cg-daily"), headers).json()["record"] == nil)
        }
    }

    @Test("are listed by id without their texts, one tenant's only")
    func listing() async throws {
        try await withService { service in
            var headers = try await service.headers(.admin)
            #expect(try await service.get(Paths.configurations, headers).text == #"{"data":[]}"#)
            for id in ["cg-b", "cg-a"] {
                #expect(try await service.save(ServiceUnderTest.configuration(id), as: id, headers).status == .created)
            }
            let response = try await service.get(Paths.configurations, headers)
            let list = try ConfigurationAnswer.list(json: Array(response.body.readableBytesView))
            #expect(list.map(\.id) == ["cg-a", "cg-b"])
            #expect(!response.text.contains("stages"))
            headers[.ifNoneMatch] = response.headers[.eTag]
            #expect(try await service.get(Paths.configurations, headers).status == .notModified)
            let others = try await service.headers(.admin, of: ServiceUnderTest.other)
            #expect(try await service.get(Paths.configurations, others).text == #"{"data":[]}"#)
            #expect(try await service.get(Paths.configuration("cg-a"), others).status == .notFound)
            #expect(try await service.send(.delete, Paths.configuration("cg-a"), headers: others).status == .notFound)
        }
    }

    @Test("are not found after deletion, while their runs stay")
    func deleting() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            #expect(try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", headers).status == .created)
            let run = try await service.post(Paths.runs, headers, json: #"{"config_id":"cg-daily"}"#)
            let deleted = try await service.send(.delete, Paths.configuration("cg-daily"), headers: headers)
            #expect(deleted.status == .noContent && deleted.body.readableBytes == 0 && deleted.headers[.contentLength] == nil)
            #expect(
                try await service.send(.delete, Paths.configuration("cg-daily"), headers: headers).error(.notFound).contains(
                    "no configuration"))
            #expect(try await service.get(Paths.configuration("cg-daily"), headers).status == .notFound)
            #expect(try await service.post(Paths.runs, headers, json: #"{"config_id":"cg-daily"}"#).status == .badRequest)
            let shown = try await service.get(try #require(run.headers[.location]) + "?view=verbose", headers)
            #expect(try shown.json()["launched_version"] != nil && shown.json()["current_version"] == nil)
        }
    }

    @Test("are refused with every problem by file and line, and not stored")
    func problems() async throws {
        try await withService { service in
            var headers = try await service.headers(.admin)
            headers[.contentType] = "application/yaml"
            let text = ServiceUnderTest.configuration() + "\nsurprise: 1\nwarn_afer: 2h\n"
            let path = Paths.configuration("cg-daily")
            let message = try await service.send(.put, path + "?file=daily.yaml", headers: headers, body: text).error(.invalid)
            #expect(message.contains("daily.yaml:20: ") && message.contains("daily.yaml:21: "), "\(message)")
            #expect(try await service.send(.put, path, headers: headers, body: text).error(.invalid).contains("cg-daily:20: "))
            for wrong in ["", "[]", "just text", "a: [", "\u{0}", "id: cg-daily", "a: &a [*a]", "{}"] {
                _ = try await service.send(.put, path, headers: headers, body: wrong).error(.invalid)
            }
            let other = try await service.send(.put, path, headers: headers, body: ServiceUnderTest.configuration("cg-other"))
            #expect(try other.error(.invalid).contains("\"cg-other\""))
            #expect(
                try await service.send(.put, path + "?directory=work", headers: headers, body: ServiceUnderTest.configuration())
                    .error(.invalid).contains("absolute"))
            for query in ["?directory=", "?file=a&file=b", "?name=x", "?directory=%00"] {
                #expect(
                    try await service.send(.put, path + query, headers: headers, body: ServiceUnderTest.configuration()).status
                        == .badRequest)
            }
            let bytes = ByteBuffer(bytes: [0x69, 0x64, 0x3A, 0xFF])
            let invalid = try await service.client.executeRequest(uri: path, method: .put, headers: headers, body: bytes)
            #expect(try invalid.error(.invalid).contains("UTF-8"))
            let large = String(repeating: "#", count: Limits.configurationBody + 1)
            #expect(
                try await service.send(.put, path, headers: headers, body: large).error(.tooLarge).contains(
                    "\(Limits.configurationBody)"))
            #expect(try await service.get(Paths.configurations, headers).text == #"{"data":[]}"#)
            let good = try await service.send(
                .put, path + "?directory=/srv/shop%20files&file=x", headers: headers, body: ServiceUnderTest.configuration())
            #expect(try good.json()["directory"] == .string("/srv/shop files"))
        }
    }
}
