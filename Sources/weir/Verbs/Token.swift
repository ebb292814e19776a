import ArgumentParser
import Foundation
import WorkflowAPI
import WorkflowClient
import WorkflowModel

struct Token: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints an access token.",
        discussion: """
            Without arguments, exchanges WEIR_CLIENT_ID and WEIR_CLIENT_SECRET for a token that lasts one hour. With --days or a key \
            id, issues a longer token for that key of the tenant, or for WEIR_CLIENT_ID. The credentials then need the policy issuer \
            or admin.

            EXAMPLE
              export WEIR_TOKEN=$(weir token)
              weir token --days 90 wk_kq0FQmPzJx3vX1yR
            """)

    @Argument(help: ArgumentHelp("Key of the token. (default: WEIR_CLIENT_ID)", valueName: "key-id"))
    var key: String?

    @Option(
        help: "Days until the token expires, 1 to \(IssueRequest.mostDays). (default: 30 with a key id)",
        transform: Reading.number(1...IssueRequest.mostDays))
    var days: Int?

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = days == nil && key == nil ? try await exchange() : try await issue()
        try Console.standard.print(output.json ? JSONOutput.text(answer.document) : answer.accessToken)
    }

    private func exchange() async throws -> TokenAnswer {
        try await client.client(usingToken: false).token()
    }

    private func issue() async throws -> TokenAnswer {
        let own = ProcessInfo.processInfo.environment["WEIR_CLIENT_ID"].flatMap { $0.isEmpty ? nil : $0 }
        guard let key = key ?? own else {
            throw CommandFailure(.usage, "The key is missing: name it, or set WEIR_CLIENT_ID.")
        }
        let end = SystemTime().now + .seconds((days ?? 30) * 86_400)
        return try await client.client().issueToken(of: key, expiringAt: end)
    }
}
