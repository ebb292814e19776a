import ArgumentParser
import Testing
import WorkflowAPI
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

    @Test(arguments: [("10ms", 10), ("50ms", 50), ("10s", 10_000)])
    func theBudgetOfASearchIsRead(text: String, milliseconds: Int64) throws {
        #expect(try Reading.searchTime(text).milliseconds == milliseconds)
    }

    @Test(arguments: ["", "50", "9ms", "10001ms", "0s", "1m"])
    func otherTextsAreNoBudgets(text: String) {
        let error = #expect(throws: ValidationError.self) { try Reading.searchTime(text) }
        #expect(error?.message == "Accepted: a duration from 10ms to 10s, such as 50ms or 1s.")
    }

    @Test(arguments: [("1s", 1_000), ("30s", 30_000), ("1h", 3_600_000)])
    func leasesAreRead(text: String, milliseconds: Int64) throws {
        #expect(try Reading.lease(text).milliseconds == milliseconds)
    }

    @Test(arguments: [("90m", 5_400), ("2d", 172_800), ("1s", 1)])
    func aDurationIsATimeFromNowWhereATimeToComeIsAccepted(text: String, seconds: Int) throws {
        #expect(try Reading.timeToCome(text) == Reading.now + .seconds(seconds))
    }

    @Test func otherTimesToComeAreReadAsEverywhere() throws {
        #expect(try Reading.timeToCome("2999-01-01") == Timestamp(iso8601: "2999-01-01"))
        #expect(try Reading.timeToCome("tomorrow 09:00") == Reading.timestamp("tomorrow 09:00"))
        for text in ["", "0s", "now", "yesterday", "2020", "soon", "-2h", "2h ago"] {
            let error = #expect(throws: ValidationError.self, "\(text)") { try Reading.timeToCome(text) }
            #expect(error?.message.contains("a time from now such as 90m or 2d") == true)
        }
    }

    @Test(arguments: [("current", RerunVersion.current), ("launched", .launched)])
    func theVersionOfARerunIsAnOptionOfItsOwn(name: String, version: RerunVersion) throws {
        let verb = try Weir.parseAsRoot(["rerun", "wf-1", "--version", name]) as? RerunVerb
        #expect(verb?.configurationVersion == version)
    }

    @Test(arguments: [["rerun", "wf-1", "--version"], ["runs", "--version"], ["keys", "list", "--version"]])
    func noVerbTakesTheFlagOfTheProgram(words: [String]) {
        #expect(throws: (any Error).self) { try Weir.parseAsRoot(words) }
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

    @Test func theEnvironmentSetsCredentials() throws {
        let environment = [
            "WEIR_URL": "http://weir.example:9000/", "WEIR_TENANT": "acme", "WEIR_CLIENT_ID": "wk_1", "WEIR_CLIENT_SECRET": "s",
        ]
        let settings = try ClientOptions.parse([]).settings(environment: environment)
        #expect(settings.url == "http://weir.example:9000")
        #expect(settings.tenant == Samples.tenant)
        #expect(settings.credentials == .key(clientID: "wk_1", clientSecret: "s"))
    }

    @Test func aTokenTakesPrecedenceOverAKeyAndAnOptionOverTheEnvironment() throws {
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

    @Test(arguments: [
        ("HTTP://a", "http://a"), ("Https://Acme.weir.example:8443/", "https://Acme.weir.example:8443/"),
        ("http://[::1]:80", "http://[::1]:80"),
        ("http://a/weir", "http://a/weir"),
    ])
    func addressesAreRead(text: String, address: String) throws {
        #expect(try ServiceURL.read(text) == address)
    }

    @Test(arguments: [
        ("localhost:8080", "has no scheme"), ("ftp://a", "has the scheme ftp"), ("http://", "has no host"),
        ("http://:80", "has no host"),
        ("http://a?x=1", "has a query"), ("http://a/#x", "has a fragment"), ("http://me:secret@a", "names a user"),
        ("http://a b", "contains a space"), ("http://a:0", "has a port"), ("http://a:65536", "has a port"),
        ("http://a:x", "has a port"),
        ("http://[::1", "has no ]"),
    ])
    func otherAddressesAreRefusedWithTheReason(text: String, reason: String) {
        #expect {
            try ServiceURL.read(text)
        } throws: { ($0 as? ServiceURLProblem)?.message.hasPrefix(reason) == true }
        #expect {
            try ClientOptions.parse([]).settings(environment: ["WEIR_URL": text])
        } throws: { error in
            let failure = error as? CommandFailure
            return failure?.status == .settings && failure?.message.hasPrefix("WEIR_URL \(reason)") == true
        }
        #expect(throws: (any Error).self) { try ClientOptions.parse(["--url", text]) }
    }

    @Test(arguments: [("A", ["A"]), ("A,_b1", ["A", "_b1"]), ("NOT_WEIR_X", ["NOT_WEIR_X"])])
    func namesOfVariablesAreRead(text: String, names: [String]) throws {
        #expect(try Reading.variables(text) == names)
    }

    @Test(arguments: [
        ("A=b", "a name without a value"), ("A,B=c", "a name without a value"), ("1X", "does not begin with a digit"),
        ("", "letters, digits"),
        ("A,", "letters, digits"), ("A B", "letters, digits"), ("Ä", "letters, digits"), ("WEIR_X", "reserved for the service"),
        ("weir_tenant", "reserved for the service"),
    ])
    func otherTextsAreNoNamesOfVariables(text: String, reason: String) {
        #expect {
            try Reading.variables(text)
        } throws: { ($0 as? ValidationError)?.message.contains(reason) == true }
    }

    @Test func theEnvironmentNamesTheTenantOfVerbsOnTheStore() throws {
        let environment = ["WEIR_TENANT": "acme"]
        #expect(try TenantOptions.parse(["--tenant", "other"]).required(environment: environment).name == "other")
        #expect(try TenantOptions.parse(["--tenant", "other"]).required(environment: [:]).name == "other")
        #expect(try TenantChoice.parse([]).tenant(environment: environment) == Samples.tenant)
        #expect(try TenantChoice.parse([]).tenant(environment: ["WEIR_TENANT": ""]) == nil)
        #expect {
            try TenantChoice.parse([]).tenant(environment: ["WEIR_TENANT": "a b"])
        } throws: { ($0 as? CommandFailure)?.status == .settings }
    }

    @Test(arguments: [["WEIR_TENANT": "a b"], ["WEIR_URL": "ftp://x"], ["WEIR_URL": "localhost:8080"]])
    func anInvalidEnvironmentIsReported(environment: [String: String]) throws {
        let options = try ClientOptions.parse([])
        #expect {
            try options.settings(environment: environment)
        } throws: {
            ($0 as? CommandFailure)?.status == .settings
        }
    }
}
