import WorkflowModel

/// The constants that fill the placeholders of the embedded documents, by their names in the code.
enum DocumentConstants {
    static let values: JSONMembers = [
        "APIVersion": .string(APIVersion.newestStable.rawValue),
        "APIVersion.accepted": .array(APIVersion.accepted.map(JSONValue.string)),
        "Alert.State": words(Alert.State.self),
        "AlertEvent": words(AlertEvent.self),
        "AlertLimits.filters": number(AlertLimits.filters),
        "AlertLimits.urlBytes": number(AlertLimits.urlBytes),
        "AlertReceiver.Kind": words(AlertReceiver.Kind.self),
        "AlertReceiver.nameRule": .string(AlertReceiver.nameRule),
        "Attribution": words(Attribution.self),
        "AuditEventType": .string(AuditEventType.allCases.map(\.rawValue).joined(separator: ", ")),
        "AuditOrigin.longestUserAgent": number(AuditOrigin.longestUserAgent),
        "BackfillAnswer.Outcome": words(BackfillAnswer.Outcome.self),
        "ConfigurationSource.Format": words(ConfigurationSource.Format.self),
        "FacetQuery.most": number(FacetQuery.limits.upperBound),
        "StatisticsQuery.most": number(StatisticsQuery.limits.upperBound),
        "IssueRequest.mostDays": number(IssueRequest.mostDays),
        "LimitUsage.mostHolders": number(LimitUsage.mostHolders),
        "Limits.requestID": number(Limits.requestID),
        "Limits.viewSearch": number(Limits.viewSearch),
        "PreviewedTick.ClockChange": words(PreviewedTick.ClockChange.self),
        "RerunStart": words(RerunStart.self),
        "RerunVersion": words(RerunVersion.self),
        "RunLabel.acceptedKeys": .string(RunLabel.acceptedKeys),
        "RunLabel.acceptedValues": .string(RunLabel.acceptedValues),
        "RunLabels.most": number(RunLabels.most),
        "RunMode": words(RunMode.self),
        "RunQuery.longestData": number(RunQuery.longestData),
        "RunRecord.most": number(RunRecord.most),
        "RunState": words(RunState.self),
        "SavedConfiguration.Change": .array(SavedConfiguration.Change.allCases.map { .string($0.word) }),
        "SkipReason": words(SkipReason.self),
        "TaskState": words(TaskState.self),
        "TaskWaitReason.mostAhead": number(TaskWaitReason.mostAhead),
        "TickOutcome": words(TickOutcome.self),
        "TickReason": words(TickReason.self),
        "TokenRefusal.Code": words(TokenRefusal.Code.self),
    ]

    private static func words<Words: CaseIterable & RawRepresentable<String>>(_ words: Words.Type) -> JSONValue {
        .array(words.allCases.map { .string($0.rawValue) })
    }

    private static func number(_ value: Int) -> JSONValue {
        .integer(Int64(value))
    }
}
