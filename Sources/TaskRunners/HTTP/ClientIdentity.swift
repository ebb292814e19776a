import NIOSSL
import WorkflowModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The certificate of a call and its key, ready for TLS.
struct ClientIdentity: Sendable {
    private let chain: [NIOSSLCertificate]
    private let key: NIOSSLPrivateKey

    /// - Throws: an error attributed to the customer. It says nothing of the key itself.
    init(_ certificate: ClientCertificate) throws(RunError) {
        chain = try Self.chain(certificate.certificate)
        key = try Self.key(certificate.key)
        var check = TLSConfiguration.makeClientConfiguration()
        check.trustRoots = .certificates([])
        // The TLS library compares the key with the first certificate.
        guard (try? NIOSSLContext(configuration: applied(to: check))) != nil else {
            throw HTTPFault.certificate(
                "`key` of `client_certificate` does not belong to `certificate`. The certificate of the key comes first, "
                    + "those of intermediate authorities behind it.")
        }
    }

    private static func chain(_ pem: String) throws(RunError) -> [NIOSSLCertificate] {
        guard pem.contains("-----BEGIN CERTIFICATE-----") else {
            throw HTTPFault.certificate(
                "`certificate` of `client_certificate` holds no certificate in PEM. Accepted: a text with -----BEGIN CERTIFICATE-----."
            )
        }
        guard let chain = try? NIOSSLCertificate.fromPEMBytes(Array(pem.utf8)), !chain.isEmpty else {
            throw HTTPFault.certificate("`certificate` of `client_certificate` holds a certificate that is damaged or cut off.")
        }
        return chain
    }

    private static func key(_ pem: String) throws(RunError) -> NIOSSLPrivateKey {
        guard pem.contains("PRIVATE KEY-----") else {
            throw HTTPFault.certificate(
                "`key` of `client_certificate` holds no private key in PEM. Accepted: a text with -----BEGIN PRIVATE KEY-----.")
        }
        guard !pem.contains("ENCRYPTED") else {
            throw HTTPFault.certificate(
                "`key` of `client_certificate` is encrypted with a passphrase. Set the secret without it: openssl pkey -in key.pem. "
                    + "Weir encrypts secrets itself.")
        }
        struct NoPassphrase: Error {}
        // Without a callback, the library might ask at the terminal.
        let key = try? NIOSSLPrivateKey(bytes: Array(pem.utf8), format: .pem) { (_: ([UInt8]) -> Void) in
            throw NoPassphrase()
        }
        guard let key else {
            throw HTTPFault.certificate(
                "`key` of `client_certificate` holds a private key that is damaged, cut off, or of a kind that is not supported. "
                    + "Accepted: RSA and ECDSA.")
        }
        return key
    }

    func applied(to configuration: TLSConfiguration) -> TLSConfiguration {
        var configuration = configuration
        configuration.certificateChain = chain.map { .certificate($0) }
        configuration.privateKey = .privateKey(key)
        return configuration
    }

    /// When the certificate ends, or begins, if it is not valid now: the end of a sentence that begins with the certificate.
    func invalidity(at now: Timestamp) -> String? {
        guard let certificate = chain.first else { return nil }
        func time(_ second: time_t) -> Timestamp { Timestamp(milliseconds: Int64(second) * 1_000) }
        let (start, end) = (time(certificate.notValidBefore), time(certificate.notValidAfter))
        if end < now { return "expired at \(end.iso8601)" }
        return start > now ? "is not valid before \(start.iso8601)" : nil
    }
}

/// Explains that a server refuses a call because of its certificate, or because it has none.
enum ClientCertificateFault {
    /// The alerts of TLS about a client's certificate, by which a server ends the connection (RFC 8446, section 6.2).
    private static let alerts = [
        "ALERT_BAD_CERTIFICATE", "ALERT_UNSUPPORTED_CERTIFICATE", "ALERT_CERTIFICATE_REVOKED", "ALERT_CERTIFICATE_EXPIRED",
        "ALERT_CERTIFICATE_UNKNOWN", "ALERT_UNKNOWN_CA", "ALERT_ACCESS_DENIED", "CERTIFICATE_REQUIRED", "ALERT_DECRYPT_ERROR",
    ]

    /// A phrase about the server; nil for another fault.
    /// - Parameter identity: nil for a call without a certificate.
    static func reason(_ error: any Error, identity: ClientIdentity?, now: Timestamp) -> String? {
        let description = String(describing: error)
        guard let alert = alerts.first(where: { description.contains($0) }) else { return nil }
        guard let identity else { return "it requires a client certificate. Give the call one with `client_certificate`" }
        if let invalidity = identity.invalidity(at: now) { return "it does not accept the client certificate, which \(invalidity)" }
        switch alert {
        case "ALERT_UNKNOWN_CA": return "it does not trust the authority that issued the client certificate"
        case "ALERT_CERTIFICATE_REVOKED": return "the client certificate was revoked"
        case "CERTIFICATE_REQUIRED": return "it requires a client certificate of an authority that it trusts"
        default: return "it does not accept the client certificate"
        }
    }
}
