public import Logging

/// Records log lines, so that a test can search and await them.
public final class RecordedLog: Sendable {
    public struct Line: Sendable {
        public var level: Logger.Level
        public var message: String
        public var metadata: Logger.Metadata
    }

    private let lines = Watched<[Line]>([])

    public init() {}

    public var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(log: self) }
        logger.logLevel = .trace
        return logger
    }

    /// Each message with its metadata, oldest first.
    public var texts: [String] { lines.value.map { "\($0.message) \($0.metadata)" } }

    /// Returns the first line with this message, once it is logged.
    public func until(_ message: String) async -> Line? {
        await lines.until { $0.contains { $0.message == message } }
        return lines.value.first { $0.message == message }
    }

    public func messages(_ level: Logger.Level) -> [String] {
        lines.value.filter { $0.level == level }.map(\.message)
    }

    /// The number of lines that contain the text.
    public func count(of text: String) -> Int {
        texts.count { $0.contains(text) }
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
