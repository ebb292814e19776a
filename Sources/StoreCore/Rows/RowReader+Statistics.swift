public import WorkflowModel

extension RowReader {
    /// The columns runs, runtime_ms, longest_ms.
    public mutating func nextFigures() throws -> RunFigures {
        RunFigures(runs: try next(), totalRuntime: try next(), longestRuntime: try next())
    }

    /// A text that is empty for none, because it is part of a key.
    public mutating func nextKeyText() throws -> String? {
        let text = try text()
        return text.isEmpty ? nil : text
    }

    /// The columns day, type, state, attribution, configuration, the name of the type, runs, runtime_ms, longest_ms.
    /// - Parameter number: that of the tenant.
    public mutating func nextTransferredStatistic(
        of tenant: Tenant, numbered number: Int
    ) throws -> TransferredRow<StatisticPlace, TransferredStatistic> {
        let place = StatisticPlace(
            tenant: number, day: try next(), type: try next(), state: try next(), attribution: try text(),
            configuration: try text())
        guard RunState.byCode.indices.contains(place.state) else {
            throw StoreError.unreadable("a statistic of state \(place.state)")
        }
        let attribution = place.attribution.isEmpty ? nil : Attribution(rawValue: place.attribution)
        let statistic = RunStatistic(
            day: place.day, configuration: place.configuration.isEmpty ? nil : place.configuration,
            type: try next(), state: RunState.byCode[place.state], attribution: attribution,
            figures: try nextFigures())
        return TransferredRow(place, TransferredStatistic(tenant: tenant, statistic: statistic))
    }
}
