import Crypto
import Foundation
public import NIOSSL
import SwiftASN1
import X509

/// A certificate authority that issues certificates for tests.
public struct TestAuthority: Sendable {
    private let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
    private let name: DistinguishedName
    private let own: Certificate

    public init(named text: String = "Test authority") throws {
        name = try DistinguishedName { CommonName(text) }
        own = try Self.issue(
            key.publicKey, subject: name, issuer: name, signedWith: key,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                Critical(KeyUsage(keyCertSign: true))
            })
    }

    /// The trust roots of a client that trusts this authority only.
    public func trustRoots() throws -> NIOSSLTrustRoots {
        .certificates([try Self.converted(own)])
    }

    /// Issues a server certificate.
    /// - Parameters:
    ///   - isSelfSigned: whether it is signed with its own key.
    ///   - validity: in seconds from now.
    public func certificate(
        for host: String, isSelfSigned: Bool = false, validity: ClosedRange<Double> = -3_600...86_400
    ) throws -> TestCertificate {
        let key = P256.Signing.PrivateKey()
        let subject = try DistinguishedName { CommonName(host) }
        let certificate = try Self.issue(
            Certificate.PrivateKey(key).publicKey, subject: subject, issuer: isSelfSigned ? subject : name,
            signedWith: isSelfSigned ? Certificate.PrivateKey(key) : self.key, validity: validity,
            extensions: Certificate.Extensions { SubjectAlternativeNames([.dnsName(host)]) })
        return TestCertificate(
            certificate: try Self.converted(certificate), pem: try certificate.serializeAsPEM().pemString,
            key: key.pemRepresentation)
    }

    private static func issue(
        _ key: Certificate.PublicKey, subject: DistinguishedName, issuer: DistinguishedName,
        signedWith issuerKey: Certificate.PrivateKey, validity: ClosedRange<Double> = -3_600...86_400,
        extensions: Certificate.Extensions
    ) throws -> Certificate {
        // The clock of the machine, because the TLS library uses it.
        let now = Date()
        return try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key, notValidBefore: now + validity.lowerBound,
            notValidAfter: now + validity.upperBound, issuer: issuer, subject: subject, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: extensions, issuerPrivateKey: issuerKey)
    }

    private static func converted(_ certificate: Certificate) throws -> NIOSSLCertificate {
        try NIOSSLCertificate(bytes: Array(try certificate.serializeAsPEM().pemString.utf8), format: .pem)
    }
}

/// A certificate with its private key, of a server or a client.
public struct TestCertificate: Sendable {
    let certificate: NIOSSLCertificate
    /// As texts in PEM.
    public let pem: String
    public let key: String
    /// The authority whose certificates a server demands of its clients; nil for a server that demands none.
    public var clients: TestAuthority?

    init(certificate: NIOSSLCertificate, pem: String, key: String) {
        self.certificate = certificate
        self.pem = pem
        self.key = key
    }

    public func serverConfiguration() throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: [.certificate(certificate)],
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem)))
        if let clients {
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = try clients.trustRoots()
        }
        return configuration
    }
}
