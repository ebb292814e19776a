import StoreCore
public import WorkflowModel

/// Rate limit buckets, shared by all nodes.
extension PostgresStore: RequestBuckets {
    /// Without retries. When the answer is lost, the taken tokens are lost too, which admits fewer requests, never more.
    public func take(_ demand: RequestDemand, at now: Timestamp) async throws -> RequestsTaken {
        do {
            let taken = try await pool.run { database in
                try database.row(
                    BucketStatement.take, demand.tenant.name, demand.wanted, demand.quota, now, RequestBucket.greatestSkew
                ) {
                    RequestsTaken(count: try $0.next(), left: try $0.next())
                }
            }
            return taken ?? RequestsTaken(count: 0, left: 0)
        } catch {
            throw StoreError.error(for: error)
        }
    }
}

enum BucketStatement {
    /// The rules of ``RequestBucket`` in one statement, which locks the bucket's row.
    static let take = """
        INSERT INTO request_buckets AS b (tenant, content, filled_at, taken)
        VALUES ($1, ($3 - least($2, $3)) * 1000, $4, least($2, $3))
        ON CONFLICT (tenant) DO UPDATE SET (content, filled_at, taken) = (
            SELECT f.content - f.taken * 1000, f.filled_at, f.taken
            FROM (
                SELECT c.content, c.filled_at, least($2, c.content / 1000) AS taken
                FROM (
                    SELECT least($3 * 1000, b.content + least(greatest(0, $4 - b.filled_at), 1000) * $3) AS content,
                        CASE WHEN $4 > b.filled_at OR $4 <= b.filled_at - $5 THEN $4 ELSE b.filled_at END AS filled_at
                ) AS c
            ) AS f)
        RETURNING taken, content
        """
}
