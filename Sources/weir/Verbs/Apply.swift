import ArgumentParser
import Foundation
import WorkflowAPI
import WorkflowClient
import WorkflowModel

struct Apply: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Checks configurations and stores them as new versions.",
        discussion: """
            All files are checked before anything is stored; each complaint names file and line. Commands run in the directory of
            their file. A file that ends in .json is read as JSON, any other as YAML.

            EXAMPLE
              weir apply workflows/*.yaml
            """)

    @Argument(help: "The files.")
    var files: [String]

    @Flag(help: "Check the files and store nothing.")
    var check = false

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        let files = self.files
        let checked = try await OwnThread.run { try ConfigurationFile.read(files) }
        guard !check else {
            console.note(checked.count == 1 ? "The file is fine." : "All \(checked.count) files are fine.")
            return
        }
        let client = try client.client()
        var stored: [ConfigurationAnswer] = []
        for file in checked {
            stored.append(try await client.save(file.source, as: file.id))
        }
        if output.json {
            console.print(JSONOutput.configurations(stored))
        } else {
            console.print(RunTables.configurations(stored, width: console.outputWidth).text())
        }
    }
}
