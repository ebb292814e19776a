/// Ensures that a secret is valid only after it was shown.
enum OneTimeSecret {
    /// Drops a new key or receiver whose secret could not be shown.
    ///
    /// - Parameters:
    ///   - thing: its kind, such as `key`.
    ///   - command: the command line that removes it.
    /// - Returns: the failure to report.
    static func withdraw(
        _ thing: String, _ name: String, after failure: OutputFailure, by command: String, _ drop: () async throws -> Bool
    ) async -> CommandFailure {
        var failure = CommandFailure(failure)
        do {
            _ = try await drop()
            failure.message += " Dropped \(thing) \(name) again, because its secret was not shown."
        } catch {
            failure.message += " The \(thing) \(name) exists, but its secret was not shown. Drop it: \(command)"
        }
        return failure
    }

    /// Shows a new secret, then stores it. A secret that is stored first and then lost would replace one that is in use.
    /// - Throws: ``CommandFailure`` when the secret cannot be shown (nothing is changed) or cannot be stored.
    static func replace(
        _ thing: String, _ name: String, showing show: () throws(OutputFailure) -> Void, storing store: () async throws -> Void
    ) async throws {
        do throws(OutputFailure) {
            try show()
        } catch {
            var failure = CommandFailure(error)
            failure.message += " The \(thing) \(name) keeps its secret."
            throw failure
        }
        do {
            try await store()
        } catch {
            var failure = CommandFailure(describing: error)
            failure.message += " The printed secret is not valid, unless the connection broke after it was stored."
            throw failure
        }
    }
}
