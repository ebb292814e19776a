import HTTPTypes
import NIOCore
import WorkflowAPI
public import WorkflowModel

extension WorkflowClient {
    /// The secrets of the tenant without their values, by name.
    public func secrets() async throws(ClientError) -> [TenantSecret] {
        try read(try await send(SecretEndpoints.list), TenantSecret.list(json:))
    }

    /// Sets a secret, in place of the value that it has.
    public func setSecret(_ value: SecretValue, as name: String) async throws(ClientError) -> TenantSecret {
        try read(try await send(SecretEndpoints.set, name, json: SecretRequest(value: value).document), TenantSecret.init(json:))
    }

    public func deleteSecret(named name: String) async throws(ClientError) {
        _ = try await send(SecretEndpoints.delete, name)
    }
}
