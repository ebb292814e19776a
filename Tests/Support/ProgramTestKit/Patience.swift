public import WorkflowModel

/// Polls for conditions that another process brings about without a notification.
public enum Patience {
    public struct Exhausted: Error, CustomStringConvertible {
        public let description: String
    }

    /// Pause between two checks.
    private static let interval = Duration.milliseconds(50)
    /// How long a condition may take. A machine that compiles beside the tests takes many times as long as a quiet one, so this
    /// only ends a test that would never end.
    private static let limit = Duration.seconds(300)

    /// Returns when the condition holds. An error during a check counts as false, because the other process may still be starting.
    /// - Throws: ``Exhausted`` when the condition does not hold in time.
    public static func wait(
        until what: String, time: any TimeSource = SystemTime(), _ isSo: () async throws -> Bool
    ) async throws {
        let deadline = time.now + limit
        var lastError: (any Error)?
        while true {
            do {
                if try await isSo() { return }
                lastError = nil
            } catch {
                lastError = error
            }
            guard time.now < deadline else {
                throw Exhausted(description: "Not within \(limit): \(what)" + (lastError.map { " (\($0))" } ?? ""))
            }
            try await time.sleep(for: interval)
        }
    }
}
