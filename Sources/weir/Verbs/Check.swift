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

            Secrets are decrypted with the key file of the service. With --database, that needs --secrets-key-file.

            --audit verifies the audit log instead: each event has a hash over itself and the event before it, so that a changed, \
            added or removed event is found.

            EXAMPLE
              weir check
              weir check --repair
              weir check --audit
            """)

    @Flag(help: "Rebuild wrong derived data.")
    var repair = false

    @Flag(help: "Verify the audit log instead.")
    var audit = false

    @OptionGroup var data: DataOptions
    @OptionGroup var keys: SecretKeyOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if audit, repair { throw ValidationError("The audit log cannot be repaired. Omit --audit or --repair.") }
    }

    func run() async throws {
        let console = Console.standard
        let (location, keyFile) = (try data.location(), keys.secretsKeyFile)
        let (audit, repair) = (audit, repair)
        let findings = try await ElapsedLine.during(audit ? "Reading the audit log" : "Reading the whole store") {
            try await StoreAccess.with(location, creating: false, keyFile: keyFile) {
                try await audit ? $0.checkAudit() : $0.check(repairing: repair)
            }
        }
        let report = CheckReport(findings: findings)
        if let text = report.text(json: output.json, width: console.outputWidth) { try console.print(text) }
        if !output.json { console.note(report.advice) }
        if report.status != .succeeded { throw report.status }
    }
}
