extension Migration {
    /// Allows the policy `issuer` for keys.
    static let issuers = Migration(
        number: 12,
        rewordings: [
            Rewording(
                table: "api_keys", old: "policy IN ('viewer', 'operator', 'admin')",
                new: "policy IN ('viewer', 'operator', 'admin', 'issuer')")
        ])
}
