import ArgumentParser
import Dispatch
import Foundation
import NIOCore
import NIOPosix

/// `weir-bench load`: sends the requests of a plan, in a separate process with one thread.
struct RunLoad: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Sends the requests of a plan on standard input, and prints the results as JSON.",
        discussion: "SIGTERM ends it early, with the results so far.")

    func run() async throws {
        let plan = try JSONDecoder().decode(LoadPlan.self, from: FileHandle.standardInput.readDataToEndOfFile())
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let score = LoadScore(plan)
        signal(SIGTERM, SIG_IGN)
        let told = DispatchSource.makeSignalSource(signal: SIGTERM)
        told.setEventHandler { score.end() }
        told.activate()
        defer { told.cancel() }
        let (cpu, start) = (Self.cpuSeconds, Stopwatch.nanoseconds)
        var channels: [any Channel] = []
        for number in 0..<plan.connections {
            let bootstrap = ClientBootstrap(group: group)
                .channelOption(.socketOption(.tcp_nodelay), value: 1)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(LoadConnection(plan, number: number, score: score))
                    }
                }
            channels.append(try await bootstrap.connect(host: plan.host, port: plan.port).get())
        }
        for channel in channels { try await channel.closeFuture.get() }
        let result = score.result(cpuShare: (Self.cpuSeconds - cpu) / Stopwatch.seconds(since: start))
        try await group.shutdownGracefully()
        FileHandle.standardOutput.write(try JSONEncoder().encode(result))
    }

    private static var cpuSeconds: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }
}
