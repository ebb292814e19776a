import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel

/// Finds out which tenant a request addresses: by a header, or by a host name `{tenant}.{domain}`.
struct TenantAddressing: Sendable {
    private let suffix: String

    init(domain: String) {
        suffix = "." + domain.lowercased()
    }

    /// - Throws: ``APIError``: 400 when no tenant is addressed, or two are; 403 when it is not the one of the key.
    func check(_ request: Request, against grant: AccessGrant) throws(APIError) {
        let addressed = try tenant(of: request)
        guard addressed == grant.tenant else { throw Authenticator.otherTenant(addressed) }
    }

    func tenant(of request: Request) throws(APIError) -> Tenant {
        let historical = try named(HeaderNames.historicalTenant, in: request.headers)
        let own = try named(HeaderNames.tenant, in: request.headers)
        let host = request.head.authority.flatMap(tenant(ofHost:))
        var found: Tenant?
        for tenant in [historical, own, host] {
            guard let tenant else { continue }
            if let found, found != tenant {
                throw .invalid(
                    "The request addresses two tenants, \(found.name) and \(tenant.name), by its headers or its host; address one.")
            }
            found = tenant
        }
        guard let found else {
            throw .invalid(
                "The request addresses no tenant; send the header \(HeaderNames.historicalTenant.rawName) "
                    + "(or \(HeaderNames.tenant.rawName)), or use the host {tenant}\(suffix).")
        }
        return found
    }

    /// The tenant of a host `{tenant}.{domain}`; nil for any other host.
    func tenant(ofHost authority: String) -> Tenant? {
        var host = authority[...]
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        if let colon = host.utf8.lastIndex(of: UInt8(ascii: ":")), host.utf8[colon...].dropFirst().allSatisfy(digits.contains) {
            host = host[..<colon]
        }
        let name = host.lowercased()
        guard name.hasSuffix(suffix) else { return nil }
        return Tenant(String(name.dropLast(suffix.count)))
    }

    private func named(_ name: HTTPField.Name, in headers: HTTPFields) throws(APIError) -> Tenant? {
        guard let value = headers[name] else { return nil }
        guard let tenant = Tenant(value) else {
            throw .invalid("The header \(name.rawName) does not name a tenant; a tenant is \(Tenant.rule).")
        }
        return tenant
    }
}
