import Testing

@testable import WorkflowModel

@Suite("Secrets in configurations")
struct SecretReferenceTests {
    private func configuration(_ task: String, more: String = "") throws(ConfigurationProblems) -> WorkflowConfiguration {
        let text = """
            id: cg-daily
            name: Daily
            type: test/run
            \(more)
            stages:
              - name: All
                tasks:
                  - {id: a, type: test.a, \(task)}
            """
        return try ConfigurationReader().read(ConfigurationSource(text: text, format: .yaml), file: "daily.yaml")
    }

    @Test(
        "are accepted in env, headers and JSON bodies",
        arguments: [
            #"command: [work], env: {A: "${secrets.warehouse}"}"#, #"command: [work], env: {A: "x${ secrets.warehouse }y"}"#,
            #"http: {method: POST, url: "https://shop.example/", headers: {authorization: "Bearer ${secrets.warehouse}"}}"#,
            #"http: {method: POST, url: "https://shop.example/", json: {a: [{b: "${secrets.warehouse}"}]}}"#,
        ])
    func accepted(task: String) throws {
        #expect(try configuration(task).secretNames == ["warehouse"])
    }

    @Test("are accepted in defaults")
    func defaults() throws {
        let read = try configuration("command: [work]", more: #"defaults: {env: {A: "${secrets.a-1}", B: "${secrets._b}"}}"#)
        #expect(read.secretNames == ["_b", "a-1"])
    }

    @Test(
        "are refused elsewhere, with the place where they are accepted",
        arguments: [
            (#"command: [work, "${secrets.a}"]"#, "which other users of the machine can see; give it to the command in `env`"),
            (#"command: ["${secrets.a}"]"#, "which program runs"),
            (#"command: [sh, -c, "echo ${secrets.a}"]"#, "in code behind `-c`"),
            (#"http: {url: "https://shop.example/${secrets.a}"}"#, "write into their logs; give it in `headers` or `json`"),
            (#"http: {method: POST, url: "https://shop.example/", body: "${secrets.a}"}"#, "in `body`"),
            (#"command: [work], if: "${secrets.a} == 'x'""#, "names a secret, whose value a condition would tell"),
            (#"command: [work], env: {A: "${secrets.1st}"}"#, "that is no name of a secret"),
            (#"command: [work], env: {A: "${secrets.a.b}"}"#, "a secret is a text and has no members"),
            (#"command: [work], env: {A: "${secrets}"}"#, "needs a name"),
            (#"command: [work], env: {PYTHONPATH: "${secrets.a}"}"#, "may not hold"),
        ])
    func refused(task: String, message: String) {
        let problems = #expect(throws: ConfigurationProblems.self) { try configuration(task) }
        #expect(problems?.description.contains(message) == true, "\(problems?.description ?? "")")
        #expect(problems?.description.contains("daily.yaml:8") == true)
    }

    @Test("are refused in parameters")
    func parameters() {
        let problems = #expect(throws: ConfigurationProblems.self) {
            try configuration("command: [work]", more: #"parameters: {a: {type: string, default: "${secrets.a}"}}"#)
        }
        #expect(problems?.description.contains("secrets.a") == true)
    }

    @Test("a condition never gets the value of a secret")
    func conditions() throws {
        let reference = Reference(root: .secrets, steps: [.member("a")])
        let values = AttemptValues(outputs: [:], secrets: ["a": try SecretValue("correct horse")])
        #expect(ConditionExpression.reference(reference).bound(to: values) == .reference(reference))
    }
}
