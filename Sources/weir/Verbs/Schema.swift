import ArgumentParser
import WorkflowModel

struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints the JSON Schema of configurations, for editors.",
        discussion: """
            Editors with a YAML language server complete and check configurations with it. Write the schema to a file, and name the \
            file in the first line of each configuration:

              # yaml-language-server: $schema=weir.schema.json

            The schema is draft 2020-12. It checks members, types, limits and values. weir apply also checks what the schema cannot, such \
            as whether the tasks that needs names exist.

            EXAMPLE
              weir schema > weir.schema.json
              check-jsonschema --schemafile weir.schema.json daily.yaml
            """)

    func run() throws {
        try Console.standard.write(Array(ConfigurationSchema.text.utf8))
    }
}
