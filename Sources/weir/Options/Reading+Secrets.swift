import ArgumentParser
import WorkflowModel

extension Reading {
    @Sendable static func secretName(_ text: String) throws -> String {
        guard SecretRule.accepts(name: text) else {
            throw ValidationError("Accepted: \(SecretRule.nameWords.replacing("`", with: "")).")
        }
        return text
    }
}
