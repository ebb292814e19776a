import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import WorkflowAPI
import WorkflowModel

/// A stream of all runs that match a filter, page by page, as fast as the client reads it. It holds two pages at a time: one is written
/// while the next one is read.
struct RunExport: Sendable {
    private let query: RunQuery
    private let format: RunExportFormat
    private let service: APIService
    private let requestID: String

    /// - Parameters:
    ///   - query: its filter, its order and its tenant. The export sets its limit.
    ///   - requestID: for the log.
    init(of query: RunQuery, as format: RunExportFormat, service: APIService, requestID: String) {
        self.query = query
        self.format = format
        self.service = service
        self.requestID = requestID
    }

    /// The answer with its headers. An error of the first page is an error response; a later one cuts the stream.
    /// - Throws: ``APIError`` (429) when the tenant has as many exports as it may have at the same time.
    func response() async throws -> Response {
        let slot = try service.exports.take(for: query.tenant)
        let first = try await page(after: nil)
        let additions = try await self.additions(to: first)
        let name = format.fileName(of: query.tenant, at: service.time.now)
        return Response(
            status: .ok,
            headers: [
                .contentType: format.contentType, .cacheControl: "no-store",
                .contentDisposition: "attachment; filename=\"\(name)\"",
            ],
            body: ResponseBody { writer in
                defer { slot.release() }
                try await write(from: first, additions, to: &writer)
                // Before the end, so that a client that has seen it has its slot back.
                slot.release()
                try await writer.finish(nil)
            })
    }

    private func write(
        from first: RunPage, _ additionsToFirst: RunExportAdditions, to writer: inout any ResponseBodyWriter
    ) async throws {
        if let header = format.header { try await writer.write(header) }
        var (page, additions) = (first, additionsToFirst)
        while let next = page.next {
            async let following = self.page(after: next)
            try await write(page.runs, additions, to: &writer)
            do {
                page = try await following
                additions = try await self.additions(to: page)
            } catch  where !(error is CancellationError) {
                service.logger.error("An export was cut", metadata: ["request": "\(requestID)", "error": "\(error)"])
                throw error
            }
        }
        try await write(page.runs, additions, to: &writer)
    }

    private func write(
        _ runs: [WorkflowRun], _ additions: RunExportAdditions, to writer: inout any ResponseBodyWriter
    ) async throws {
        // Writing nothing fails, too, when the connection is gone: a search that finds no runs would go on to its end.
        try await writer.write(runs.isEmpty ? ByteBuffer() : format.document(of: runs, with: additions))
    }

    private func additions(to page: RunPage) async throws -> RunExportAdditions {
        guard format.hasAdditions, !page.runs.isEmpty else { return RunExportAdditions() }
        let stopped = page.runs.filter { $0.state == .canceled || $0.state == .stopping }.map(\.id)
        return RunExportAdditions(
            stops: stopped.isEmpty ? [:] : try await service.stores.lists.stops(of: stopped, tenant: query.tenant),
            notes: try await service.stores.notes.notes(on: page.runs.map(\.id), of: query.tenant))
    }

    private func page(after cursor: RunCursor?) async throws -> RunPage {
        var query = query
        query.limit = Limits.exportPage
        query.after = cursor
        query.withTotal = false
        query.limitWork(to: service.settings.searchTime)
        return try await service.stores.lists.runs(matching: query)
    }
}
