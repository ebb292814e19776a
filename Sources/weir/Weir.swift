import ArgumentParser

@main
struct Weir: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weir",
        abstract: "Runs workflows and tells you what happened.",
        discussion: """
            EXAMPLE
              weir demo                                   a service with sample workflows, to look around
              weir keys create --tenant acme --name me --policy admin
              weir serve                                  the service
              weir apply daily.yaml                       the verbs of a client: they read WEIR_URL, WEIR_TENANT and
              weir start cg-daily --wait                  WEIR_TOKEN, or WEIR_CLIENT_ID and WEIR_CLIENT_SECRET

            Times are shown in UTC. Messages go to standard error. Exit codes: 0 fine, 64 wrong arguments, 65 wrong data,
            66 not found, 69 unavailable, 70 a fault of the program, 73 cannot be created, 75 try again later,
            77 not allowed, 78 wrong settings; after a wait 1 failed by the customer, 2 failed by the platform, 3 stopped.
            """,
        version: ProgramVersion.current,
        subcommands: [
            Serve.self, Demo.self, Keys.self, Tenants.self, Token.self, Apply.self, Configs.self, Start.self, RerunVerb.self,
            Schedules.self, Backfill.self, Runs.self, Show.self, Why.self, Logs.self, Stop.self, Alerts.self, Import.self,
            Retention.self, Check.self, Move.self,
        ])

    static func main() async {
        do {
            var command = try await asyncParseAsRoot(nil)
            await Console.standard.end(with: status(of: &command))
        } catch {
            // Requests for help and complaints about arguments: the parser knows how to say them, and exits with 64.
            exit(withError: error)
        }
    }

    /// What only shows help is the parser's own, or asks for it: its errors are for the parser to say.
    private static func end(with command: inout any ParsableCommand) -> Never {
        do {
            try command.run()
            exit()
        } catch {
            exit(withError: error)
        }
    }

    /// Runs a command, and tells a failure on standard error.
    static func status(of command: inout any ParsableCommand) async -> ExitStatus {
        do {
            guard var verb = command as? any AsyncParsableCommand else { end(with: &command) }
            try await verb.run()
            return .succeeded
        } catch let ending as ExitStatus {
            return ending
        } catch let error where error is ValidationError || error is CleanExit || error is ExitCode {
            exit(withError: error)
        } catch {
            let failure = CommandFailure(describing: error)
            Console.standard.note("weir: \(failure.message)")
            return failure.status
        }
    }
}
