/// The certificate by which a call identifies itself to a server that demands one (mutual TLS), as texts in PEM.
public struct ClientCertificate: Hashable, Sendable {
    /// The certificate, with those of intermediate authorities behind it. A configuration may write `${secrets.name}` in its place.
    @Exact public var certificate: String
    /// The private key. A configuration writes `${secrets.name}`, never the key.
    @Exact public var key: String

    public init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}

extension ClientCertificate {
    /// The secrets that it names.
    var references: [Reference] { templates.flatMap(\.references) }

    private var templates: [TextTemplate] {
        [certificate, key].map(TemplatePlace.certificate.acceptedTemplate)
    }

    /// - Throws: ``SubstitutionFault`` for a secret that is missing.
    func substituted(from values: some SubstitutionValues) throws(SubstitutionFault) -> ClientCertificate {
        var budget = SubstitutionBudget(2 * SecretRule.longestValue, of: "The client certificate")
        var texts: [String] = []
        for template in templates { texts.append(try values.text(of: template, &budget)) }
        return ClientCertificate(certificate: texts[0], key: texts[1])
    }
}

/// Reads the member `client_certificate` of an HTTP call.
struct ClientCertificateReader {
    let complaints: Complaints

    /// - Parameters:
    ///   - url: of the call.
    ///   - http: the members of the call.
    func certificate(_ url: String?, _ http: MemberReader) -> (certificate: ClientCertificate?, expressions: [WrittenExpression]) {
        let place = "\(http.place), `client_certificate`"
        guard let node = http.node(HTTPMembers.clientCertificate),
            let members = MemberReader(node, ClientCertificateMembers.mapping, place: place, complaints)
        else { return (nil, []) }
        if let url, !url.lowercased().hasPrefix("https://") {
            members.complain(members.line, "only a `url` that begins with https:// has a use for it")
        }
        let certificate = members[ClientCertificateMembers.certificate]
        let key = members[ClientCertificateMembers.key]
        guard let certificate, let key else { return (nil, []) }
        let expressions = [(certificate, ClientCertificateMembers.certificate), (key, ClientCertificateMembers.key)].map {
            WrittenExpression($0, in: .certificate, place: $1.name.quoted, line: members.line(of: $1), members)
        }
        return (ClientCertificate(certificate: certificate, key: key), expressions)
    }
}
