import HTTPTypes
public import Hummingbird
import Logging
public import NIOCore
import WorkflowAPI
import WorkflowModel

/// Where the server listens.
public struct ServerAddress: Hashable, Sendable {
    public var host: String
    /// 0 for any free one.
    public var port: Int

    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}

/// Builds the server: an application that serves the API and the pages until it is asked to shut down gracefully.
///
/// - Parameter onServerRunning: called once it listens, with the channel that says where.
/// - Throws: `StoreError` when the secrets that sign tokens cannot be read.
public func buildApplication(
    _ dependencies: ServerDependencies, address: ServerAddress,
    onServerRunning: @escaping @Sendable (any Channel) async -> Void = { _ in }
) async throws -> some ApplicationProtocol {
    let service = try await APIService(dependencies)
    let pages = try await PageService(service, links: dependencies.signInLinks)
    let responder = ServiceResponder(
        api: APIResponder(service, logger: dependencies.logger), pages: PageResponder(pages, logger: dependencies.logger))
    let requestIDs = responder.api.requestIDs
    return Application(
        responder: responder,
        server: .http1(
            configuration: .init(
                additionalChannelHandlers: [BehindTheParser(requestIDs: requestIDs)],
                idleTimeout: .seconds(60),
                // Up to the parser's limits our own apply, whose answers do not cost the client its connection.
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: Limits.headers * 8, maxHeaderListSize: Limits.headers * 8,
                    maxHeaderFieldCount: Limits.headerCount * 8))),
        configuration: ApplicationConfiguration(address: .hostname(address.host, port: address.port), backlog: 1_024),
        services: [KeyUseWriter(uses: service.keyUses, store: service.store, logger: dependencies.logger)],
        onServerRunning: onServerRunning,
        logger: dependencies.logger)
}
