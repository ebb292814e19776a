import ArgumentParser

struct SecretKeyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "File with the keys that encrypt secrets, the same on all nodes. (default: secrets.key in the data directory; "
                + "with --database none)",
            valueName: "file"))
    var secretsKeyFile: String?
}
