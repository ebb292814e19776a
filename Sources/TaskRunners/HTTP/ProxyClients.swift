public import AsyncHTTPClient
import NIOCore
import Synchronization

/// One HTTP client for each proxy, made when it is first needed.
public final class ProxyClients: Sendable {
    private let settings: ProxySettings
    private let configuration: HTTPClient.Configuration
    private let clients = Mutex<[ProxySettings.Proxy: HTTPClient]>([:])

    /// Without proxies.
    public static let none = ProxyClients(.none)

    /// - Parameter configuration: that of requests without a proxy.
    public init(_ settings: ProxySettings, configuration: HTTPClient.Configuration = HTTPRunner.configuration) {
        self.settings = settings
        self.configuration = configuration
    }

    /// Shuts down the clients. Nothing may use them any longer.
    public func shutdown() async throws {
        let clients = clients.withLock { clients in
            defer { clients = [:] }
            return Array(clients.values)
        }
        for client in clients { try await client.shutdown() }
    }

    func proxy(for target: HTTPTaskRequest.Target) -> ProxySettings.Proxy? {
        settings.proxy(for: target)
    }

    /// - Parameter direct: the client of requests without a proxy.
    func client(for target: HTTPTaskRequest.Target, otherwise direct: HTTPClient) -> HTTPClient {
        guard let proxy = proxy(for: target) else { return direct }
        return clients.withLock { clients in
            if let client = clients[proxy] { return client }
            var configuration = configuration
            let authorization = proxy.user.map {
                HTTPClient.Authorization.basic(username: $0, password: proxy.password ?? "")
            }
            configuration.proxy = .server(host: proxy.host, port: proxy.port, authorization: authorization)
            let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
            clients[proxy] = client
            return client
        }
    }
}
