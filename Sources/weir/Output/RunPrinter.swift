import WorkflowAPI
import WorkflowModel

/// Prints a list of runs page by page, so that a long list needs little memory.
final class RunPrinter {
    private let console: Console
    private let json: Bool
    private let sort: RunSort
    private let search: String
    private let bar: ProgressBar
    private var printed = 0
    private var hasHeader = false
    private var total: RunTotal?

    /// - Parameter search: the search that the list answers, with fixed times.
    init(console: Console, json: Bool, sort: RunSort = RunSort(by: .created), search: String = "") {
        self.console = console
        self.json = json
        self.sort = sort
        self.search = search
        bar = ProgressBar(console: console)
    }

    /// All pages together form one JSON document of the API's form, or one table.
    func print(_ page: RunListAnswer, isFirst: Bool, isLast: Bool) throws {
        if isFirst { total = page.total }
        bar.clear()
        if json {
            try printJSON(page, isFirst: isFirst, isLast: isLast)
        } else {
            try printTable(page, isLast: isLast)
        }
        printed += page.runs.count
        if !isLast, let place = page.searchedTo {
            bar.show { _ in SearchNote.progress(place, sort: self.sort, found: self.printed) }
        }
    }

    /// Removes the progress line, also after a failure.
    func clear() {
        bar.clear()
    }

    private func printJSON(_ page: RunListAnswer, isFirst: Bool, isLast: Bool) throws {
        var text = isFirst ? "{\"data\":[" : ""
        for run in page.runs {
            text += (printed == 0 && text == "{\"data\":[" ? "" : ",") + JSONOutput.run(run)
        }
        if isLast {
            text += "]"
            if let token = page.nextToken {
                text += ",\"next_token\":" + JSONOutput.text { $0.string(token) }
            }
            if let total = total?.exact { text += ",\"total\":\(total)" }
            text += "}\n"
        }
        try console.write(Array(text.utf8))
    }

    private func printTable(_ page: RunListAnswer, isLast: Bool) throws {
        if !page.runs.isEmpty {
            let table = RunTables.runs(page.runs, sortedBy: sort.key, width: console.outputWidth)
            try console.print(table.text(withHeader: !hasHeader))
            hasHeader = true
        }
        guard isLast else { return }
        let isEmpty = printed == 0 && page.runs.isEmpty
        if isEmpty { console.note(page.nextToken == nil ? "No run matches." : "No run found yet.") }
        if let total, !isEmpty || total.counted > 0 { console.note(total.sentence) }
        if let token = page.nextToken {
            console.note(SearchNote.sentence(page.searchedTo, sort: sort, search: search, nextToken: token))
        }
    }
}
