import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowPages

/// The details of a task.
struct TaskPageRoutes: Sendable {
    let service: PageService

    static let path = PageAddress.history + "/{id}/tasks/{task}"

    var routes: [PageRoute] {
        [
            PageRoute(.get, Self.path, .policy(.viewer)) { call in try await show(call) },
            PageRoute(.get, Self.path + "/live", .policy(.viewer)) { call in try await follow(call) },
        ]
    }

    private func show(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let found = try await service.task(of: call)
        let choice = try Self.choice(of: call)
        var output = try await service.keptOutput(
            of: found.task.id, in: found.run.id, tenant: visitor.tenant, attempt: choice.attempt,
            last: choice.needsWhole ? nil : LogPanel.tailBytes)
        if let tail = output, !tail.hasLineNumbers, !choice.needsWhole {
            // Written by an earlier version: lines are counted.
            output = try await service.keptOutput(
                of: found.task.id, in: found.run.id, tenant: visitor.tenant, attempt: tail.attempt)
        }
        if choice.attempt != nil, output == nil { throw PageService.noSuchTask }
        var page = TaskPage(
            found.task, of: found.run, attempts: found.attempts, values: found.values, unmet: found.unmet,
            decisions: found.decisions, wait: found.wait, items: found.items,
            resolve: try await service.resolveForm(found, for: visitor), output: output, log: choice, at: service.now)
        if found.items?.isWhole == false {
            // Live updates show the first items.
            page.live = nil
        } else if !found.task.state.hasEnded {
            let look = found.look(with: service.pages)
            service.looks.remember(look)
            page = page.followed(from: look)
        }
        let zone = try await service.zone(ofWorkflow: found.details.origin.configuration, for: visitor)
        return .html(service.pages.document(page, for: visitor, zone: zone))
    }

    private static func choice(of call: PageCall) throws(APIError) -> LogChoice {
        var choice = LogChoice(attempt: try LogRoutes.attempt(of: call), query: try call.parameter("q"))
        if let query = choice.query, query.utf8.count > LogChoice.longestQuery {
            throw .invalid("The text to search for is longer than \(LogChoice.longestQuery) bytes.")
        }
        if let text = try call.parameter("match") {
            guard let match = Int(text), match > 0 else { throw .invalid("match is not a number from 1 on: \(text.prefix(40)).") }
            choice.match = match
        }
        choice.showsOnlyMatches = try call.parameter("lines") == "matching"
        if let text = try call.parameter("line") {
            guard let line = Int(text), line > 0 else {
                throw .invalid("line is not a number from 1 on: \(text.prefix(40)).")
            }
            choice.line = line
        }
        if let text = try call.parameter("level") {
            guard let level = LogLevel(rawValue: text) else {
                let accepted = LogLevel.allCases.map(\.rawValue).joined(separator: ", ")
                throw .invalid("Unknown level \(text.prefix(40)). Accepted: \(accepted).")
            }
            choice.level = level
        }
        if let text = try call.parameter("stream") {
            guard let stream = TaskStream(rawValue: text) else {
                let accepted = TaskStream.allCases.map(\.rawValue).joined(separator: ", ")
                throw .invalid("Unknown stream \(text.prefix(40)). Accepted: \(accepted).")
            }
            choice.stream = stream
        }
        return choice
    }

    private func follow(_ call: PageCall) async throws -> Response {
        let seen = SeenRegions(call.seenTag, among: service.looks)
        let service = service
        return try await EventStream(service: service).response(to: call) {
            let found = try await service.task(of: call)
            return seen.step(to: found.look(with: service.pages))
        }
    }
}

/// A task with the data of its page.
struct FoundTask: Sendable {
    var task: TaskInstance
    var run: WorkflowRun
    var attempts: [TaskAttemptRecord]
    var values: TaskValues
    /// Labels of the dependencies that did not succeed.
    var unmet: [String]
    /// Those about it.
    var decisions: [RunResolution]
    var details: WorkflowRunDetails
    /// nil for a task that has ended.
    var wait: TaskWaitReason?
    /// nil for a task that runs once.
    var items: ItemList?

    func look(with pages: Pages) -> LiveLook {
        TaskPage.look(
            task, of: run, attempts: attempts, values: values, unmet: unmet, decisions: decisions, wait: wait, items: items,
            with: pages)
    }
}

extension PageService {
    static let noSuchTask = APIError(.notFound, "This run has no task with that id, or the task has no such attempt.")

    /// - Throws: ``APIError`` (404) for an unknown run or task.
    func task(of call: PageCall) async throws -> FoundTask {
        let tenant = try call.known().tenant
        var (details, attempts) = try await run(call.runID(), of: tenant)
        let id = call.pathValues.last.map { TaskID(rawValue: $0) }
        if let id, !details.tasks.contains(where: { $0.id == id }),
            let query = TaskItemQuery(id, of: details.run.id, tenant: tenant)
        {
            details.items = try await stores.tasks.items(matching: query).filter { $0.id == id }
            attempts = try await stores.tasks.attempts(of: details.run.id, tenant: tenant, at: .item(id))
        }
        guard let task = (details.tasks + details.items).first(where: { $0.id == id }),
            let values = try await stores.tasks.values(of: task.id, in: details.run.id, tenant: tenant)
        else { throw Self.noSuchTask }
        let needs = Set(values.needs)
        let unmet = details.tasks.filter {
            needs.contains($0.definitionID) && $0.state != .succeeded && $0.skipReason != .resolved
                && $0.skipReason != .condition
        }.map(\.label)
        let waits = task.state.hasEnded ? nil : try await waitReasons(of: details)
        return FoundTask(
            task: task, run: details.run, attempts: attempts.filter { $0.task == task.id }, values: values, unmet: unmet,
            decisions: details.resolutions.filter { $0.task == task.id }, details: details,
            wait: waits?.tasks.first { $0.id == task.id }, items: try await items(of: task, call))
    }

    /// A page of the items of a task; nil for a task that runs once.
    private func items(of task: TaskInstance, _ call: PageCall) async throws -> ItemList? {
        guard task.fan != nil else { return nil }
        var choice = ItemList.Choice()
        if let text = try call.parameter("items") {
            guard text == "failed" else { throw APIError.invalid("Unknown items \(text.prefix(40)). Accepted: failed.") }
            choice.onlyFailed = true
        }
        if let text = try call.parameter("from") {
            guard let from = Int(text), (0..<FanOutLimits.items).contains(from) else {
                throw APIError.invalid("from is not the number of an item: \(text.prefix(40)).")
            }
            choice.from = from
        }
        func items(_ states: Set<TaskState>, limit: Int) async throws -> [TaskInstance] {
            try await stores.tasks.items(
                matching: TaskItemQuery(
                    of: task.run, tenant: task.tenant, group: task.id, from: choice.from, in: states, limit: limit))
        }
        let shown = try await items(choice.onlyFailed ? [.failed] : Set(TaskState.allCases), limit: ItemList.most + 1)
        let hasFailed = task.fan?.counts.map { $0.failed > 0 } ?? false
        let failed = hasFailed && choice == ItemList.Choice() ? try await items([.failed], limit: ItemList.mostFailed) : []
        return ItemList(task, shown, choice, failed: failed)
    }

    /// The kept output of an attempt.
    /// - Parameter last: bytes of its end; nil for all of it.
    /// - Returns: nil for an unknown attempt.
    func keptOutput(of task: TaskID, in run: RunID, tenant: Tenant, attempt: Int?, last: Int? = nil) async throws -> KeptOutput? {
        var kept: KeptOutput?
        while kept?.isLast != true {
            let next = kept.map { $0.offset + $0.bytes.count } ?? 0
            let slice = try await stores.tasks.output(
                TaskOutputQuery(
                    of: task, in: run, tenant: tenant, attempt: kept?.attempt ?? attempt, from: next,
                    last: kept == nil ? last : nil, limit: Limits.outputSlice))
            guard let slice else { return kept }
            if slice.offset > next || kept == nil {
                // Only the output after the last gap is shown: it has the end.
                kept = KeptOutput(slice)
            } else {
                kept?.append(slice)
            }
            if slice.bytes.isEmpty { return kept }
        }
        return kept
    }
}
