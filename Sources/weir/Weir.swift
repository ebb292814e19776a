import ArgumentParser
import TaskRunners
import WorkflowAPI
import WorkflowClient
import WorkflowModel
import WorkflowOperations

@main
struct Weir: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weir",
        abstract: "Runs workflows and tells you what happened.",
        discussion: """
            Client commands read WEIR_URL, WEIR_TENANT, and either WEIR_TOKEN or WEIR_CLIENT_ID and WEIR_CLIENT_SECRET.

            EXAMPLE
              weir demo                     a service with sample workflows
              weir keys create --tenant acme --name me --policy admin
              weir serve                    the service
              weir run daily.yaml           a workflow, without a service
              weir apply daily.yaml
              weir start cg-daily --wait

            weir --version prints the version. weir --generate-completion-script prints a script for your shell. Times are in UTC. Results go to standard output, messages to standard error. On a \
            narrow terminal, a table omits its least important columns; --json, files and pipes get all of them.

            Exit codes: 0 success, 64 usage error, 65 invalid data, 66 not found, 69 unavailable, 70 internal error, 73 cannot \
            create, 74 cannot write the output, 75 temporary failure, 77 permission denied, 78 configuration error. With --wait: \
            1 failed (customer), 2 failed (platform or unknown), 3 stopped. A closed pipe, as in weir runs | head, is not an error.
            """,
        subcommands: [
            Serve.self, Demo.self, Keys.self, Tenants.self, Token.self, Validate.self, Apply.self, Schema.self, Configs.self,
            RunHere.self, Start.self,
            RerunVerb.self,
            Schedules.self, Triggers.self, Backfill.self, Pause.self, Resume.self, Runs.self, Statistics.self,
            Views.self, Show.self, Why.self, Logs.self, Stop.self, Resolve.self, Bulk.self, Note.self, Notify.self, Alerts.self,
            Secrets.self,
            Import.self, Audit.self,
            Retention.self, Check.self, Move.self,
        ])

    func run() async throws {
        throw CleanExit.helpRequest(self)
    }

    static func main() async {
        OwnProcess.resetInheritedState()
        StandardStreams.prepare()
        do {
            // Not a flag of the parser: every verb would inherit it, and it would replace rerun's own `--version`.
            if CommandLine.arguments.dropFirst().elementsEqual(["--version"]) {
                try Console.standard.print(ProgramVersion.current)
                Console.standard.end(with: .succeeded)
            }
            var command = try await asyncParseAsRoot(ExcludedTerms.marked(Array(CommandLine.arguments.dropFirst())))
            await Console.standard.end(with: status(of: &command))
        } catch {
            Console.standard.end(with: report(error))
        }
    }

    /// Runs a command and reports a failure on standard error.
    static func status(of command: inout any ParsableCommand) async -> ExitStatus {
        do {
            if var verb = command as? any AsyncParsableCommand {
                try await verb.run()
            } else {
                try command.run()
            }
            return .succeeded
        } catch {
            return report(error)
        }
    }

    /// Reports why a command ended, unless the command has reported it.
    private static func report(_ error: any Error) -> ExitStatus {
        switch error {
        case let ending as ExitStatus: return ending
        case is CommandFailure, is ClientError, is StoreError, is APIError, is OperationError,
            is ConfigurationProblems, is CancellationError:
            break
        default:
            if let ending = parserEnding(error) { return ending }
        }
        let failure = CommandFailure(describing: error)
        LogWriter.standard.flush(atMost: .seconds(1))
        Console.standard.note("weir: \(failure.message)")
        return failure.status
    }

    /// Prints help, or the parser's message about wrong arguments.
    /// - Returns: nil for an error that is not the parser's.
    private static func parserEnding(_ error: any Error) -> ExitStatus? {
        let code = exitCode(for: error)
        let console = Console.standard
        let text = fullMessage(for: error)
        guard code.isSuccess else {
            guard code == .validationFailure else { return nil }
            console.note(HelpText.wrappingUsage(in: text, columns: console.messageWidth))
            return .usage
        }
        do {
            if !text.isEmpty { try console.print(HelpText.wrappingUsage(in: text, columns: console.outputWidth ?? 80)) }
            return .succeeded
        } catch {
            return report(error)
        }
    }
}
