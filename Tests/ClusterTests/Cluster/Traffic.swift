import ProgramTestKit
import Synchronization
import WorkflowAPI
import WorkflowClient
import WorkflowModel
import WorkflowTestKit

/// Clients that start runs at all nodes at once and go to the next node when one does not answer.
struct Traffic {
    /// How often a client sends one start before it gives up.
    private static let mostTries = 60

    let nodes: NodesUnderTest
    let configuration: String
    /// Every start has an idempotency key of its own, so that it may be sent again: this and its number.
    let name: String
    var clients = 8

    struct Tally: Sendable {
        /// What was answered with 201, by the number of the start.
        var acknowledged: [Int: RunID] = [:]
        var requests = 0
        /// Answers other than 201, by what they were.
        var refusals: [String: Int] = [:]
        /// Starts that were given up.
        var lost: [Int] = []

        /// The share of requests that succeeded.
        var success: Double { requests == 0 ? 0 : Double(acknowledged.count) / Double(requests) }
    }

    func key(of number: Int) -> String { "\(name)-\(number)" }

    /// Starts runs until so many have been acknowledged or given up.
    /// - Parameter progress: is changed as they are; what is done to the nodes goes by it.
    func start(_ count: Int, progress: Watched<Int> = Watched(0)) async -> Tally {
        let next = Watched(0)
        return await withTaskGroup(of: Tally.self) { group in
            for client in 0..<clients {
                group.addTask {
                    var tally = Tally()
                    while true {
                        let number = next.change { number in
                            number += 1
                            return number
                        }
                        guard number <= count else { return tally }
                        await start(number, firstAt: number + client, &tally)
                        progress.change { $0 += 1 }
                    }
                }
            }
            return await group.reduce(into: Tally()) { all, one in
                all.acknowledged.merge(one.acknowledged) { $1 }
                all.requests += one.requests
                all.refusals.merge(one.refusals, uniquingKeysWith: +)
                all.lost += one.lost
            }
        }
    }

    private func start(_ number: Int, firstAt node: Int, _ tally: inout Tally) async {
        for attempt in 0..<Self.mostTries {
            do {
                tally.requests += 1
                let run = try await nodes.client(node + attempt)
                    .start(StartRequest(configuration: configuration), idempotencyKey: key(of: number))
                tally.acknowledged[number] = run.run.id
                return
            } catch {
                let kind = (error as? ClientError).map { "\($0.code)" } ?? "\(error)"
                tally.refusals[kind, default: 0] += 1
            }
            // Once around without success: whatever is wrong, asking at once does not mend it.
            if attempt % 3 == 2 { try? await SystemTime().sleep(for: .milliseconds(250)) }
        }
        tally.lost.append(number)
    }
}
