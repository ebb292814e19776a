import ArgumentParser
import WorkflowModel
import WorkflowOperations

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Verifies the store's derived data, and repairs it.",
        discussion: """
            Verifies derived data (run counts, queues, run states, outputs, indexes, references) against the runs. Reads the whole \
            store, also while a service runs. A repair blocks the service's writes until it is done. Exits with 65 when a problem \
            remains.

            EXAMPLE
              weir check
              weir check --repair
            """)

    @Flag(help: "Rebuild wrong derived data.")
    var repair = false

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        let findings = try await StoreAccess.with(try data.location(), creating: false) {
            try await $0.check(repairing: repair)
        }
        let report = CheckReport(findings: findings)
        if let text = report.text(json: output.json, width: console.outputWidth) { try console.print(text) }
        if !output.json { console.note(report.advice) }
        if report.status != .succeeded { throw report.status }
    }
}
