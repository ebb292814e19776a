import ArgumentParser
import WorkflowModel

/// Where a service may send alerts.
struct AlertOptions: ParsableArguments {
    @Option(
        name: .customLong("alerts-allow"),
        help: ArgumentHelp(
            "Private addresses that alerts may go to, also over plain HTTP, such as 10.0.0.0/8; may be repeated.",
            valueName: "range"),
        transform: Reading.addressRange)
    var allowed: [AddressRange] = []

    @Flag(name: .customLong("allow-private-alerts"), help: "Allow alerts to any address, including those of this machine.")
    var allowsAll = false

    @Option(
        name: .customLong("public-url"),
        help: ArgumentHelp(
            "Base URL of links in alerts. (default: domain and port of the service)", valueName: "address"),
        transform: Reading.serviceURL)
    var publicURL: String?

    var policy: AddressPolicy {
        AddressPolicy(allowed: allowsAll ? AddressRange.everything : allowed)
    }
}
