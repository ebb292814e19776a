import HTTPTypes
import NIOCore
import WorkflowModel

/// Whole requests to the service's application, from head to response, without a network.
func wholeRequests() {
    request("request: a list that was asked for before, nothing having changed") { service, _ in
        try await service.answer(service.get("limit=12", token: service.tokens[0]))
    }
    // A different query each time, so that none is answered from a cache.
    request("request: a list that was not asked for before") { service, number in
        let query = "limit=12&created_from=\((HotStore.start + .milliseconds(number)).iso8601)"
        return try await service.answer(service.get(query, token: service.tokens[0]))
    }
    // More tokens than the cache holds, in turn, so that each one is verified.
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
