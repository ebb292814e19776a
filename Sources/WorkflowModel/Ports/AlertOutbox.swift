/// The queue of alerts that are due: senders claim alerts from it and report the outcome.
public protocol AlertOutbox: Sendable {
    /// Claims due alerts: the longest due one of each receiver that no sender is busy with. Until `expiry`, no other sender gets
    /// these alerts or others for the same receivers.
    func claimAlertsOfAllTenants(limit: Int, until expiry: Timestamp, at now: Timestamp) async throws -> [ClaimedAlert]

    /// Records the outcome of an attempt; a token older than the newest changes nothing. A receiver that is gone is disabled.
    func report(_ outcome: AlertOutcome, of claimed: ClaimedAlert, at now: Timestamp) async throws
}
