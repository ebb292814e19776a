import ArgumentParser
import Foundation
import WorkflowAPI
import WorkflowClient
import WorkflowModel

/// Values that only the service knows, for completion in a shell. A service that is slow, refuses or cannot be reached has none: a
/// completion never shows an error, and never makes its user wait.
enum ServiceCompletion {
    /// The longest time for an answer.
    static let patience = Duration.milliseconds(700)

    @Sendable static func workflows(_ words: [String], _ index: Int, _ prefix: String) async -> [String] {
        await values(words) { try await $0.configurations().map(\.id) }
    }

    @Sendable static func views(_ words: [String], _ index: Int, _ prefix: String) async -> [String] {
        await values(words) { try await $0.views().map(\.name) }
    }

    /// - Parameter words: those of the command line; its options name the service and the tenant.
    static func values(
        _ words: [String], environment: [String: String] = ProcessInfo.processInfo.environment, time: any TimeSource = SystemTime(),
        _ ask: @escaping @Sendable (WorkflowClient) async throws -> [String]
    ) async -> [String] {
        guard let options = try? ClientOptions.parse(clientOptions(in: words)),
            let settings = try? options.settings(environment: environment)
        else { return [] }
        let client = WorkflowClient(settings)
        return await withTaskGroup(of: [String].self) { group in
            group.addTask { (try? await ask(client)) ?? [] }
            group.addTask {
                try? await time.sleep(for: patience)
                return []
            }
            let values = await group.next() ?? []
            group.cancelAll()
            return values.filter { isPlain($0) }
        }
    }

    /// Whether a candidate is safe in a shell. bash expands candidates, with command substitution: a type or a view, which others in
    /// the tenant choose, must not run a program here.
    static func isPlain(_ text: some StringProtocol) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "._-/:@,+=<>%#".utf8.contains(byte)
                }
            }
    }

    /// The options that name the service and the tenant, with their values.
    static func clientOptions(in words: [String]) -> [String] {
        words.indices.flatMap { index -> [String] in
            let word = words[index]
            if word.hasPrefix("--url=") || word.hasPrefix("--tenant=") { return [word] }
            guard ["--url", "--tenant"].contains(word), index + 1 < words.count, !words[index + 1].hasPrefix("-") else { return [] }
            return [word, words[index + 1]]
        }
    }
}
