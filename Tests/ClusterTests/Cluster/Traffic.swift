import ProgramTestKit
import Synchronization
import WorkflowAPI
import WorkflowClient
import WorkflowModel
import WorkflowTestKit

/// Clients that start runs on all nodes, and use the next node when one does not answer.
struct Traffic {
    /// The number of tries of one start.
    private static let mostTries = 60

    let nodes: NodesUnderTest
    let configuration: String
    /// The prefix of idempotency keys. Each start has its own key, so that it can be repeated.
    let name: String
    var clients = 8
    /// The pause between two starts of a client.
    var pause = Duration.zero
    /// Whether starts have a key. Without one they are not repeated, because the outcome of the first try is unknown.
    var repeatsItself = true

    struct Tally: Sendable {
        /// Runs answered with 201, by the number of the start.
        var acknowledged: [(number: Int, run: RunID)] = []
        var requests = 0
        /// The most tries that one acknowledged start needed. How long a fault lasts does not change it, unlike the share of refusals.
        var mostTries = 0
        /// Answers other than 201, by kind.
        var refusals: [String: Int] = [:]
        /// Refusals that do not tell the client to try again: neither 503 nor a connection without an answer.
        var unexpected: [String] = []
        /// Starts that were given up. They may have succeeded.
        var lost: [Int] = []

        /// The share of requests that succeeded.
        var success: Double { requests == 0 ? 0 : Double(acknowledged.count) / Double(requests) }

        mutating func join(_ other: Tally) {
            acknowledged += other.acknowledged
            requests += other.requests
            mostTries = max(mostTries, other.mostTries)
            unexpected += other.unexpected
            refusals.merge(other.refusals, uniquingKeysWith: +)
            lost += other.lost
        }
    }

    func key(of number: Int) -> String { "\(name)-\(number)" }

    /// Starts this many runs.
    /// - Parameter progress: called with the number of acknowledged and given-up starts; faults are timed by it.
    func start(_ count: Int, progress: Watched<Int> = Watched(0)) async -> Tally {
        await start(progress: progress) { $0 <= count }
    }

    /// Starts runs while `next` returns a number; numbers begin with 1.
    func start(progress: Watched<Int> = Watched(0), while isWanted: @escaping @Sendable (Int) -> Bool) async -> Tally {
        let last = Watched(0)
        return await withTaskGroup(of: Tally.self) { group in
            for _ in 0..<clients {
                group.addTask {
                    var tally = Tally()
                    while true {
                        let number = last.change { number in
                            number += 1
                            return number
                        }
                        guard isWanted(number), !Task.isCancelled else { return tally }
                        await start(number, &tally)
                        progress.change { $0 += 1 }
                        try? await SystemTime().sleep(for: pause)
                    }
                }
            }
            return await group.reduce(into: Tally()) { $0.join($1) }
        }
    }

    private func start(_ number: Int, _ tally: inout Tally) async {
        for attempt in 0..<(repeatsItself ? Self.mostTries : 1) {
            do {
                tally.requests += 1
                let run = try await nodes.client(number + attempt)
                    .start(StartRequest(configuration: configuration), idempotencyKey: repeatsItself ? key(of: number) : nil)
                tally.acknowledged.append((number, run.run.id))
                tally.mostTries = max(tally.mostTries, attempt + 1)
                return
            } catch {
                let kind = (error as? ClientError).map { "\($0.code)" } ?? "\(error)"
                tally.refusals[kind, default: 0] += 1
                switch (error as? ClientError)?.code {
                case .unreachable, .timedOut, .refused(.unavailable): break
                default: tally.unexpected.append("\(error)")
                }
            }
            // No node has answered: an immediate retry would not help.
            if attempt % 3 == 2 { try? await SystemTime().sleep(for: .milliseconds(250)) }
        }
        tally.lost.append(number)
    }
}
