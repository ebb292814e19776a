public import NIOCore
public import WorkflowModel

/// A schedule of a configuration with its ticks in a window of time.
public struct ScheduleForecast: Hashable, Sendable {
    /// How many ticks of each schedule a request may ask for.
    public static let limits = 1...1_000
    public static let defaultLimit = 20

    public var id: String
    public var cron: String
    /// An IANA name.
    public var timeZone: String
    /// Whether the schedule is paused by its configuration.
    public var isPaused: Bool
    /// The pause of the workflow; nil when it is not paused.
    public var pause: WorkflowPause?
    /// In order. A tick that a change of the clocks skips stands at the time of the change.
    public var ticks: [PreviewedTick]

    /// - Parameter ticks: the preview during that pause.
    public init(of schedule: Schedule, pause: WorkflowPause? = nil, ticks: [PreviewedTick]) {
        id = schedule.id
        cron = schedule.cron.text
        timeZone = schedule.timeZone
        isPaused = schedule.isPaused
        self.pause = pause
        self.ticks = ticks
    }
}

extension JSONWriter {
    public mutating func forecast(_ forecast: ScheduleForecast) {
        object { json in
            json.member("id", forecast.id)
            json.member("cron", forecast.cron)
            json.member("timezone", forecast.timeZone)
            json.name("paused")
            json.boolean(forecast.isPaused)
            json.pause(forecast.pause)
            json.name("ticks")
            json.array(of: forecast.ticks) { json, tick in
                json.object { json in
                    json.member("scheduled_for", tick.instant)
                    json.member("local_time", tick.wallTime)
                    json.member("clock_change", tick.change?.rawValue)
                    json.member("note", tick.note)
                    json.name("is_paused")
                    json.boolean(tick.isPaused)
                }
            }
        }
    }
}

extension ScheduleForecast {
    /// `{"data": […]}`
    public static func listDocument(_ forecasts: [ScheduleForecast]) -> ByteBuffer {
        JSONWriter.document(capacity: 64 + forecasts.reduce(0) { $0 + 256 + 128 * $1.ticks.count }) { json in
            json.object { json in
                json.name("data")
                json.array(of: forecasts) { json, forecast in json.forecast(forecast) }
            }
        }
    }

    /// - Throws: ``JSONProblem``
    public static func list(json bytes: [UInt8]) throws(JSONProblem) -> [ScheduleForecast] {
        try JSONReader.list(bytes) { try ScheduleForecast(from: &$0) }
    }

    private init(from reader: inout JSONReader) throws {
        var texts: [String: String] = [:]
        var isPaused = false
        var pause: WorkflowPause?
        var ticks: [PreviewedTick] = []
        try reader.object { reader, name in
            switch name {
            case "id", "cron", "timezone": texts[name] = try reader.string()
            case "paused": isPaused = try reader.boolean()
            case "pause": pause = try reader.optional { try $0.pause() }
            case "ticks": ticks = try reader.array { try PreviewedTick(from: &$0) }
            default: try reader.skip()
            }
        }
        id = try texts["id"].required("id")
        cron = try texts["cron"].required("cron")
        timeZone = try texts["timezone"].required("timezone")
        self.isPaused = isPaused
        self.pause = pause
        self.ticks = ticks
    }
}

extension PreviewedTick {
    fileprivate init(from reader: inout JSONReader) throws {
        var instant: Timestamp?
        var texts: [String: String] = [:]
        var isPaused = false
        try reader.object { reader, name in
            switch name {
            case "is_paused": isPaused = try reader.boolean()
            case "scheduled_for": instant = try reader.timestamp()
            case "local_time", "clock_change", "note": texts[name] = try reader.optional { try $0.string() }
            default: try reader.skip()
            }
        }
        self.init(
            instant: try instant.required("scheduled_for"), wallTime: try texts["local_time"].required("local_time"),
            change: texts["clock_change"].flatMap(ClockChange.init(rawValue:)), note: texts["note"], isPaused: isPaused)
    }
}
