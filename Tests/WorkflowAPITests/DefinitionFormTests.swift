import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel

@Suite("Definitions on the wire")
struct DefinitionFormTests {
    private static let definition = WorkflowConfiguration(
        id: "cg-daily", name: "Daily", type: "t",
        parameters: [
            ParameterDefinition(
                name: "day", kind: .date, about: "The day", isRequired: false,
                standard: try? JSONTemplate(.string("${run.range_from}"))),
            ParameterDefinition(name: "region", kind: .string, length: 1...2, choices: ["eu", "us"]),
        ],
        stages: [
            Stage(
                name: "One",
                tasks: [
                    TaskDefinition(id: "a", label: "A", type: "t", action: .command(["a"])),
                    TaskDefinition(
                        id: "b", label: "b", type: "t", when: .always, needs: ["a"],
                        gate: try? ConditionExpression("${outputs.a.rows} > 0"),
                        action: .command(["b"]),
                        env: [EnvironmentVariable(name: "B", value: "${run.id}"), EnvironmentVariable(name: "A", value: "1")],
                        timeout: .seconds(60)),
                ])
        ])

    @Test("a configuration answers its parameters and tasks, with defaults in their places")
    func parametersAndTasks() throws {
        let version = ConfigurationVersion(
            id: ConfigurationVersionID(rawValue: "etv-1"), tenant: Samples.acme, configuration: "cg-daily", number: 3,
            name: "Daily",
            type: "courier.group/run", source: ConfigurationSource(text: "id: cg-daily\n", format: .yaml),
            createdAt: Samples.created, createdBy: Principal(id: "wk_1", name: "CI"))
        let defined = version.document(labels: RunLabels(), pause: nil, definition: Self.definition)
        #expect(
            String(buffer: defined).hasSuffix(
                #","parameters":[{"name":"day","type":"date","description":"The day","required":false,"default":"${run.range_from}"},"#
                    + #"{"name":"region","type":"string","required":true,"min_length":1,"max_length":2,"enum":["eu","us"]}],"#
                    + #""tasks":[{"id":"a","label":"A","type":"t","stage":"One"},"#
                    + #"{"id":"b","label":"b","type":"t","stage":"One","when":"always","if":"${outputs.a.rows} > 0","needs":["a"],"#
                    + #""timeout_ms":60000,"env":{"B":"${run.id}","A":"1"}}]}"#))
        #expect(try ConfigurationAnswer(json: Array(defined.readableBytesView)).source == version.source)
    }
}
