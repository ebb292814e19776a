import ArgumentParser
import WorkflowAPI
import WorkflowClient
import WorkflowModel

struct Alerts: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists alerts and manages their receivers.",
        discussion: """
            EXAMPLE
              weir alerts --state given-up
              weir alerts receivers add --tenant acme --name ops \\
                  --url https://ops.example/hooks/weir --on failed
            """,
        subcommands: [AlertsList.self, AlertsResend.self, AlertsReceivers.self], defaultSubcommand: AlertsList.self)
}

struct AlertsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists alerts, newest first.",
        discussion: """
            EXAMPLE
              weir alerts list --state pending --json
            """)

    @Option(help: "State of the alerts: pending, delivered or given-up.", transform: Reading.alertState)
    var state: Alert.State?

    @Option(help: "Alerts per page, 1 to 1000. (default: 100)", transform: Reading.number(RunQuery.limits))
    var limit: Int?

    @Option(help: ArgumentHelp("Token of the previous page, to get the next one.", valueName: "token"))
    var nextToken: String?

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await client.client().alerts(in: state, limit: limit, nextToken: nextToken)
        try AlertPrinter.print(answer, isFiltered: state != nil || nextToken != nil, json: output.json)
    }
}

struct AlertsResend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resend",
        abstract: "Sends an alert again.",
        discussion: """
            EXAMPLE
              weir alerts resend wf-20261123-04711-k3J9aQ_failed_ops
            """)

    @Argument(help: "Id of the alert.")
    var id: String

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let alert = try await client.client().resendAlert(id)
        if output.json { return try Console.standard.print(JSONOutput.text { $0.alert(alert) }) }
        Console.standard.note("The alert will be sent to \(alert.receiver) again.")
    }
}
