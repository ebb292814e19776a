/// The outcome of a firing, with the run that it starts. Stores write both together, or neither.
public struct FiringDecision: Hashable, Sendable {
    public var firing: TriggerFiring
    /// nil when it starts none.
    public var start: RunPlan?

    public init(_ firing: TriggerFiring, start: RunPlan? = nil) {
        self.firing = firing
        self.start = start
    }
}

/// The result of recording a decision.
public enum FiringReceipt: Hashable, Sendable {
    /// The firing as it was recorded. A pause that began meanwhile makes it one that was paused.
    case recorded(TriggerFiring)
    /// It had its outcome already, which stays.
    case decided(TriggerFiring)
    /// It was deleted.
    case gone

    public var firing: TriggerFiring? {
        switch self {
        case .recorded(let firing), .decided(let firing): firing
        case .gone: nil
        }
    }
}

extension TriggerFiring {
    /// Decides what follows from the event.
    ///
    /// - Parameters:
    ///   - trigger: of the current version; nil when that has none for the event.
    ///   - range: that of the run that has ended.
    public func decided(
        by trigger: WorkflowTrigger?, of configuration: WorkflowConfiguration, version: ConfigurationVersion, values: TriggerValues,
        range: TimeWindow? = nil, at now: Timestamp, random: any RandomSource
    ) -> FiringDecision {
        guard outcome == .waiting else { return FiringDecision(self) }
        guard let trigger else {
            return ended(.failed, "The current version of \(self.configuration.quoted) has no trigger for this event.", at: now)
        }
        var firing = self
        do {
            firing.parameters = try trigger.parameters.values(from: values)
        } catch {
            return ended(.refused, error.sentence, at: now)
        }
        var request = RunRequest(
            principal: .trigger, runMode: trigger.runMode, range: trigger.range == .trigger ? range : nil,
            parameters: firing.parameters)
        request.trigger = self.trigger
        do throws(RunPlanError) {
            let plan = try RunPlan(configuration, version: version, for: request, at: now, random: random)
            firing.decide(.started, run: plan.id, at: now)
            return FiringDecision(firing, start: plan)
        } catch {
            // Values that are not accepted may be as long as the body of a call.
            if let excess = firing.parameters.excess {
                return ended(.refused, "The values of the trigger \(excess).", at: now)
            }
            if case .parameters(let refusal) = error {
                firing.decide(.refused, refusal.message, at: now)
            } else {
                firing.decide(.failed, error.words, at: now)
            }
            return FiringDecision(firing)
        }
    }

    /// The decision that starts nothing.
    public func ended(_ outcome: FiringOutcome, _ note: String, at now: Timestamp) -> FiringDecision {
        var firing = self
        firing.decide(outcome, note, at: now)
        return FiringDecision(firing)
    }

    /// Decided again later.
    public func postponed(until instant: Timestamp) -> FiringDecision {
        var firing = self
        firing.dueAt = instant
        return FiringDecision(firing)
    }
}

extension RunPlanError {
    fileprivate var words: String {
        switch self {
        case .nothingToRun(let nothing): "No task runs in the run mode \(nothing.runMode.rawValue.quoted)."
        case .tooManyLabels(let count): "The run would have \(count) labels. Accepted: \(RunLabels.most) at most."
        case .parameters(let refusal): refusal.message
        }
    }
}
