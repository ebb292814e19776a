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
        "BulkAction.Kind": words(BulkAction.Kind.self),
        "BulkLimits.ids": number(BulkLimits.ids),
        "BulkLimits.leastRate": number(BulkLimits.rates.lowerBound),
        "BulkLimits.mostRate": number(BulkLimits.rates.upperBound),
        "BulkLimits.usualRate": number(BulkLimits.usualRate),
        "BulkOperation.State": words(BulkOperation.State.self),
        "BulkOutcome": words(BulkOutcome.self),
        "ConfigurationSource.Format": words(ConfigurationSource.Format.self),
        "FiringOutcome": words(FiringOutcome.self),
        "TriggerEnd": words(TriggerEnd.self),
        "TriggerLimits.chain": number(TriggerLimits.chain),
        "TriggerLimits.shownFirings": number(TriggerLimits.shownFirings),
        "WorkflowTrigger.Range": words(WorkflowTrigger.Range.self),
        "FacetQuery.most": number(FacetQuery.limits.upperBound),
        "StatisticsQuery.most": number(StatisticsQuery.limits.upperBound),
        "IssueRequest.mostDays": number(IssueRequest.mostDays),
        "LimitUsage.mostHolders": number(LimitUsage.mostHolders),
        "Limits.requestID": number(Limits.requestID),
        "Limits.viewSearch": number(Limits.viewSearch),
        "SecretRule.longestValue": number(SecretRule.longestValue),
        "SecretRule.shortestValue": number(SecretRule.shortestValue),
        "ParameterLimits.bytes": number(ParameterLimits.bytes),
        "ParameterLimits.count": number(ParameterLimits.count),
        "ParameterLimits.valueBytes": number(ParameterLimits.valueBytes),
        "PreviewedTick.ClockChange": words(PreviewedTick.ClockChange.self),
        "RerunStart": words(RerunStart.self),
        "RerunVersion": words(RerunVersion.self),
        "RunLabel.acceptedKeys": .string(RunLabel.acceptedKeys),
        "RunLabel.acceptedValues": .string(RunLabel.acceptedValues),
        "RunLabels.most": number(RunLabels.most),
        "RunMode": words(RunMode.self),
        "RunNote.accepted": .string(RunNote.accepted),
        "RunNote.characters": number(RunNote.characters.upperBound),
        "RunNote.most": number(RunNote.most),
        "RunQuery.longestData": number(RunQuery.longestData),
        "Resolution": words(Resolution.self),
        "ResolvedOutputs.bytes": number(ResolvedOutputs.bytes),
        "RunResolution.most": number(RunResolution.most),
        "ReasonRule.bytes": number(ReasonRule.bytes),
        "RunRecord.most": number(RunRecord.most),
        "RunSubscription.most": number(RunSubscription.most),
        "RunState": words(RunState.self),
        "SavedConfiguration.Change": .array(SavedConfiguration.Change.allCases.map { .string($0.word) }),
        "SkipReason": words(SkipReason.self),
        "ParameterDefinition.Kind": words(ParameterDefinition.Kind.self),
        "TaskCondition": .array(TaskCondition.allCases.filter(\.isClosing).map { .string($0.rawValue) }),
        "TaskState": words(TaskState.self),
        "TaskWarnings.most": number(TaskWarnings.most),
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
