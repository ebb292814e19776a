import Foundation
import WorkflowAPI

/// The measured server process, with a key of the measured tenant.
struct MeasuredServer: Sendable {
    let child: ChildProcess
    let port: Int
    let token: String
    let tenant: String
    /// From the start of the process to its first list response, with a token from an earlier process.
    var firstAnswer: Double?

    /// Starts `weir serve`, or a program with the same arguments and output.
    static func start(
        _ programs: Programs, verb: [String] = ["serve"], data: String, key: BenchKey, workers: Int = 0, token: String? = nil
    ) throws -> MeasuredServer {
        let start = Stopwatch.nanoseconds
        let program = verb.first == "serve" ? programs.weir : programs.bench
        let child = try ChildProcess(
            program, verb + ["--data", data, "--port", "0", "--rate-limit", "0", "--workers", "\(workers)"])
        guard let line = child.firstLine(), let port = line.split(separator: ":").last.flatMap({ Int($0.prefix { $0.isNumber }) })
        else {
            child.end()
            throw BenchFailure("The server on \(data) did not print its address.")
        }
        do {
            let caller = try HTTPCaller(port: port)
            let usable = try token ?? Self.token(of: key, from: caller)
            var server = MeasuredServer(child: child, port: port, token: usable, tenant: key.tenant)
            if token != nil {
                _ = try caller.call(server.get("\(Paths.runs)?limit=12"), expecting: 200)
                server.firstAnswer = Stopwatch.seconds(since: start)
            }
            return server
        } catch {
            child.end()
            throw error
        }
    }

    private static func token(of key: BenchKey, from caller: HTTPCaller) throws -> String {
        let answer = try caller.call(
            HTTPText(
                method: "POST", path: Paths.token, headers: [("content-type", "application/x-www-form-urlencoded")],
                body: "grant_type=client_credentials&client_id=\(key.clientID)&client_secret=\(key.clientSecret)"),
            expecting: 200)
        return try JSONDecoder().decode(Granted.self, from: Data(answer.body)).accessToken
    }

    private struct Granted: Decodable {
        var accessToken: String

        enum CodingKeys: String, CodingKey {
            case accessToken = "access_token"
        }
    }

    func get(_ path: String) -> HTTPText {
        HTTPText(path: path, headers: headers)
    }

    func send(_ method: String, _ path: String, _ body: String, type: String = "application/json") -> HTTPText {
        HTTPText(method: method, path: path, headers: headers + [("content-type", type)], body: body)
    }

    private var headers: [(String, String)] {
        [("authorization", "Bearer \(token)"), ("amperity-tenant", tenant)]
    }

    /// Puts a load on the server, from a separate process.
    func load(_ plan: LoadPlan, from programs: Programs) throws -> LoadResult {
        let printed = try ChildProcess.run(programs.bench, ["load"], input: JSONEncoder().encode(plan))
        return try JSONDecoder().decode(LoadResult.self, from: printed).withoutFailures()
    }

    func plan(_ requests: [(name: String, text: HTTPText, status: Int)], connections: Int, seconds: Double) -> LoadPlan {
        LoadPlan(
            port: port, connections: connections,
            requests: requests.map {
                LoadPlan.Request(name: $0.name, text: $0.text.text(host: "127.0.0.1:\(port)"), status: $0.status)
            },
            warmUp: min(2, seconds / 2), seconds: seconds)
    }

    /// A value of `/proc/PID/status`, in MiB, such as `VmRSS` or `VmHWM`.
    func memory(_ name: String) -> Double {
        let text = (try? String(contentsOfFile: "/proc/\(child.id)/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
        return line.flatMap { Double($0.filter(\.isNumber)) }.map { $0 / 1_024 } ?? 0
    }
}

/// A key as `weir keys create --json` prints it.
struct BenchKey: Codable, Sendable {
    var clientID: String
    var clientSecret: String
    var tenant: String

    enum CodingKeys: String, CodingKey {
        case clientID = "client_id"
        case clientSecret = "client_secret"
        case tenant
    }

    static func make(_ programs: Programs, data: String, tenant: String = "acme") throws -> BenchKey {
        let printed = try ChildProcess.run(
            programs.weir,
            ["keys", "create", "--data", data, "--tenant", tenant, "--name", "bench", "--policy", "admin", "--json"])
        return try JSONDecoder().decode(BenchKey.self, from: printed)
    }
}

/// The paths of the started programs.
struct Programs: Sendable {
    var weir: String
    var bench: String
}
