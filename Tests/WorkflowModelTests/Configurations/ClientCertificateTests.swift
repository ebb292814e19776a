import Testing

@testable import WorkflowModel

@Suite("The client certificate of an HTTP call")
struct ClientCertificateTests {
    private static let pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"

    private static func http(_ members: String, url: String = "https://h/", more: String = "") -> String {
        "http: {method: POST, url: \"\(url)\", client_certificate: \(members)\(more)}"
    }

    private static let secrets = "{certificate: \"${secrets.spark-cert}\", key: \"${ secrets['spark-key'] }\"}"

    @Test func namesSecretsAndIsThatOfPollAndCancelToo() throws {
        let more = """
            , poll: {url: "https://h/1", done: {path: s, in: [OK]}, cancel: {url: "https://h/1/cancel"}}
            """
        let configuration = try Sample.read(Sample.task(Self.http(Self.secrets, more: more)))
        #expect(configuration.secretNames == ["spark-cert", "spark-key"])
        guard case .job(let job)? = configuration.tasks.first?.action else {
            Issue.record("no job")
            return
        }
        let written = ClientCertificate(certificate: "${secrets.spark-cert}", key: "${ secrets['spark-key'] }")
        #expect(job.submit.clientCertificate == written && job.poll.call.clientCertificate == written)
        #expect(job.poll.cancel?.clientCertificate == written)
    }

    @Test func getsTheValuesOfItsSecrets() throws {
        let definition = try #require(try Sample.readTask(Self.http(Self.secrets)))
        // A value that looks like an expression stays as it is.
        let key = "key ${secrets.other}"
        let values = AttemptValues(
            outputs: [:], secrets: ["spark-cert": try SecretValue("certificate"), "spark-key": try SecretValue(key)])
        guard case .http(let call) = try definition.substituted(from: values).action else { return }
        #expect(call.clientCertificate == ClientCertificate(certificate: "certificate", key: key))
        let fault = #expect(throws: SubstitutionFault.self) { try definition.substituted(from: AttemptValues(outputs: [:])) }
        #expect(fault?.message == "A value that the task needs is missing: `${secrets.spark-cert}` is not set.")
    }

    @Test func canBeWrittenOutWithoutItsKey() throws {
        let members = "{certificate: \(JSONValue.string(Self.pem).text), key: \"${secrets.k}\"}"
        guard case .http(let call)? = try Sample.readTask(Self.http(members))?.action else {
            Issue.record("no call")
            return
        }
        #expect(call.clientCertificate?.certificate == Self.pem)
    }

    @Test func makesAnotherTaskOfIt() throws {
        let one = try Sample.read(Sample.task(Self.http(Self.secrets)))
        let other = try Sample.read(Sample.task(Self.http(Self.secrets.replacing("spark-key", with: "key"))))
        #expect(other.redefinedTasks(since: one) == ["pull"] && one.redefinedTasks(since: one) == [])
    }

    @Test(arguments: [
        ("{key: \"${secrets.k}\"}", "`certificate` is missing"), ("{certificate: \"${secrets.c}\"}", "`key` is missing"),
        ("{certificate: \"${secrets.c}\", key: geheim-geheim}", "`key` must be one secret such as"),
        ("{certificate: \"${secrets.c}\", key: \"geheim ${secrets.k}\"}", "never the key itself, and nothing beside it"),
        ("{certificate: \"${secrets.c}\", key: \"${parameters.k}\"}", "`key` must be one secret such as"),
        ("{certificate: \"${secrets.c}\", key: \"${geheim\"}", "but it has"),
        ("{certificate: \"${secrets.c}\", key: \"${secrets.1st}\"}", "that is no name of a secret"),
        ("{certificate: \"${run.id}\", key: \"${secrets.k}\"}", "`certificate` must be one secret such as"),
        ("{certificate: /etc/client.pem, key: \"${secrets.k}\"}", "which begins with `-----BEGIN CERTIFICATE-----`"),
        (
            "{certificate: \"-----BEGIN CERTIFICATE-----\\n-----BEGIN PRIVATE KEY-----\\ngeheim\", key: \"${secrets.k}\"}",
            "but it holds a private key, which everyone could see"
        ),
        (
            "{certificate: \"-----BEGIN CERTIFICATE-----\(String(repeating: "x", count: SecretRule.longestValue))\", key: \"${secrets.k}\"}",
            "of 16384 bytes at most"
        ),
        ("{certificate: \"${secrets.c}\", key: \"${secrets.k}\", password: x}", "has no member `password`"),
    ])
    func mistakesAreNamedWithoutTheKey(members: String, words: String) {
        let problems = Sample.problems(Sample.task(Self.http(members)))
        #expect(problems.contains { $0.message.contains(words) && $0.line == 9 }, "\(problems)")
        #expect(!problems.contains { $0.message.contains("geheim-") || $0.message.contains("geheim ") }, "\(problems)")
    }

    @Test func needsAURLWithHTTPS() {
        let problems = Sample.problems(Sample.task(Self.http(Self.secrets, url: "http://h/")))
        #expect(
            problems.map(\.message) == [
                "Task `pull`, `http`, `client_certificate`: only a `url` that begins with https:// has a use for it."
            ])
    }
}
