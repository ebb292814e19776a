extension Migration {
    /// Allows the policy `issuer` for keys.
    static let issuers = Migration(
        number: 10,
        sql: """
            ALTER TABLE api_keys DROP CONSTRAINT api_keys_policy_check;
            ALTER TABLE api_keys ADD CONSTRAINT api_keys_policy_check
                CHECK (policy IN ('viewer', 'operator', 'admin', 'issuer'));
            """)
}
