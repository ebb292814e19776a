import HTTPTypes
import Testing
import WorkflowModel

@testable import WorkflowServer

@Suite("The table of routes") struct RouteTableTests {
    private struct Named: Routable {
        var method: HTTPRequest.Method
        var path: String
        var name: String
    }

    private let table = RouteTable([
        Named(method: .get, path: "/runs/{id}", name: "a run"), Named(method: .get, path: "/runs/newest", name: "the newest"),
        Named(method: .get, path: "/runs", name: "runs"), Named(method: .post, path: "/runs", name: "a start"),
        Named(method: .get, path: "/", name: "the root"),
    ])

    private func name(_ method: HTTPRequest.Method, _ path: String) -> String? {
        guard case .found(let route, let values) = table.match(method, path[...]) else { return nil }
        return ([route.name] + values).joined(separator: ": ")
    }

    @Test func pathsAreTheSameWithASlashAtTheirEnd() {
        for path in ["/runs", "/runs/"] {
            #expect(name(.get, path) == "runs")
            #expect(name(.head, path) == "runs")
            #expect(name(.post, path) == "a start")
        }
        #expect(name(.get, "/") == "the root")
        #expect(name(.get, "/runs/w%2F1/") == "a run: w/1")
    }

    /// Rows from an earlier version can have such ids; browsers would take one escape for the place above.
    @Test(arguments: [".", "..", "...", "a/b", "%2F", "é?#"]) func anyIDIsFoundByItsLink(id: String) {
        let path = "/runs/\(PathSegment.escaped(id))"
        #expect(name(.get, path) == "a run: \(id)")
        #expect(!path.hasSuffix("/.") && !path.hasSuffix("/..") && !path.uppercased().hasSuffix("/%2E"))
        #expect(!path.dropFirst("/runs/".count).contains("/"))
    }

    @Test func aPathWithoutValuesComesBeforeOneThatHasSome() {
        #expect(name(.get, "/runs/newest") == "the newest")
        #expect(name(.get, "/runs/newest/") == "the newest")
        #expect(name(.get, "/runs/newer") == "a run: newer")
    }

    @Test func whatIsNotThereIsToldFromWhatIsThereForOthers() {
        for path in ["/runs", "/runs/", "/runs/x"] {
            guard case .wrongMethod(let allowed) = table.match(.delete, path[...]) else {
                Issue.record("\(path) is there")
                continue
            }
            #expect(allowed.contains(.get))
            #expect(allowed.contains(.head))
        }
        for path in ["", "runs", "//runs", "/runs//", "/run", "/runs/x/y", "/runs/%zz"] {
            guard case .unknown = table.match(.get, path[...]) else {
                Issue.record("\(path) is not there")
                continue
            }
        }
    }
}
