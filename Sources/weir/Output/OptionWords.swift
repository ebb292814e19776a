import HTTPTypes
import WorkflowAPI
import WorkflowModel

/// Replaces the names of parameters in the service's messages by options of the command line.
enum OptionWords {
    private static let words = wordsOfVerbs + wordsOfFilter

    /// Names of one word are left as they are: a message says `state` and `type` of other things too. `not_config_id` comes before
    /// `config_id`, which is a part of it.
    private static let wordsOfFilter = RunFilterField.all.filter { $0.name.contains("_") }
        .sorted { $0.name.utf8.count > $1.name.utf8.count }.map { ($0.name, $0.option) }

    private static let wordsOfVerbs = [
        (#""from": "start""#, "--from-start"), (#""from": "failure""#, "--from-failure"),
        (#""version": "launched""#, "--version launched"), (#""version": "current""#, "--version current"),
        (" (config_id)", ""), ("the run_mode ", "the run mode "), ("run_mode", "--run-mode"), ("range_from", "--range-from"),
        ("range_to", "--range-to"), ("next_token", "--next-token"),
        ("scheduled_for", "the time of the tick"), (HeaderNames.idempotencyKey.rawName, "--idempotency-key"),
    ]

    /// The service names this header only to a client without a tenant.
    static func isMissingTenant(_ message: String) -> Bool {
        message.contains(HeaderNames.historicalTenant.rawName)
    }

    static func spoken(_ message: String) -> String {
        guard !isMissingTenant(message) else {
            return "The tenant is missing: name it with --tenant, or set WEIR_TENANT."
        }
        return words.reduce(message) { $0.replacing($1.0, with: $1.1) }
    }
}
