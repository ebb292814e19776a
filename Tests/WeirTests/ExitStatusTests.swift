import ArgumentParser
import HTTPTypes
import PostgresStore
import Testing
import WorkflowAPI
import WorkflowClient
import WorkflowModel

@testable import weir

@Suite("Exit codes")
struct ExitStatusTests {
    @Test(arguments: [
        (APIError.Kind.invalid, Int32(65)), (.unauthenticated, 77), (.forbidden, 77), (.notFound, 66), (.methodNotAllowed, 70),
        (.notAcceptable, 65),
        (.conflict, 65), (.tooLarge, 65), (.unsupportedMediaType, 65), (.keyMismatch, 65), (.rateLimited, 75),
        (.headersTooLarge, 65), (.failed, 70), (.unavailable, 69),
    ])
    func everyAnswerHasItsCode(kind: APIError.Kind, code: Int32) {
        let failure = CommandFailure(describing: ClientError(.refused(kind), "A message."))
        #expect(failure.status.rawValue == code)
        // The message about refused credentials names variables; see refusedCredentialsAreCalledByTheirVariables.
        #expect(kind == .unauthenticated || failure.message.hasPrefix("A message."))
    }

    /// A conflict with a running request is temporary, a conflict with the state of a run is not.
    @Test(arguments: [(RerunRefusal.hasNotEnded, Int32(75)), (.isHistory, 65), (.keepsEverything, 65), (.hasNoCurrentVersion, 65)])
    func onlyATemporaryConflictIsToBeTriedAgain(refusal: RerunRefusal, code: Int32) {
        let answer = APIError(refusal)
        #expect(CommandFailure(describing: answer).status.rawValue == code)
        #expect(
            CommandFailure(describing: ClientError(.refused(.conflict), "", isPassing: answer.isPassing)).status.rawValue == code)
    }

    @Test(arguments: [(ClientError.Code.unreachable, Int32(69)), (.timedOut, 69), (.unreadable, 70), (.invalidAddress, 78)])
    func everyFailureOnTheWayHasItsCode(code: ClientError.Code, status: Int32) {
        #expect(CommandFailure(describing: ClientError(code, "")).status.rawValue == status)
    }

    @Test(arguments: [
        (StoreError.Code.unavailable, Int32(69)), (.damaged, 65), (.newerThanProgram, 78), (.ownedElsewhere, 75), (.duplicate, 65),
    ])
    func everyFailureOfAStoreHasItsCode(code: StoreError.Code, status: Int32) {
        #expect(CommandFailure(describing: StoreError(code, "")).status.rawValue == status)
    }

    /// A missing tenant is a missing option, in every verb.
    @Test func aMissingTenantIsAUsageError() throws {
        let answer = ClientError(.refused(.invalid), "The header \(HeaderNames.historicalTenant.rawName) is missing.")
        #expect(CommandFailure(describing: answer).status == .usage)
        #expect(CommandFailure(describing: answer).message == "The tenant is missing: name it with --tenant, or set WEIR_TENANT.")
        #expect {
            _ = try TenantOptions.parse([]).required(environment: [:])
        } throws: { CommandFailure(describing: $0).status == .usage || Weir.exitCode(for: $0).rawValue == 64 }
    }

    @Test func anInternalErrorShowsNoDetails() {
        struct Internal: Error {
            let secret = "SELECT"
        }
        let failure = CommandFailure(describing: Internal())
        #expect(failure.status == .software)
        #expect(!failure.message.contains("SELECT"))
    }

    @Test(arguments: [
        (Samples.run(state: .succeeded), ExitStatus.succeeded),
        (Samples.run(state: .canceled, error: .manuallyStopped), .stopped),
        (Samples.run(state: .failed, error: Samples.fault), .failedByCustomer),
        (Samples.run(state: .failed, error: .workerLost("")), .failedOtherwise),
        (Samples.run(state: .failed, error: RunError(attribution: nil, type: "a/b", message: "")), .failedOtherwise),
    ])
    func theExitCodeOfAWaitIsThatOfItsRun(run: WorkflowRun, status: ExitStatus) {
        #expect(Start.ending(of: run) == status)
    }

    @Test func theExitCodesOfAWaitAreUnique() {
        let ofWaits: Set<ExitStatus> = [.failedByCustomer, .failedOtherwise, .stopped]
        #expect(ofWaits.count == 3)
        #expect(ofWaits.allSatisfy { (1...63).contains($0.rawValue) })
    }

    @Test(arguments: [
        ["runs", "--state", "done"], ["runs", "--limit", "0"], ["runs", "--limit", "1001"], ["runs", "--limit", "x"],
        ["runs", "--created-from", "2024-02-30"], ["runs", "--created-from", "2024", "--created-to", "2023"],
        ["runs", "--all", "--next-token", "x"], ["runs", "--nonsense"], ["nonsense"], ["start"],
        ["start", "cg", "--range-to", "2024"], ["start", "cg", "--run-mode", "half"], ["start", "cg", "--idempotency-key", ""],
        ["show"], ["show", ""], ["logs", "wf-1", "--attempt", "0"], ["logs", "wf-1", "--attempt", "1", "--follow"],
        ["logs", "wf-1", "--stream", "stdin"],
        ["keys", "create", "--tenant", "a b", "--name", "x", "--policy", "admin"],
        ["keys", "create", "--tenant", "a", "--name", "", "--policy", "admin"],
        ["keys", "create", "--tenant", "a", "--name", "x", "--policy", "root"], ["tenants", "set", "acme"],
        ["tenants", "set", "acme", "--rate-limit", "-1"], ["serve", "--port", "65536"], ["serve", "--workers", "-1"],
        ["serve", "--no-api", "--workers", "0"], ["serve", "--grace", "10"],
        ["serve", "--database", "postgres://x/y", "--lease", "6s", "--grace", "10s"], ["serve", "--output-limit", "1GB"],
        ["serve", "--log-level", "loud"], ["serve", "--database", "x"],
        ["serve", "--data", "x", "--read-replica", "postgres://x"], ["serve", "--data", "x", "--database-connections", "3"],
        ["keys", "list", "--data", "x", "--database", "postgres://x"], ["import", "x"],
        ["import", "x", "--tenant", "acme", "--batch", "0"],
    ])
    func wrongArgumentsAreReported(arguments: [String]) {
        #expect {
            _ = try Weir.parseAsRoot(arguments)
        } throws: { error in
            Weir.exitCode(for: error).rawValue == ExitStatus.usage.rawValue && !Weir.fullMessage(for: error).isEmpty
        }
    }

    @Test(arguments: [
        (
            ClientError.PresentedCredentials.none,
            "Credentials are missing: set WEIR_CLIENT_ID and WEIR_CLIENT_SECRET, or WEIR_TOKEN."
        ),
        (.token, "The access token has expired. Set WEIR_TOKEN to a new token (weir token)"),
        (.key, "Check WEIR_CLIENT_ID and WEIR_CLIENT_SECRET."),
    ])
    func refusedCredentialsAreCalledByTheirVariables(presented: ClientError.PresentedCredentials, words: String) {
        var error = ClientError(
            .refused(.unauthenticated), "The access token has expired; get another one from /api/v0/oauth2/token.")
        error.presented = presented
        let failure = CommandFailure(describing: error)
        #expect(failure.status == .notAllowed)
        #expect(failure.message.contains(words), "\(failure.message)")
        #expect(!failure.message.contains("Authorization"))
    }

    @Test(arguments: [
        (RerunRefusal.hasNotFailed, "--from-start"), (.keepsEverything, "--from-start"),
        (.hasNoCurrentVersion, "--version launched"),
    ])
    func refusalsSpeakOfOptions(refusal: RerunRefusal, words: String) {
        let answer = APIError(refusal)
        let failure = CommandFailure(describing: ClientError(.refused(.conflict), answer.message))
        #expect(failure.message.contains(words), "\(failure.message)")
        #expect(!failure.message.contains("\""))
    }

    @Test(arguments: [
        ("created_to is before created_from.", "--created-to is before --created-from."),
        ("The parameter not_config_id is empty.", "The parameter --not-config-id is empty."),
        ("type is unknown", "type is unknown"),
    ])
    func parametersAreCalledByTheirOptions(message: String, spoken: String) {
        #expect(OptionWords.spoken(message) == spoken)
    }

    /// Nodes share the store; the working files of tasks are in the node's data directory.
    @Test func aNodeHasADatabaseAndADataDirectory() throws {
        let line = [
            "--data", "x", "--database", "postgres://y/z", "--read-replica", "postgres://a/z", "--read-replica", "postgres://b/z",
        ]
        let serve = try Serve.parse(line)
        #expect(serve.data.directory == "x")
        #expect(serve.data.location == .database(try DatabaseAddress("postgres://y/z")))
        #expect(serve.readReplica.count == 2)
    }

    @Test func anErrorMessageNamesAcceptedValues() {
        #expect {
            _ = try Weir.parseAsRoot(["runs", "--state", "done"])
        } throws: { error in
            Weir.message(for: error).contains("scheduled, started, in-progress")
        }
    }
}
