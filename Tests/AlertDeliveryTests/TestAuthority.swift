import Crypto
import Foundation
import NIOSSL
import SwiftASN1
import X509

/// Says whose certificates are whose, to those who trust it.
struct TestAuthority: Sendable {
    private let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
    private let name: DistinguishedName
    private let own: Certificate

    init() throws {
        name = try DistinguishedName { CommonName("Test authority") }
        own = try Self.issue(
            key.publicKey, subject: name, issuer: name, signedWith: key,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                Critical(KeyUsage(keyCertSign: true))
            })
    }

    func trustRoots() throws -> NIOSSLTrustRoots {
        .certificates([try Self.converted(own)])
    }

    /// One for a server of that name.
    func certificate(for host: String) throws -> TestCertificate {
        let key = P256.Signing.PrivateKey()
        let certificate = try Self.issue(
            Certificate.PrivateKey(key).publicKey, subject: try DistinguishedName { CommonName(host) }, issuer: name,
            signedWith: self.key,
            extensions: Certificate.Extensions { SubjectAlternativeNames([.dnsName(host)]) })
        return TestCertificate(certificate: try Self.converted(certificate), key: key.pemRepresentation)
    }

    private static func issue(
        _ key: Certificate.PublicKey, subject: DistinguishedName, issuer: DistinguishedName,
        signedWith issuerKey: Certificate.PrivateKey, extensions: Certificate.Extensions
    ) throws -> Certificate {
        // As the clock of the machine has it, because nobody else's is asked when a connection is made.
        let now = Date()
        return try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key, notValidBefore: now - 3_600,
            notValidAfter: now + 86_400, issuer: issuer, subject: subject, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: extensions, issuerPrivateKey: issuerKey)
    }

    private static func converted(_ certificate: Certificate) throws -> NIOSSLCertificate {
        try NIOSSLCertificate(bytes: Array(try certificate.serializeAsPEM().pemString.utf8), format: .pem)
    }
}

/// What a server shows, and the key that belongs to it.
struct TestCertificate: Sendable {
    let certificate: NIOSSLCertificate
    let key: String

    func serverConfiguration() throws -> TLSConfiguration {
        .makeServerConfiguration(
            certificateChain: [.certificate(certificate)],
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem)))
    }
}
