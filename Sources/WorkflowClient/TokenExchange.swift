import HTTPTypes
import WorkflowAPI
import WorkflowModel

/// Exchanges a key for an access token.
struct TokenExchange: Sendable {
    let settings: ClientSettings
    let transport: any ClientTransport

    func exchange() async throws(ClientError) -> TokenAnswer {
        guard case .key(let clientID, let clientSecret) = settings.credentials else {
            var error = ClientError(.refused(.unauthenticated), "A token is made from a client id and a client secret.")
            error.presented = ClientError.PresentedCredentials.none
            throw error
        }
        let form = "grant_type=client_credentials&client_id=\(Paths.escaped(clientID))&client_secret=\(Paths.escaped(clientSecret))"
        let request = ClientRequest(
            .post, settings.url + Paths.token, headers: [.contentType: "application/x-www-form-urlencoded"],
            body: Array(form.utf8))
        let answer = try await transport.send(request)
        guard answer.status != 404 else { throw .notAService(settings.url) }
        if (200..<300).contains(answer.status) {
            do {
                return try TokenAnswer(json: answer.body)
            } catch {
                throw ClientError(.unreadable, "The answer of \(settings.url) is no token; is it a Weir service?")
            }
        }
        if let refusal = try? TokenRefusal(json: answer.body) {
            var error = ClientError(.refused(APIError.Kind(status: answer.status) ?? .invalid), refusal.message)
            if error.code == .refused(.unauthenticated) { error.presented = .key }
            throw error
        }
        guard let refusal = APIError(status: answer.status, body: answer.body, headers: answer.headers) else {
            throw ClientError(.unreadable, "The answer of \(settings.url) is no token; is it a Weir service?")
        }
        throw ClientError(refusal)
    }
}
