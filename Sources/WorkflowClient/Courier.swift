import HTTPTypes
import WorkflowAPI
import WorkflowModel

/// Exchanges a key for a token: the one request that needs no token.
struct Courier: Sendable {
    let settings: ClientSettings
    let transport: any ClientTransport

    func exchange() async throws(ClientError) -> TokenAnswer {
        guard case .key(let clientID, let clientSecret) = settings.credentials else {
            throw ClientError(.refused(.unauthenticated), "A token is made from a client id and a client secret.")
        }
        let form = "grant_type=client_credentials&client_id=\(Paths.escaped(clientID))&client_secret=\(Paths.escaped(clientSecret))"
        let request = ClientRequest(
            .post, settings.url + Paths.token, headers: [.contentType: "application/x-www-form-urlencoded"],
            body: Array(form.utf8))
        let answer = try await transport.send(request)
        if (200..<300).contains(answer.status) {
            do {
                return try TokenAnswer(json: answer.body)
            } catch {
                throw ClientError(.unreadable, "The answer of \(settings.url) is no token; is it a Weir service?")
            }
        }
        if let refusal = try? TokenRefusal(json: answer.body) {
            throw ClientError(.refused(APIError.Kind(status: answer.status) ?? .invalid), refusal.message)
        }
        guard let refusal = APIError(status: answer.status, body: answer.body, headers: answer.headers) else {
            throw ClientError(.unreadable, "The answer of \(settings.url) is no token; is it a Weir service?")
        }
        throw ClientError(refusal)
    }
}
