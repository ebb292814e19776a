import ArgumentParser
import WorkflowClient
import WorkflowModel

/// Which runs a verb asks for: a search, a saved view and options, joined.
///
/// The search continues that of the view, as if it had been typed after it. Options add to both: values of one field are
/// alternatives wherever they are written, and a run has to match all fields.
struct RunQuestionOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Search, such as state:failed workflow:cg-daily since:7d \"connection reset\".", valueName: "search"),
        completion: .custom(SearchCompletion.candidates))
    var search: [String] = []

    @Option(
        help: ArgumentHelp("Begin with the search of a saved view.", valueName: "name"),
        completion: .custom(ServiceCompletion.views),
        transform: Reading.viewName)
    var view: String?

    @OptionGroup(title: "Filters") var filter: RunFilterOptions

    /// Finds mistakes before any request is sent.
    func validate() throws {
        _ = try filter.filter()
        do throws(CommandFailure) {
            _ = try question(after: nil)
        } catch {
            throw ValidationError(error.message)
        }
    }

    /// - Throws: ``CommandFailure``; `ClientError` when the view cannot be read.
    func question(_ client: WorkflowClient) async throws -> RunQuestion {
        guard let view else { return try question(after: nil) }
        return try question(after: try await client.view(named: view))
    }

    /// - Throws: ``CommandFailure`` (64), or (65) for a saved search that cannot be read.
    func question(after view: SavedView?) throws(CommandFailure) -> RunQuestion {
        let typed = search.joined(separator: " ")
        var question = try Self.read(typed, .usage)
        if let view {
            _ = try Self.read(view.search, .data)
            question = try Self.read("\(view.search) \(typed)", .usage)
        }
        do throws(RunFilterError) {
            let filter = try question.filter.adding(self.filter)
            return RunQuestion(filter: filter, sort: question.sort)
        } catch {
            throw CommandFailure(.usage, error.commandLineMessage)
        }
    }

    private static func read(_ text: String, _ status: ExitStatus) throws(CommandFailure) -> RunSearch {
        do throws(RunSearchError) {
            return try RunSearch(reading: text, at: Reading.now)
        } catch {
            throw CommandFailure(status, error.message)
        }
    }
}

/// A filter of runs, and their order if the search names one.
struct RunQuestion: Hashable, Sendable {
    var filter: RunFilter
    /// nil for the filter's own order.
    var sort: RunSort?
}

extension RunFilter {
    /// - Throws: ``RunFilterError`` when the options name a field again that takes one value.
    fileprivate func adding(_ options: RunFilterOptions) throws(RunFilterError) -> RunFilter {
        try RunFilter { field in (value(of: field)?.texts ?? []) + options.texts(of: field) }
    }
}
