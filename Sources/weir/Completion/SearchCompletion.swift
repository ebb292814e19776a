import WorkflowAPI
import WorkflowClient
import WorkflowModel

/// Completes a search in a shell: keys, their values, and what the service knows of the tenant's own values.
enum SearchCompletion {
    /// The states that a filter takes, by their names on the wire.
    static let states = WorkflowState.allCases.filter { !$0.runStates.isEmpty }.map(\.rawValue)

    @Sendable static func candidates(_ words: [String], _ index: Int, _ prefix: String) async -> [String] {
        let word = CompletedWord(words, index, prefix)
        let key = RunSearch.completedKey(of: word.text, cursor: word.text.utf16.count)
        let values = await ServiceCompletion.values(words) { try await known(key, $0) }
        return candidates(for: word, values: values)
    }

    /// - Parameter values: those that the service knows of the key at the cursor.
    static func candidates(for word: CompletedWord, values: [String] = []) -> [String] {
        // An option, which the shell completes by itself.
        guard !word.text.hasPrefix("--") else { return [] }
        guard !word.text.isEmpty else { return SearchKey.allCases.map { "\($0.name):" } }
        // Shells drop candidates that do not begin with the typed text, such as those that contain it or an alias of a key.
        let found = completions(of: word.text, values).filter { $0.hasPrefix(word.text) }
        // A shell adds a space after the only candidate, so that a key is proposed together with its values.
        guard found.count == 1, let only = found.first, only.hasSuffix(":") else { return found.compactMap(word.rest(of:)) }
        let withValues = completions(of: only, values)
        return (withValues.isEmpty ? found : withValues).compactMap(word.rest(of:))
    }

    private static func completions(of text: String, _ values: [String]) -> [String] {
        let completions = RunSearch.completions(of: text, cursor: text.utf16.count) { _ in values.map { ($0, nil) } }
        // Values that need quotes in a search are left out: a shell would remove the quotes. Spaces separate the terms before.
        return completions.map { String(decoding: text.utf16.prefix($0.range.lowerBound), as: UTF16.self) + $0.insertion }
            .filter {
                $0.split(separator: " ", omittingEmptySubsequences: false).allSatisfy {
                    $0.isEmpty || ServiceCompletion.isPlain($0)
                }
            }
    }

    /// Values of the tenant, the most frequent first. The newest runs are counted, which is quick in any history.
    private static func known(_ key: SearchKey?, _ client: WorkflowClient) async throws -> [String] {
        switch key {
        case .workflow: return try await client.configurations().map(\.id)
        case .type: return try await frequent(.type, client)
        case .by: return try await frequent(.principal, client)
        case .error: return try await frequent(.errorType, client)
        case .state, .attribution, .label, .text, .mode, .schedule, .rerunOf, .since, .until, .on, .endedSince, .endedUntil, .took,
            .attempts, .warnings, .sort, .order, nil:
            return []
        }
    }

    private static func frequent(_ facet: RunFacet, _ client: WorkflowClient) async throws -> [String] {
        try await client.facets(by: [facet]).values[facet]?.map(\.text) ?? []
    }
}
