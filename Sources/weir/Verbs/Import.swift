import ArgumentParser
import WorkflowAPI
import WorkflowModel
import WorkflowOperations

struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Imports history into the store: one run per line, in the API's JSON form.",
        discussion: """
            Ids and times are kept, and so are the task_instances of a line. A batch is imported completely or not at all: a bad \
            line is reported, and none of its batch is imported. Earlier batches stay. Importing the same file again skips existing \
            runs, so a repeated import continues where it stopped. A line may have 16 MiB. weir runs --format ndjson writes such \
            lines. A run that ended before it began, by clocks that disagreed, ends when it begins; the report counts such runs.

            EXAMPLE
              weir import history.ndjson --tenant acme
              zcat history.ndjson.gz | weir import - --tenant acme
            """)

    @Argument(help: "File to import; - for standard input.")
    var file: String

    @OptionGroup var owner: TenantOptions

    @Option(
        help: ArgumentHelp("Lines per batch. (default: 5000; 20000 when no service uses the store)", valueName: "lines"),
        transform: Reading.number(ImportLimits.batchLines))
    var batch: Int?

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        let path = self.file
        let tenant = try owner.required()
        let file = try await OwnThread.run { try LineFile(path) }
        let progress = ImportProgress(console: console, size: file.size)
        do {
            let totals = try await StoreAccess.with(try data.location(), creating: false) { administration in
                let importer = Importer(administration: administration, tenant: tenant, batchSize: batch, cores: Cores.count)
                return try await importer.load(file) { progress.show($0) }
            }
            progress.clear()
            try report(totals, into: tenant, elapsed: progress.elapsed, to: console)
        } catch let failure as ImportFailure {
            progress.clear()
            throw Self.commandFailure(failure, file: file.name)
        }
    }

    private func report(_ totals: ImportTotals, into tenant: Tenant, elapsed: Duration, to console: Console) throws {
        if output.json {
            try console.print(Self.json(totals, elapsed: elapsed))
        } else {
            console.note(Self.sentence(totals, tenant: tenant, elapsed: elapsed))
            if let note = Self.correction(totals.corrected) { console.note(note) }
        }
    }

    static func json(_ totals: ImportTotals, elapsed: Duration) -> String {
        JSONOutput.text { json in
            json.object { json in
                json.member("added", totals.added)
                json.member("already_there", totals.alreadyThere)
                json.member("corrected_ends", totals.corrected.count)
                json.member("elapsed_ms", elapsed)
            }
        }
    }

    static func sentence(_ totals: ImportTotals, tenant: Tenant, elapsed: Duration) -> String {
        var sentence = "Imported \(HumanText.count(totals.added)) \(totals.added == 1 ? "run" : "runs") into \(tenant)"
        if totals.alreadyThere > 0 {
            sentence += "; \(HumanText.count(totals.alreadyThere)) already existed"
        }
        let rate = ImportProgress.rate(totals.runs, elapsed)
        return sentence + " in \(HumanText.duration(elapsed)) (\(HumanText.count(rate)) per second)."
    }

    /// nil when every run ended after it began.
    static func correction(_ corrected: CorrectedEnds) -> String? {
        guard let line = corrected.firstLine else { return nil }
        guard corrected.count > 1 else { return "The run in line \(line) ended before it began. Its end was set to its beginning." }
        return """
            \(HumanText.count(corrected.count)) runs ended before they began, the first of them in line \(line). Their ends were set to \
            their beginnings.
            """
    }

    static func commandFailure(_ failure: ImportFailure, file: String) -> CommandFailure {
        let before =
            failure.totals.runs == 0
            ? "No run was imported." : "The \(HumanText.count(failure.totals.runs)) runs of earlier batches stay."
        if let complaints = failure.cause as? LineComplaints {
            return CommandFailure(.data, "the batch was not imported. \(before)\n\(complaints.text(file: file))")
        }
        var described = CommandFailure(describing: failure.cause)
        described.message += " \(before)"
        return described
    }
}
