import HTTPTypes
import NIOCore
import WorkflowModel

/// Whole requests through the service's own application, from their heads to their answers, without a network.
func wholeRequests() {
    request("request: a list that was asked for before, nothing having changed") { service, _ in
        try await service.answer(service.get("limit=12", token: service.tokens[0]))
    }
    // Each is another query, so that none is answered from memory.
    request("request: a list that was not asked for before") { service, number in
        let query = "limit=12&created_from=\((HotStore.start + .milliseconds(number)).iso8601)"
        return try await service.answer(service.get(query, token: service.tokens[0]))
    }
    // More tokens than are remembered, in turn, so that each is verified anew.
    request("request: likewise, with a token that was not verified before") { service, number in
        try await service.answer(service.get("limit=12", token: service.tokens[number % service.tokens.count]))
    }
    request("request: a start, with its flush") { service, _ in
        try await service.answer(service.post("{\"config_id\":\"bench\"}", token: service.tokens[0]), expecting: .created)
    }
}

private func request(
    _ name: String, _ body: @escaping @Sendable (ServiceInMemory, Int) async throws -> ByteBuffer
) {
    piece(name, open: { try await ServiceInMemory.start() }, close: { try await $0.hot.close() }, body: body)
}
