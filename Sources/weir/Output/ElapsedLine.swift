import WorkflowModel

/// Shows how long a silent operation has been going on, on a terminal only: `Reading the whole store: 12 s`.
enum ElapsedLine {
    private static let interval = Duration.seconds(1)

    /// The line is gone when the operation has ended.
    static func during<Result: Sendable>(
        _ words: String, console: Console = .standard, time: any TimeSource = SystemTime(),
        _ operation: @Sendable () async throws -> Result
    ) async throws -> Result {
        guard console.messagesAreTerminal else { return try await operation() }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let bar = ProgressBar(console: console, time: time)
                defer { bar.clear() }
                while (try? await time.sleep(for: interval)) != nil {
                    bar.show { "\(words): \(HumanText.duration($0))" }
                }
            }
            do {
                let result = try await operation()
                group.cancelAll()
                try await group.waitForAll()
                return result
            } catch {
                group.cancelAll()
                try await group.waitForAll()
                throw error
            }
        }
    }
}
