import Foundation
import Logging
import NIOCore
import NIOPosix
import Testing

@testable import WorkflowServer

@Suite("Accepting connections without a free descriptor")
struct AcceptancePauseTests {
    /// Runs a test with a listening channel, and a promise that its first connection fulfils.
    private func withListener(_ test: (any Channel, EventLoopFuture<Void>) async throws -> Void) async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let accepted = group.any().makePromise(of: Void.self)
        let listener = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                accepted.succeed()
                return channel.close()
            }
            .bind(host: "127.0.0.1", port: 0).get()
        try await AcceptancePause.add(to: listener, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        try await test(listener, accepted.futureResult)
        try await listener.close()
        // When nothing was accepted.
        accepted.fail(ChannelError.eof)
    }

    /// - Returns: whether the channel accepts connections right after the failure.
    private func fail(_ listener: any Channel, with code: Int32) async throws -> Bool? {
        try await listener.eventLoop.submit {
            listener.pipeline.syncOperations.fireErrorCaught(IOError(errnoCode: code, reason: "accept"))
            return try listener.syncOptions?.getOption(.autoRead)
        }.get()
    }

    @Test(arguments: [EMFILE, ENFILE, ENOBUFS, ENOMEM])
    func pausesAndGoesOn(code: Int32) async throws {
        try await withListener { listener, accepted in
            for _ in 1...2 {
                let isReading = try await fail(listener, with: code)
                #expect(isReading == false)
            }
            let address = try #require(listener.localAddress)
            _ = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(to: address).get()
            // The kernel has the connection at once; the channel accepts it after the pause.
            try await accepted.get()
            let isReading = try await listener.getOption(.autoRead).get()
            #expect(isReading)
        }
    }

    @Test func goesOnAtOnceAfterAConnectionThatWasGivenUp() async throws {
        try await withListener { listener, _ in
            let isReading = try await fail(listener, with: ECONNABORTED)
            #expect(isReading == true)
        }
    }
}
