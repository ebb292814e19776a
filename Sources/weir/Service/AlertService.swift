import AlertDelivery
import ServiceLifecycle

/// Sends alerts from the opening of a gate until shutdown.
struct AlertService: Service {
    let sender: AlertSender
    let start: Gate

    func run() async throws {
        guard await start.isOpenBeforeShutdown() else { return }
        await cancelWhenGracefulShutdown { await sender.run() }
    }
}
