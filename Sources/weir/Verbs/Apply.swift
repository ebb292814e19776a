import ArgumentParser
import Foundation
import WorkflowAPI
import WorkflowClient
import WorkflowModel
import WorkflowOperations

struct Apply: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Checks configurations and stores them as new versions.",
        discussion: """
            All files are checked, here and by the service, before the first one is stored. Each problem is reported with its file \
            and line. Commands run in the directory of their file. A .json file is read as JSON, any other file as YAML.

            Standard input (-) and pipes are read as YAML, which includes JSON. Their commands run in the current directory.

            --check also works without a service. Resources, receivers and the service's time zones are then not checked, and a \
            message lists them.

            --dry-run compares the files with the current versions and changes nothing. It prints whether each workflow is new, \
            unchanged or changed, with the changed lines. It exits with 0 whether or not something would change; --json says so \
            to scripts, in the member change.

            If the directory of a file belongs to a git repository, the version records its commit, and whether the directory has \
            changes that are not committed. Another commit makes a new version.

            EXAMPLE
              weir apply workflows/*.yaml
              weir apply --check workflows/*.yaml
              weir apply --dry-run workflows/*.yaml
              envsubst < daily.yaml | weir apply -
            """)

    @Argument(help: "Configuration files; - for standard input.")
    var files: [String]

    @Flag(help: "Check the files and store nothing.")
    var check = false

    @Flag(help: "Show the differences from the current versions and store nothing.")
    var dryRun = false

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard !check || !dryRun else { throw ValidationError("--dry-run checks the files too. Omit --check.") }
        guard files.count(where: { $0 == ConfigurationFile.standardInput }) <= 1 else {
            throw ValidationError("Standard input (-) can be read only once.")
        }
    }

    func run() async throws {
        let console = Console.standard
        let paths = self.files
        let files = try await OwnThread.run {
            ConfigurationFile.withCode(try ConfigurationFile.read(paths)) { console.note($0) }
        }
        let work = ApplyWork(files: files, client: try client.client())
        guard !check else {
            let report = try await work.check()
            if output.json { try console.print(report.json) }
            for warning in report.warnings { console.note("Warning: \(warning)") }
            return console.note(report.sentence)
        }
        guard !dryRun else {
            let comparison = try await work.comparison()
            for warning in comparison.entries.flatMap(\.check.warnings) { console.note("Warning: \(warning)") }
            try console.print(output.json ? comparison.json : comparison.text)
            return console.note(comparison.sentence)
        }
        let (stored, failure) = try await work.store()
        for warning in stored.flatMap(\.warnings) { console.note("Warning: \(warning)") }
        do {
            if output.json {
                try console.print(JSONOutput.configurations(stored))
            } else if !stored.isEmpty {
                try console.print(RunTables.stored(stored, width: console.outputWidth).text())
            }
        } catch var failure as CommandFailure {
            failure.message += " Stored: \(stored.map(\.id).joined(separator: ", "))."
            throw failure
        }
        if let failure { throw failure }
    }
}
