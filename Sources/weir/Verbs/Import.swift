import ArgumentParser
import WorkflowAPI
import WorkflowModel

struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Loads history into the store: a run in its wire form per line.",
        discussion: """
            Ids and times are kept; task_instances come along where a line has them. A batch is loaded whole or not at all: when a
            line is bad, it is named, nothing of its batch is loaded, and what was loaded before stays. Loading the same file again
            skips what is there already, so that an import that broke off goes on where it ended. A line may have 16 MiB.

            EXAMPLE
              weir import history.ndjson --tenant acme
              zcat history.ndjson.gz | weir import - --tenant acme
            """)

    @Argument(help: "The file, or - for standard input.")
    var file: String

    @Option(help: ArgumentHelp("The tenant whose history it is.", valueName: "name"), transform: Reading.tenant)
    var tenant: Tenant

    @Option(
        help: ArgumentHelp("Lines in a batch. (default: 5000)", valueName: "lines"),
        transform: Reading.number(ImportLimits.batchLines))
    var batch = ImportLimits.standardBatch

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        let path = self.file
        let file = try await OwnThread.run { try LineFile(path) }
        let progress = ImportProgress(console: console, size: file.size)
        do {
            let totals = try await AdministrationAccess.with(try data.location(), creating: true) { administration in
                let importer = Importer(administration: administration, tenant: tenant, batchSize: batch)
                return try await importer.load(file) { progress.show($0) }
            }
            progress.clear()
            report(totals, elapsed: progress.elapsed, to: console)
        } catch let failure as ImportFailure {
            progress.clear()
            throw Self.commandFailure(failure, file: file.name)
        }
    }

    private func report(_ totals: ImportTotals, elapsed: Duration, to console: Console) {
        if output.json {
            console.print(Self.json(totals, elapsed: elapsed))
        } else {
            console.note(Self.sentence(totals, tenant: tenant, elapsed: elapsed))
        }
    }

    static func json(_ totals: ImportTotals, elapsed: Duration) -> String {
        JSONOutput.text { json in
            json.object { json in
                json.member("added", totals.added)
                json.member("already_there", totals.alreadyThere)
                json.member("elapsed_ms", elapsed)
            }
        }
    }

    static func sentence(_ totals: ImportTotals, tenant: Tenant, elapsed: Duration) -> String {
        var sentence = "Loaded \(HumanText.count(totals.added)) \(totals.added == 1 ? "run" : "runs") into \(tenant)"
        if totals.alreadyThere > 0 {
            sentence += "; \(HumanText.count(totals.alreadyThere)) \(totals.alreadyThere == 1 ? "was" : "were") there already"
        }
        let rate = ImportProgress.rate(totals.runs, elapsed)
        return sentence + ". That took \(HumanText.duration(elapsed)), \(HumanText.count(rate)) a second."
    }

    static func commandFailure(_ failure: ImportFailure, file: String) -> CommandFailure {
        let before =
            failure.totals.runs == 0
            ? "Nothing is loaded." : "The \(HumanText.count(failure.totals.runs)) runs of the batches before stay."
        if let complaints = failure.cause as? LineComplaints {
            return CommandFailure(.data, "nothing of this batch is loaded. \(before)\n\(complaints.text(file: file))")
        }
        var described = CommandFailure(describing: failure.cause)
        described.message += " \(before)"
        return described
    }
}
