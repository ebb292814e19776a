import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel

/// Finds the tenant that a request addresses: by a header, or else by a host name `{tenant}.{domain}`.
///
/// A header overrides the host, because a sandbox is addressed through the host of its production. Access tokens protect tenants: each
/// belongs to one.
struct TenantAddressing: Sendable {
    private let suffix: String

    init(domain: String) {
        suffix = "." + domain.lowercased()
    }

    /// - Throws: ``APIError``: 400 when no tenant is addressed or headers name two; 403 for another tenant than the key's.
    func check(_ request: Request, against grant: AccessGrant) throws(APIError) {
        let addressed = try tenant(of: request)
        guard addressed == grant.tenant else { throw Authenticator.otherTenant(addressed) }
    }

    func tenant(of request: Request) throws(APIError) -> Tenant {
        var found: Tenant?
        for name in [HeaderNames.historicalTenant, HeaderNames.olderTenant, HeaderNames.tenant] {
            for value in request.headers[values: name] {
                guard let tenant = Tenant(value) else {
                    throw .invalid("The header \(name.rawName) does not name a tenant. A tenant is \(Tenant.rule).")
                }
                if let found, found != tenant {
                    throw .invalid("The headers name two tenants, \(found.name) and \(tenant.name). Name one.")
                }
                found = tenant
            }
        }
        guard let found = found ?? request.head.authority.flatMap(tenant(ofHost:)) else {
            throw .invalid(
                "The request addresses no tenant. Send the header \(HeaderNames.historicalTenant.rawName) "
                    + "(or \(HeaderNames.tenant.rawName)), or use the host {tenant}\(suffix).")
        }
        return found
    }

    /// The tenant of a host `{tenant}.{domain}`; nil for any other host. All tenants share the labels `app` and `app-…`, so a tenant of
    /// such a name is addressed by a header.
    func tenant(ofHost authority: String) -> Tenant? {
        var host = authority[...]
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        if let colon = host.utf8.lastIndex(of: UInt8(ascii: ":")), host.utf8[colon...].dropFirst().allSatisfy(digits.contains) {
            host = host[..<colon]
        }
        let name = host.lowercased()
        guard name.hasSuffix(suffix) else { return nil }
        let label = String(name.dropLast(suffix.count))
        return Self.isSharedEntry(label) ? nil : Tenant(label)
    }

    private static func isSharedEntry(_ label: String) -> Bool {
        label == "app" || label.hasPrefix("app-")
    }
}
