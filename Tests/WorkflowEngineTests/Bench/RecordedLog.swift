import Logging
import WorkflowTestKit

/// Keeps the lines that were logged, so that a test can ask for them and wait for them.
final class RecordedLog: Sendable {
    struct Line: Sendable {
        var level: Logger.Level
        var message: String
        var metadata: Logger.Metadata
    }

    private let lines = Watched<[Line]>([])

    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(log: self) }
        logger.logLevel = .trace
        return logger
    }

    func until(_ message: String) async -> Line? {
        await lines.until { $0.contains { $0.message == message } }
        return lines.value.first { $0.message == message }
    }

    func messages(_ level: Logger.Level) -> [String] {
        lines.value.filter { $0.level == level }.map(\.message)
    }

    private struct Handler: LogHandler {
        let log: RecordedLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let line = Line(level: event.level, message: event.message.description, metadata: event.metadata ?? [:])
            log.lines.change { $0.append(line) }
        }
    }
}
