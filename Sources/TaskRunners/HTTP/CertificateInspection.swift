import NIOCore
import NIOPosix
import NIOSSL
import WorkflowModel

/// Finds out why a server's certificate is not trusted.
///
/// The TLS library reports only that it is not. So this opens another connection, reads the certificate and closes it after the
/// handshake: the request is not sent.
enum CertificateInspection {
    /// A phrase about the server; nil when the reason could not be found.
    static func reason(host: String, port: Int, now: Timestamp) async -> String? {
        guard let leaf = await certificate(host: host, port: port), let bytes = try? leaf.toDERBytes() else { return nil }
        func time(_ second: time_t) -> Timestamp { Timestamp(milliseconds: Int64(second) * 1_000) }
        let (start, end) = (time(leaf.notValidBefore), time(leaf.notValidAfter))
        if end < now { return "its certificate expired at \(end.iso8601)" }
        if start > now { return "its certificate is not valid before \(start.iso8601)" }
        return CertificateNames(der: bytes).map {
            $0.issuer == $0.subject
                ? "its certificate is self-signed and not trusted by the service"
                : "its certificate is issued by an authority that the service does not trust"
        }
    }

    private static func certificate(host: String, port: Int) async -> NIOSSLCertificate? {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let found = loop.makePromise(of: NIOSSLCertificate?.self)
        guard let context = try? NIOSSLContext(configuration: .makeClientConfiguration()) else {
            found.succeed(nil)
            return nil
        }
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(.milliseconds(HTTPLimits.connect.milliseconds))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    // SNI carries names only, no addresses.
                    let name = (try? SocketAddress(ipAddress: host, port: port)) == nil ? host : nil
                    let handler = try NIOSSLClientHandler(
                        context: context, serverHostname: name,
                        customVerificationCallback: { certificates, verdict in
                            found.succeed(certificates.first)
                            verdict.succeed(.failed)
                        })
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
        do {
            let channel = try await bootstrap.connect(host: host, port: port).get()
            let limit = loop.scheduleTask(in: .milliseconds(HTTPLimits.connect.milliseconds)) { channel.close(promise: nil) }
            channel.closeFuture.whenComplete { _ in
                limit.cancel()
                found.succeed(nil)
            }
        } catch {
            found.succeed(nil)
        }
        return try? await found.futureResult.get()
    }
}

/// Issuer and subject of a certificate (RFC 5280, section 4.1), still encoded.
struct CertificateNames: Hashable {
    var issuer: ArraySlice<UInt8>
    var subject: ArraySlice<UInt8>

    /// - Returns: nil when the bytes are not a certificate.
    init?(der: [UInt8]) {
        guard let certificate = Self.content(in: der[...]), let body = Self.content(in: certificate) else { return nil }
        var rest = body
        var elements: [ArraySlice<UInt8>] = []
        while elements.count < 5, let next = Self.content(in: rest) {
            // The version is optional, and the only member with this tag.
            if rest.first != 0xA0 { elements.append(rest[..<next.endIndex]) }
            rest = rest[next.endIndex...]
        }
        // Serial number, algorithm, issuer, validity, subject.
        guard elements.count == 5 else { return nil }
        (issuer, subject) = (elements[2], elements[4])
    }

    /// The content of the first DER element (X.690, section 8.1).
    private static func content(in bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard bytes.count >= 2 else { return nil }
        var start = bytes.startIndex + 2
        var length = Int(bytes[bytes.startIndex + 1])
        if length >= 0x80 {
            let count = length & 0x7F
            guard (1...4).contains(count), bytes.count >= 2 + count else { return nil }
            length = bytes[start..<start + count].reduce(0) { $0 << 8 | Int($1) }
            start += count
        }
        return length <= bytes.endIndex - start ? bytes[start..<start + length] : nil
    }
}
