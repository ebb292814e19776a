import WorkflowAPI
import WorkflowClient
import WorkflowModel
import WorkflowOperations

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Previews a bulk operation, asks, requests it, and follows it to its end.
struct BulkRequesting {
    let action: BulkAction
    let options: BulkOptions
    let output: OutputOptions
    let client: WorkflowClient
    var console = Console.standard

    func run(_ selection: BulkSelection) async throws {
        var order = BulkOrder(action, selection, perSecond: options.perSecond, expected: options.expect)
        let preview = try await client.preview(order)
        if options.dryRun {
            return try console.print(
                output.json
                    ? JSONOutput.text(preview.document) : BulkTables.preview(preview, width: console.outputWidth))
        }
        guard preview.total > 0 else { return console.note("No run matches.") }
        if !options.yes {
            try ask(preview)
            // The service refuses another number than the one that was shown. With --yes, none was shown.
            order.expected = preview.total
        }
        let operation = try await client.request(order)
        let ended = options.noWait ? operation : try await follow(operation)
        if output.json { try console.print(JSONOutput.text(ended.document)) } else { console.note(ended.sentence) }
        if !options.noWait { throw ended.status }
    }

    private func ask(_ preview: BulkPreview) throws {
        let question = "\(action.kind.words(preview.total))?"
        guard isatty(STDIN_FILENO) == 1, console.messagesAreTerminal else {
            throw CommandFailure(
                .usage, "\(question) There is no terminal to ask on. Repeat the command with --yes, or with --dry-run to see them.")
        }
        console.note(BulkTables.preview(preview, width: console.messageWidth))
        console.draw("\n\(question) [y/N] ")
        guard let answer = readLine()?.lowercased(), ["y", "yes"].contains(answer) else {
            throw CommandFailure(.stopped, "Nothing was changed.")
        }
    }

    /// An interrupt leaves the operation as it is.
    private func follow(_ operation: BulkOperation) async throws -> BulkOperation {
        let (client, console) = (client, console)
        do {
            return try await Interruption.cancelling {
                let bar = ProgressBar(console: console)
                defer { bar.clear() }
                return try await BulkWatch(client: client).end(of: operation) { now in
                    bar.show {
                        ProgressBar.line(
                            now.counts.receipts, "runs", fraction: Double(now.counts.receipts) / Double(max(1, now.total)),
                            elapsed: $0)
                    }
                }
            }
        } catch is CancellationError {
            throw CommandFailure(
                .temporary,
                "Interrupted. The operation goes on: weir bulk show \(operation.id) shows it, weir bulk abort \(operation.id) ends it."
            )
        }
    }
}
