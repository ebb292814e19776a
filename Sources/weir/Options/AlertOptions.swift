import ArgumentParser
import WorkflowModel

/// Where a service sends alerts.
struct AlertOptions: ParsableArguments {
    @Option(
        name: .customLong("alerts-allow"),
        help: ArgumentHelp(
            "Addresses beyond public ones that alerts may go to, over plain HTTP too: 10.0.0.0/8; may be repeated.",
            valueName: "range"),
        transform: Reading.addressRange)
    var allowed: [AddressRange] = []

    @Flag(name: .customLong("allow-private-alerts"), help: "Alerts may go to any address, those of this machine included.")
    var allowsAll = false

    @Option(
        name: .customLong("public-url"),
        help: ArgumentHelp(
            "What links in alerts begin with. (default: the domain and port of the service)", valueName: "address"))
    var publicURL: String?

    var policy: AddressPolicy {
        AddressPolicy(allowed: allowsAll ? AddressRange.everything : allowed)
    }

    func validate() throws {
        guard let publicURL else { return }
        guard publicURL.hasPrefix("http://") || publicURL.hasPrefix("https://") else {
            throw ValidationError("--public-url begins with http:// or https://.")
        }
    }
}
