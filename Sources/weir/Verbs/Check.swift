import ArgumentParser
import WorkflowModel

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Checks that the store agrees with itself, and repairs it.",
        discussion: """
            Holds everything that is derived against what it is derived from: the kept numbers of runs, which tasks can be claimed,
            which runs have ended, what is kept of outputs, indexes and references. Reads the whole store, while a service runs on
            it too; what has to be repaired holds up that service's writes for as long as it takes. Ends with 65 when something is
            wrong and was not repaired.

            EXAMPLE
              weir check
              weir check --repair
            """)

    @Flag(help: "Put right what follows from something that is there.")
    var repair = false

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        let findings = try await AdministrationAccess.with(try data.location(), creating: false) {
            try await $0.check(repairing: repair)
        }
        let report = CheckReport(findings: findings)
        if let text = report.text(json: output.json, width: console.outputWidth) { console.print(text) }
        if !output.json { console.note(report.advice) }
        if report.status != .succeeded { throw report.status }
    }
}
