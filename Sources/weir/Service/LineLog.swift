import Logging
import WorkflowModel

/// Writes the log to standard error, one line per event: time, level, label, message, metadata.
struct LineLog: LogHandler {
    let label: String
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    private let time: any TimeSource
    private let writer: LogWriter

    init(label: String, logLevel: Logger.Level, time: any TimeSource = SystemTime(), writer: LogWriter = .standard) {
        self.label = label
        self.logLevel = logLevel
        self.time = time
        self.writer = writer
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let own = event.metadata { all.merge(own) { $1 } }
        var line = "\(time.now.iso8601) \(event.level.rawValue) \(label): \(event.message)"
        for (name, value) in all.sorted(by: { $0.key < $1.key }) { line += " \(name)=\(Self.quoted("\(value)"))" }
        writer.write(HumanText.printable(line))
    }

    private static func quoted(_ value: String) -> String {
        guard value.isEmpty || value.contains(where: { $0 == " " || $0 == "\"" || $0 == "=" }) else { return value }
        return "\"" + value.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"") + "\""
    }
}
