import ArgumentParser
import Testing
import WorkflowClient
import WorkflowModel

@testable import weir

@Suite("Arguments and environment")
struct ReadingTests {
    @Test(arguments: [("500ms", 500), ("10s", 10_000), ("1m30s", 90_000), ("2h", 7_200_000), ("0s", 0)])
    func durationsAreRead(text: String, milliseconds: Int64) throws {
        #expect(try Reading.duration(text).milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "10", "s", "10x", "-1s", "1.5s", "99999999999s", "366d", "30s1m", String(repeating: "999999999d", count: 300),
    ])
    func otherTextsAreNoDurations(text: String) {
        #expect(throws: ValidationError.self) { try Reading.duration(text) }
    }

    @Test(arguments: [("1s", 1_000), ("30s", 30_000), ("1h", 3_600_000)])
    func leasesAreRead(text: String, milliseconds: Int64) throws {
        #expect(try Reading.lease(text).milliseconds == milliseconds)
    }

    @Test(arguments: ["", "30", "999ms", "0s", "1h1s"])
    func otherTextsAreNoLeases(text: String) {
        #expect(throws: (any Error).self) { try Reading.lease(text) }
    }

    @Test(arguments: [("65536", 65_536), ("512KiB", 524_288), ("64MiB", 67_108_864), ("1KiB", 1_024)])
    func sizesAreRead(text: String, bytes: Int) throws {
        #expect(try Reading.size(text) == bytes)
    }

    @Test(arguments: ["", "1", "65MiB", "1MB", "-1KiB", "KiB", "99999999999999999999"])
    func otherTextsAreNoSizes(text: String) {
        #expect(throws: (any Error).self) { try Reading.size(text) }
    }

    @Test func theEnvironmentTellsWhoAsks() throws {
        let environment = [
            "WEIR_URL": "http://weir.example:9000/", "WEIR_TENANT": "acme", "WEIR_CLIENT_ID": "wk_1", "WEIR_CLIENT_SECRET": "s",
        ]
        let settings = try ClientOptions.parse([]).settings(environment: environment)
        #expect(settings.url == "http://weir.example:9000")
        #expect(settings.tenant == Samples.tenant)
        #expect(settings.credentials == .key(clientID: "wk_1", clientSecret: "s"))
    }

    @Test func aTokenGoesBeforeAKeyAndAnOptionBeforeTheEnvironment() throws {
        let environment = [
            "WEIR_URL": "http://a", "WEIR_TENANT": "other", "WEIR_TOKEN": "t", "WEIR_CLIENT_ID": "wk_1", "WEIR_CLIENT_SECRET": "s",
        ]
        let settings = try ClientOptions.parse(["--url", "https://b", "--tenant", "acme"]).settings(environment: environment)
        #expect(settings.url == "https://b")
        #expect(settings.tenant == Samples.tenant)
        #expect(settings.credentials == .token("t"))
    }

    @Test func anEmptyEnvironmentMeansTheStandard() throws {
        let settings = try ClientOptions.parse([]).settings(environment: ["WEIR_URL": "", "WEIR_TENANT": "", "WEIR_TOKEN": ""])
        #expect(settings.url == "http://127.0.0.1:8080")
        #expect(settings.tenant == nil)
        #expect(settings.credentials == .none)
    }

    @Test(arguments: [["WEIR_TENANT": "a b"], ["WEIR_URL": "ftp://x"], ["WEIR_URL": "localhost:8080"]])
    func anEnvironmentThatCannotBeIsSaidToBe(environment: [String: String]) throws {
        let options = try ClientOptions.parse([])
        #expect {
            try options.settings(environment: environment)
        } throws: {
            ($0 as? CommandFailure)?.status == .settings
        }
    }
}
