extension ScheduleDecision {
    /// The missed ticks to report: only the last one of each schedule, because one alert is enough.
    public func missedTicks(title: String, type: String, at now: Timestamp) -> [AlertMatter] {
        var last: [String: Timestamp] = [:]
        for tick in ticks where tick.outcome == .missed {
            last[tick.schedule] = max(last[tick.schedule] ?? tick.instant, tick.instant)
        }
        return last.sorted { $0.key < $1.key }.map { schedule, instant in
            AlertMatter(
                .tickMissed, of: .tick(schedule: schedule, nominal: instant), title: title, configuration: configuration,
                type: type, at: now)
        }
    }
}
