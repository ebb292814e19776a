import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

@Suite("GET /api/workflow/statistics")
struct StatisticsTests {
    /// Deletes the runs of ``QuestionedRuns`` that were created before 5 January: a, b and c of acme, and the other tenant's.
    private func delete(_ service: ServiceUnderTest) async throws -> HTTPFields {
        let headers = try await QuestionedRuns.seed(service)
        try await StoreBench(service.store).retain(createdBefore: try #require(Timestamp(iso8601: "2024-01-05")))
        return headers
    }

    private func statistics(_ service: ServiceUnderTest, _ query: String, _ headers: HTTPFields) async throws -> RunStatistics {
        let response = try await service.get(Paths.statistics + query, headers)
        try #require(response.status == .ok, "\(response.text)")
        return try RunStatistics(json: Array(response.body.readableBytesView))
    }

    @Test("counts deleted runs by day, and no run that exists")
    func days() async throws {
        try await withService { service in
            let headers = try await delete(service)
            let response = try await service.get(Paths.statistics, headers)
            #expect(
                response.text
                    == #"{"deleted_runs":3,"mean_runtime_ms":1410000,"longest_runtime_ms":3600000,"total_runtime_ms":4230000,"#
                    + #""complete":true,"data":[{"day":"2024-01-03","deleted_runs":1,"mean_runtime_ms":30000,"#
                    + #""longest_runtime_ms":30000,"total_runtime_ms":30000},{"day":"2024-01-02","deleted_runs":1,"#
                    + #""mean_runtime_ms":3600000,"longest_runtime_ms":3600000,"total_runtime_ms":3600000},{"day":"2024-01-01","#
                    + #""deleted_runs":1,"mean_runtime_ms":600000,"longest_runtime_ms":600000,"total_runtime_ms":600000}]}"#)
            #expect(response.headers[.cacheControl] == "private, no-cache")
        }
    }

    @Test("a tenant sees only its own")
    func tenants() async throws {
        try await withService { service in
            let headers = try await delete(service)
            let theirs = try await service.headers(.viewer, of: ServiceUnderTest.other)
            let found = try await statistics(service, "?by=config_id,state", theirs)
            #expect(found.total.runs == 1 && found.groups.map(\.values) == [[.configuration: "cg-daily", .state: "failed"]])
            #expect(try await statistics(service, "?by=config_id,state", headers).total.runs == 3)
            #expect(try await service.get(Paths.statistics, [:]).status == .unauthorized)
        }
    }

    @Test(
        "selects and groups by what is asked for",
        arguments: [
            ("by=state", ["failed 2", "succeeded 1"]), ("by=attribution", ["customer 1", "platform 1", " 1"]),
            ("by=config_id", ["cg-daily 2", "cg-weekly 1"]), ("by=config_id&limit=1", ["cg-daily 2"]),
            ("by=state&state=failed", ["failed 2"]), ("by=state&attribution=platform", ["failed 1"]),
            ("by=day&config_id=cg-daily", ["2024-01-03 1", "2024-01-01 1"]),
            ("by=type&not_type=bridge.sync&not_config_id=x", ["campaign.send 1", "courier.group/run 1"]),
            ("from=2024-01-02", ["2024-01-03 1", "2024-01-02 1"]), ("to=2024-01-01T00:00:00.001Z", ["2024-01-01 1"]),
            ("from=2024-01-01T00:00:00.001Z&to=2024-01-02", []), ("by=state&state=running", []), ("type=none", []),
        ])
    func groups(query: String, expected: [String]) async throws {
        try await withService { service in
            let found = try await statistics(service, "?" + query, try await delete(service))
            let groups = found.groups.map { "\($0.values.values.first?.text ?? "") \($0.figures.runs)" }
            #expect(groups == expected)
            #expect(found.isComplete == !query.contains("limit"))
        }
    }

    @Test(
        "an invalid parameter is a 400 with what is accepted",
        arguments: [
            ("by=days", "by is \"days\", in which \"days\" is unknown. Did you mean day? Accepted: day, state, type, config_id,"),
            ("limit=10001", "Accepted: an integer from 1 to 10000."), ("limit=0", "Accepted: an integer from 1 to 10000."),
            ("from=2024-02&to=2024-01", "a window ends after it starts."), ("label=a:b", "Unknown parameter \"label\"."),
            ("state=lost", "state is \"lost\""),
        ])
    func invalid(query: String, message: String) async throws {
        try await withService { service in
            let headers = try await service.headers(.viewer)
            let response = try await service.get(Paths.statistics + "?" + query, headers)
            #expect(try response.error(.invalid).contains(message), "\(response.text)")
        }
    }
}
