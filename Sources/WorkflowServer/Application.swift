import HTTPTypes
public import Hummingbird
import Logging
public import NIOCore
import WorkflowAPI
import WorkflowModel

/// The address that the server listens on.
public struct ServerAddress: Hashable, Sendable {
    public var host: String
    /// 0 for any free port.
    public var port: Int

    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}

/// Builds the server: an application that serves the API and the pages until it is asked to shut down gracefully.
///
/// - Parameter onServerRunning: called when the server listens, with its channel.
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
    let logger = dependencies.logger
    let count = ConnectionCount(dependencies.settings.connections)
    return Application(
        responder: responder,
        server: .http1(
            configuration: .init(
                additionalChannelHandlers: [AroundTheParser(count: count, requestIDs: requestIDs)],
                // Above the limits that a request is checked for: an answer of the parser closes the connection.
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: Limits.headers * 2, maxHeaderListSize: Limits.headers * 2,
                    maxHeaderFieldCount: Limits.headerCount * 8))),
        configuration: ApplicationConfiguration(
            address: .hostname(address.host, port: address.port), backlog: 1_024,
            availableConnectionsDelegate: .maximum(count.limits.connections + ConnectionLimits.refusals, logger: logger)),
        services: [KeyUseWriter(uses: service.keyUses, keys: service.stores.keys, logger: logger)],
        onServerRunning: { channel in
            do {
                try await AcceptancePause.add(to: channel, logger: logger)
            } catch {
                logger.error("The service does not listen", metadata: ["reason": "\(error)"])
            }
            await onServerRunning(channel)
        },
        logger: logger)
}
