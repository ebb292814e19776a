/// The version that `weir --version` prints.
enum ProgramVersion {
    static let current = "0.1.0"
}
