/// The members of `client_certificate`.
enum ClientCertificateMembers {
    /// The beginning of a certificate in PEM (RFC 7468, section 5).
    static let mark: StaticString = "-----BEGIN CERTIFICATE-----"

    static let certificate = Member(
        "certificate", .certificate, isRequired: true,
        "The certificate in PEM, with those of intermediate authorities behind it: a text, or one secret.",
        example: "\"${secrets.spark-certificate}\"")
    static let key = Member(
        "key", .certificateKey, isRequired: true,
        "The private key of the certificate in PEM, without a passphrase: one secret. The same secret may hold both.",
        example: "\"${secrets.spark-key}\"")

    static let mapping = ConfigurationMapping(
        "client_certificate", example: "{certificate: \"${secrets.spark-certificate}\", key: \"${secrets.spark-key}\"}",
        "The certificate by which the call identifies itself to a server that demands one.", [certificate, key])
}

extension MemberKind where Value == String {
    static var certificate: MemberKind {
        let accepted = "one secret such as `${secrets.spark-certificate}`, or a certificate in PEM"
        return text(.certificate, accepted: accepted) { text in
            guard !TextTemplate.hasSyntax(text) else { return secretFault(text) }
            if text.hasBytes("PRIVATE KEY-----") {
                return ", but it holds a private key, which everyone could see who may read the workflow; keep it as a secret"
            }
            guard text.hasBytes(ClientCertificateMembers.mark) else {
                return ", which begins with `\(ClientCertificateMembers.mark)`"
            }
            return text.utf8.count <= SecretRule.longestValue ? nil : ", of \(SecretRule.longestValue) bytes at most"
        }
    }

    /// No message quotes the text, which may be the key itself.
    static var certificateKey: MemberKind {
        text(.certificateKey, accepted: "one secret such as `${secrets.spark-key}`, never the key itself") { text in
            TextTemplate.hasSyntax(text) ? secretFault(text) : ""
        }
    }

    /// - Returns: nil for one expression that names a secret.
    private static func secretFault(_ text: String) -> String? {
        do throws(SubstitutionProblem) {
            let template = try TextTemplate(text)
            return template.only?.root == .secrets ? nil : ", and nothing beside it"
        } catch {
            return ", but it \(error.message)"
        }
    }
}
