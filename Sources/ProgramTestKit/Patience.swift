public import WorkflowModel

/// For what a test cannot be told of, because another process does it: it is looked at until it is so.
public enum Patience {
    public struct Exhausted: Error, CustomStringConvertible {
        public let description: String
    }

    /// How long it is from one look to the next.
    private static let interval = Duration.milliseconds(50)

    /// Returns when it is so. What is thrown while looking counts as a look in vain: things may be on their way up.
    /// - Throws: ``Exhausted`` when it is not so within that time.
    public static func wait(
        _ limit: Duration, until what: String, time: any TimeSource = SystemTime(), _ isSo: () async throws -> Bool
    ) async throws {
        let deadline = time.now + limit
        var trouble: (any Error)?
        while true {
            do {
                if try await isSo() { return }
                trouble = nil
            } catch {
                trouble = error
            }
            guard time.now < deadline else {
                throw Exhausted(description: "Not within \(limit): \(what)" + (trouble.map { " (\($0))" } ?? ""))
            }
            try await time.sleep(for: interval)
        }
    }
}
