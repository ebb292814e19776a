import WorkflowAPI
import WorkflowClient
import WorkflowModel

/// Checks and stores configurations with a service. All are checked before the first one is stored.
struct ApplyWork {
    let files: [ConfigurationFile]
    let client: WorkflowClient

    /// The result of a check without problems.
    struct Report {
        var files: [ConfigurationFile]
        /// The checks by the service; nil without a service.
        var checks: [ConfigurationCheck]?
        /// Why the service did not check.
        var reason = ""
    }

    /// Checks all files, by the service if it can be reached.
    /// - Throws: ``CommandFailure`` with all problems.
    func check() async throws -> Report {
        do {
            return Report(files: files, checks: try await checks())
        } catch let error as ClientError where Self.meansNoService(error) {
            try ConfigurationFile.checkZones(of: files)
            return Report(files: files, reason: CommandFailure(describing: error).message)
        }
    }

    /// Stores all files.
    /// - Returns: the stored configurations, and the failure that stopped it.
    /// - Throws: the failure when none was stored.
    func store() async throws -> (stored: [ConfigurationAnswer], failure: CommandFailure?) {
        // A single file is checked by the request that stores it.
        if files.count > 1 { _ = try await checks() }
        var stored: [ConfigurationAnswer] = []
        for (place, file) in files.enumerated() {
            do {
                stored.append(try await client.save(file.source, as: file.id, file: file.name))
            } catch {
                guard !stored.isEmpty else { throw error }
                var failure = CommandFailure(describing: error)
                failure.message +=
                    "\nStored: \(stored.map(\.id).joined(separator: ", ")). "
                    + "Not stored: \(files[place...].map(\.id).joined(separator: ", "))."
                return (stored, failure)
            }
        }
        return (stored, nil)
    }

    /// - Throws: ``CommandFailure`` with the problems of all files; ``ClientError`` when the service cannot be reached.
    func checks() async throws -> [ConfigurationCheck] {
        var checks: [ConfigurationCheck] = []
        var complaints: [String] = []
        for file in files {
            do {
                checks.append(try await client.check(file.source, as: file.id, file: file.name))
            } catch {
                guard error.code == .refused(.invalid) else { throw error }
                complaints.append(CommandFailure(describing: error).message)
            }
        }
        guard complaints.isEmpty else { throw CommandFailure(.data, complaints.joined(separator: "\n")) }
        return checks
    }

    private static func meansNoService(_ error: ClientError) -> Bool {
        switch error.code {
        case .unreachable, .timedOut: true
        case .refused(.unauthenticated): error.presented == ClientError.PresentedCredentials.none
        case .refused, .unreadable, .invalidAddress: false
        }
    }
}

extension ApplyWork.Report {
    /// The files with references that only the service can check.
    private var unchecked: [(file: String, claims: [String])] {
        guard checks == nil else { return [] }
        return files.map { ($0.name, $0.claims) }.filter { !$0.claims.isEmpty }
    }

    /// About the texts, from the service or from here.
    var warnings: [String] {
        if let checks { return checks.flatMap(\.warnings) }
        return files.flatMap { CredentialLiterals.warnings(in: $0.source, file: $0.name).map(\.description) }
    }

    var sentence: String {
        let subject = files.count == 1 ? "The file is" : "All \(files.count) files are"
        guard !unchecked.isEmpty else { return "\(subject) valid." }
        let lines = unchecked.map { "\($0.file): \($0.claims.joined(separator: ", "))" }
        return "\(subject) well formed, but the service could not check everything: \(reason)\n"
            + "Time zones were looked up on this machine. Not checked:\n" + lines.joined(separator: "\n")
    }

    /// `{"data": […], "not_checked": […]}`
    var json: String {
        JSONOutput.text { json in
            json.object { json in
                json.name("data")
                if let checks {
                    json.array(of: checks) { $0.check($1) }
                } else {
                    json.array(of: files) { json, file in
                        json.object { json in
                            json.member("id", file.id)
                            json.member("name", file.configuration.name)
                            json.member("type", file.configuration.type)
                            json.member("labels", file.configuration.labels)
                        }
                    }
                }
                guard !unchecked.isEmpty else { return }
                json.name("not_checked")
                json.array(of: unchecked.flatMap(\.claims)) { $0.string($1) }
            }
        }
    }
}
