import Testing

@testable import WorkflowModel

@Suite("Warnings about credentials in configurations")
struct CredentialLiteralsTests {
    @Test(
        "names of credentials",
        arguments: [
            ("password", true), ("DB_PASSWORD", true), ("db-passwd", true), ("X-Api-Key", true), ("apiKey", true),
            ("AWS_SECRET_ACCESS_KEY", true), ("authorization", true), ("clientSecret", true), ("GITHUB_TOKEN", true),
            ("token_url", false), ("key", false), ("primary_key", false), ("password_file", false), ("secretary", false),
            ("tokens", false), ("", false), ("description", false),
        ])
    func names(name: String, isCredential: Bool) {
        #expect(CredentialLiterals.isCredential(named: name) == isCredential)
    }

    @Test(
        "texts with a credential",
        arguments: [
            ("ghp_" + String(repeating: "a1", count: 18), true), ("ghp_short", false), ("AKIAIOSFODNN7EXAMPLE", true),
            ("AKIAIOSFODNN7EXAMPLEX", false), ("AKIAiosfodnn7example", false),
            ("curl -H 'x: glpat-abcdefghij0123456789'", true), ("-----BEGIN RSA PRIVATE KEY-----\nMII", true),
            ("-----BEGIN PUBLIC KEY-----", false), ("postgres://app:hunter2@db.example/shop", true),
            ("postgres://app@db.example/shop", false), ("postgres://app:${secrets.db}@db.example", false),
            ("https://shop.example:8080/a?b=c@d", false), ("http://[::1]:80/@", false), ("https://:pw@host/", true),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P", true), ("eyJ.a.b", false),
            ("Load the orders of a day", false), ("sk_live_0123456789abcdef", true), ("", false),
        ])
    func texts(text: String, hasCredential: Bool) {
        #expect(CredentialLiterals.hasCredential(text) == hasCredential, "\(text)")
    }

    @Test("each is named with its line, and none is quoted")
    func places() throws {
        let text = """
            id: cg-daily
            name: Daily
            type: test/run
            stages:
              - name: Load
                tasks:
                  - id: load
                    type: test.load
                    command: [load, --password, hunter2hunter2, --token=hunter2hunter2, --password, "${parameters.x}", --key, abcdefgh]
                    env: {DB_PASSWORD: hunter2hunter2, API_TOKEN: "${secrets.api}", TOKEN_FILE: /etc/hunter2, SHORT_PASSWORD: abc}
                  - id: call
                    type: test.call
                    http:
                      url: https://user:hunter2@shop.example/
                      headers: {authorization: "Bearer hunter2"}
                      json: {nested: [{client_secret: hunter2hunter2}]}
            """
        let source = ConfigurationSource(text: text, format: .yaml)
        let warnings = CredentialLiterals.warnings(in: source, file: "daily.yaml")
        #expect(warnings.map(\.line) == [9, 9, 10, 14, 15, 16])
        #expect(
            warnings.map(\.message.firstWords) == [
                "An item of `command`", "An item of `command`", "`DB_PASSWORD`", "`url`", "`authorization`", "`client_secret`",
            ])
        for warning in warnings {
            #expect(!warning.description.contains("hunter2") && warning.description.contains("weir secrets set"))
        }
    }

    @Test("there are at most 20, and an invalid text has none")
    func most() {
        let lines = (0..<30).map { "p\($0)_password: hunter2hunter2" }.joined(separator: "\n")
        #expect(CredentialLiterals.warnings(in: ConfigurationSource(text: lines, format: .yaml), file: "a").count == 20)
        #expect(CredentialLiterals.warnings(in: ConfigurationSource(text: "a: [", format: .yaml), file: "a").isEmpty)
    }
}

extension String {
    /// The text before "looks like".
    fileprivate var firstWords: String { firstRange(of: " looks").map { String(self[..<$0.lowerBound]) } ?? self }
}
