import WorkflowAPI
import WorkflowModel

/// Prints a list of runs page by page, so that a list of any length takes little memory.
final class RunPrinter {
    private let console: Console
    private let json: Bool
    private var printed = 0
    private var total: Int?

    init(console: Console, json: Bool) {
        self.console = console
        self.json = json
    }

    /// All pages together make one JSON document of the API's form, or one table.
    func print(_ page: RunListAnswer, isFirst: Bool, isLast: Bool) {
        if isFirst { total = page.total }
        if json {
            printJSON(page, isFirst: isFirst, isLast: isLast)
        } else {
            printTable(page, isFirst: isFirst, isLast: isLast)
        }
        printed += page.runs.count
    }

    private func printJSON(_ page: RunListAnswer, isFirst: Bool, isLast: Bool) {
        var text = isFirst ? "{\"data\":[" : ""
        for run in page.runs {
            text += (printed == 0 && text == "{\"data\":[" ? "" : ",") + JSONOutput.run(run)
        }
        if isLast {
            text += "]"
            if let token = page.nextToken {
                text += ",\"next_token\":" + JSONOutput.text { $0.string(token) }
            }
            if let total { text += ",\"total\":\(total)" }
            text += "}\n"
        }
        console.write(Array(text.utf8))
    }

    private func printTable(_ page: RunListAnswer, isFirst: Bool, isLast: Bool) {
        if !page.runs.isEmpty {
            console.print(RunTables.runs(page.runs, width: console.outputWidth).text(withHeader: isFirst))
        } else if isFirst {
            console.note("No run matches.")
        }
        if let total, isLast {
            console.note("\(HumanText.count(total)) \(total == 1 ? "run matches" : "runs match").")
        }
        if let token = page.nextToken, isLast {
            console.note("There are more: add --all, or --next-token \(token)")
        }
    }
}
