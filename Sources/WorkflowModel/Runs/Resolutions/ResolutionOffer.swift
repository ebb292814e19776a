/// A resolution that applies to a task, with what it would do.
public struct ResolutionOffer: Hashable, Sendable {
    /// Labels in a sentence at most; more are counted.
    static let mostLabels = 3

    public var resolution: Resolution
    /// Whether it starts a rerun, because the run has ended.
    public var startsRerun: Bool
    /// Its effect, as a sentence: "Skip it: Score members will run without its outputs."
    @Exact public var sentence: String

    public init(resolution: Resolution, startsRerun: Bool, sentence: String) {
        self.resolution = resolution
        self.startsRerun = startsRerun
        self.sentence = sentence
    }
}

/// Finds the resolutions that apply to the tasks of a run as it is now.
public struct ResolutionGuide: Sendable {
    private let details: WorkflowRunDetails
    private let needs: [[String]]
    /// The positions of the tasks that need a task, by its definition id.
    private let dependents: [String: [Int]]

    /// - Parameter needs: the definition ids of each task's needs, in the order of the tasks.
    public init(_ details: WorkflowRunDetails, needs: [[String]]) {
        self.details = details
        self.needs = Array(needs.prefix(details.tasks.count))
        var dependents: [String: [Int]] = [:]
        for (position, needs) in self.needs.enumerated() { for need in needs { dependents[need, default: []].append(position) } }
        self.dependents = dependents
    }

    public func offers(for task: TaskInstance) -> [ResolutionOffer] {
        guard !details.isImported, details.origin.configuration != nil, details.origin.runMode != nil else { return [] }
        guard details.run.state.hasEnded else {
            guard details.run.state != .stopping, canBeResolved(task) else { return [] }
            let words = OfferWords(task: task, next: labels(freedBy: task))
            return [Resolution.retry, .skip, .succeed].map {
                ResolutionOffer(resolution: $0, startsRerun: false, sentence: words.sentence($0))
            }
        }
        // For a task that did not succeed, a retry restarts from there.
        let applying = endedResolutions(of: task)
        let offered: [Resolution] = applying.contains(.skip) ? [.retry, .skip, .succeed, .fromStart] : Resolution.allCases
        let words = OfferWords(task: task, next: directDependents(of: task).map { details.tasks[$0].label })
        return offered.filter(applying.contains).map {
            ResolutionOffer(resolution: $0, startsRerun: true, sentence: words.sentenceOfRerun($0))
        }
    }

    /// An item restarts with its group, which has to be one that did not succeed.
    private func endedResolutions(of task: TaskInstance) -> Set<Resolution> {
        guard task.item != nil else { return task.endedResolutions }
        let group = details.tasks.first { $0.id == task.id.asItem?.group }
        return task.endedResolutions.intersection(group?.endedResolutions ?? []).subtracting([.fromHere])
    }

    /// The items of a group that goes on are settled, not the group.
    private func canBeResolved(_ task: TaskInstance) -> Bool {
        if task.fan != nil { return task.state == .failed }
        guard task.item != nil, let group = task.id.asItem?.group else { return task.state.canBeResolved }
        let states: Set<TaskState> = [.running, .inProgress, .failed]
        return task.state.canBeResolved && details.tasks.contains { $0.id == group && states.contains($0.state) }
    }

    /// Without closing tasks: those do not wait for a task to succeed.
    private func directDependents(of task: TaskInstance) -> [Int] {
        (dependents[task.definitionID] ?? []).filter { !details.tasks[$0].when.isClosing }
    }

    /// The labels of direct dependents that can run once the task is settled: no other failed task prevents it.
    private func labels(freedBy task: TaskInstance) -> [String] {
        let tasks = Dictionary(details.tasks.map { ($0.definitionID, $0) }, uniquingKeysWith: { first, _ in first })
        var freed: Set<String> = [task.definitionID]
        for position in directDependents(of: task) {
            let isFree = needs[position].allSatisfy { need in
                freed.contains(need) || tasks[need].map { $0.state != .failed && $0.skipReason != .failedNeed } ?? true
            }
            if isFree { freed.insert(details.tasks[position].definitionID) }
        }
        return directDependents(of: task).map { details.tasks[$0] }.filter { freed.contains($0.definitionID) }.map(\.label)
    }
}

/// The sentences about one task.
private struct OfferWords {
    let task: TaskInstance
    /// Labels of direct dependents.
    let next: [String]

    func sentence(_ resolution: Resolution) -> String {
        switch resolution {
        case .retry where task.fan?.counts != nil: "Retry it: the items that did not succeed run again."
        case .retry where task.state == .inProgress: "Retry it now: attempt \(task.attempts + 1) does not wait for its time."
        case .retry: "Retry it: attempt \(task.attempts + 1) begins as soon as a worker is free."
        case .skip: "Skip it: \(next.isEmpty ? "the run goes on without it" : "\(next.listed) will run without its outputs")."
        case .succeed where next.isEmpty: "Mark it succeeded: the run goes on as if it had succeeded."
        case .succeed: "Mark it succeeded: \(next.listed) will run with the outputs that you give."
        case .fromHere, .fromStart: sentenceOfRerun(resolution)
        }
    }

    func sentenceOfRerun(_ resolution: Resolution) -> String {
        switch resolution {
        case .retry: "Retry it in a new run: all that did not succeed runs again, and the other results are kept."
        case .skip where task.item != nil: "Skip it in a new run, in which the other items that did not succeed run again."
        case .succeed where task.item != nil:
            "Mark it succeeded in a new run, with the outputs that you give. The other items that did not succeed run again."
        case .skip where next.isEmpty: "Skip it in a new run, which keeps the results of the other tasks."
        case .skip: "Skip it in a new run: \(next.listed) will run without its outputs."
        case .succeed where next.isEmpty: "Mark it succeeded in a new run, which keeps the results of the other tasks."
        case .succeed: "Mark it succeeded in a new run: \(next.listed) will run with the outputs that you give."
        case .fromHere where next.isEmpty: "Restart from here in a new run: it runs again, and the other results are kept."
        case .fromHere:
            "Restart from here in a new run: it runs again, and so does all that needs it, beginning with \(next.listed). "
                + "The other results are kept."
        case .fromStart: "Restart from the start in a new run: every task runs again."
        }
    }
}

extension [String] {
    /// `a, b and c`, `a, b, c and 7 others`
    fileprivate var listed: String {
        let labels = prefix(ResolutionOffer.mostLabels).map { $0.visible() }
        let more = count - labels.count
        if more > 0 { return labels.joined(separator: ", ") + " and \(more) other\(more == 1 ? "" : "s")" }
        guard let last = labels.last, labels.count > 1 else { return labels.first ?? "" }
        return labels.dropLast().joined(separator: ", ") + " and " + last
    }
}
