import ArgumentParser
import WorkflowAPI
import WorkflowClient

struct Token: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Exchanges a client id and secret for an access token and prints it.",
        discussion: """
            Reads WEIR_CLIENT_ID and WEIR_CLIENT_SECRET. The token is good for an hour.

            EXAMPLE
              export WEIR_TOKEN=$(weir token)
            """)

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer: TokenAnswer
        do {
            answer = try await client.client(usingToken: false).token()
        } catch let error as ClientError where error.code == .refused(.unauthenticated) {
            throw CommandFailure(.notAllowed, "\(error.message) Check WEIR_CLIENT_ID and WEIR_CLIENT_SECRET.")
        }
        Console.standard.print(output.json ? JSONOutput.text(answer.document) : answer.accessToken)
    }
}
