import Testing
import WorkflowModel

extension StoreContract {
    static let views: [Rule] = [
        Rule("A saved view is found by its name, and replaced by another one with that name") { bench in
            let first = bench.view("Platform", "attribution:platform since:7d", at: 1)
            #expect(try await bench.store.view(named: "Platform", of: StoreBench.acme) == nil)
            try await bench.save(first)
            #expect(try await bench.store.view(named: "Platform", of: StoreBench.acme) == first)
            var second = bench.view("Platform", "state:failed", at: 2)
            second.savedBy = Principal(id: "wk_ada", name: "Ada", email: "ada@example.com")
            try await bench.save(second)
            #expect(try await bench.store.views(of: StoreBench.acme) == [second])
            #expect(try await bench.store.deleteView(named: "Platform", of: StoreBench.acme))
            #expect(try await bench.store.deleteView(named: "Platform", of: StoreBench.acme) == false)
            #expect(try await bench.store.views(of: StoreBench.acme).isEmpty)
        },
        Rule("Views are listed by name in the order of bytes, and keep their texts byte by byte") { bench in
            let names = ["b", "B", "a", "caf\u{E9}", "cafe\u{301}", "é", "日本", "100%_'\"\\", "a b"]
            for (number, name) in names.enumerated() {
                try await bench.save(bench.view(name, "\"\(name)\" -type:x", at: number))
            }
            let sorted = names.enumerated().map { bench.view($1, "\"\($1)\" -type:x", at: $0) }
                .sorted { $0.name.precedesByBytes($1.name) }
            #expect(try await bench.store.views(of: StoreBench.acme) == sorted)
            for view in sorted { #expect(try await bench.store.view(named: view.name, of: StoreBench.acme) == view) }
            #expect(try await bench.store.view(named: "A", of: StoreBench.acme) == nil)
            #expect(try await bench.store.deleteView(named: "cafe\u{301}", of: StoreBench.acme))
            #expect(try await bench.store.view(named: "caf\u{E9}", of: StoreBench.acme) != nil)
        },
        Rule("Views belong to their tenant") { bench in
            try await bench.save(bench.view("Mine", "a"))
            try await bench.save(bench.view("Mine", "b"), of: StoreBench.globex)
            #expect(try await bench.store.view(named: "Mine", of: StoreBench.globex) == bench.view("Mine", "b"))
            #expect(try await bench.store.deleteView(named: "Mine", of: StoreBench.globex))
            #expect(try await bench.store.views(of: StoreBench.acme) == [bench.view("Mine", "a")])
            let unknown = StoreBench.tenant("unknown")
            #expect(try await bench.store.views(of: unknown).isEmpty)
            #expect(try await bench.store.deleteView(named: "Mine", of: unknown) == false)
        },
        Rule("A tenant has a limited number of views; at the limit, one can be replaced but none added") { bench in
            for number in 0..<SavedView.most {
                try await bench.save(bench.view("View \(number)", "x"))
            }
            #expect(try await bench.store.save(bench.view("Another", "x"), of: StoreBench.acme) == false)
            #expect(try await bench.store.view(named: "Another", of: StoreBench.acme) == nil)
            try await bench.save(bench.view("View 7", "y"))
            try await bench.save(bench.view("Another", "x"), of: StoreBench.globex)
            #expect(try await bench.store.deleteView(named: "View 8", of: StoreBench.acme))
            try await bench.save(bench.view("Another", "x"))
            #expect(try await bench.store.views(of: StoreBench.acme).count == SavedView.most)
        },
        Rule("Of concurrent requests to save views, no more than the limit succeed") { bench in
            for number in 0..<SavedView.most - 5 {
                try await bench.save(bench.view("View \(number)", "x"))
            }
            let saved: Int = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<20 {
                    group.addTask { try await bench.store.save(bench.view("New \(number)", "x"), of: StoreBench.acme) }
                }
                return try await group.reduce(into: 0) { count, isSaved in count += isSaved ? 1 : 0 }
            }
            #expect(saved == 5)
            #expect(try await bench.store.views(of: StoreBench.acme).count == SavedView.most)
        },
    ]
}

extension StoreBench {
    /// Saves a view that the tenant has room for.
    func save(_ view: SavedView, of tenant: Tenant = acme, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        #expect(try await store.save(view, of: tenant), sourceLocation: sourceLocation)
    }

    func view(_ name: String, _ search: String, at second: Int = 0) -> SavedView {
        SavedView(name: name, search: search, savedBy: Self.someone, savedAt: Self.after(Double(second)))
    }
}
