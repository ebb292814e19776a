import ArgumentParser
import WorkflowAPI

/// The form of a list of runs.
enum ListFormat: String, ExpressibleByArgument, CaseIterable {
    case table
    /// The API's document, one for all pages.
    case json
    /// One run per line, as `weir import` reads it.
    case ndjson
    case csv

    /// The form of an export, in which the service sends all matching runs; nil for the forms of a list.
    var export: RunExportFormat? {
        switch self {
        case .table, .json: nil
        case .ndjson: .ndjson
        case .csv: .csv
        }
    }
}

/// The form of a list of runs and its file.
struct ListOutputOptions: ParsableArguments {
    @Option(help: "Form of the list. ndjson and csv export all matching runs. (default: table)")
    var format: ListFormat?

    @Flag(help: "The same as --format json.")
    var json = false

    @Option(
        name: .customLong("output"),
        help: ArgumentHelp(
            "File of an export, which appears when it is complete; - for standard output. (default: -)", valueName: "file"),
        completion: .file())
    var file: String?

    /// The format, in which `--json` and `--format` agree.
    var chosen: ListFormat { format ?? (json ? .json : .table) }

    func validate() throws {
        if json, chosen != .json { throw ValidationError("--json and --format \(chosen.rawValue) differ. Omit one of them.") }
        guard let file else { return }
        guard chosen.export != nil else { throw ValidationError("--output is for exports. Add --format ndjson or --format csv.") }
        if file.isEmpty { throw ValidationError("--output names no file. Accepted: a path, or - for standard output.") }
    }
}
