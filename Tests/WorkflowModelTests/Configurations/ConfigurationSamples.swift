import Testing
import WorkflowModel

/// Configuration texts, and their parsed values. The schema has to accept each text that the reader accepts.
enum Sample {
    static func read(_ text: String, as format: ConfigurationSource.Format = .yaml) throws -> WorkflowConfiguration {
        let configuration = try ConfigurationReader().read(ConfigurationSource(text: text, format: format), file: "daily.yaml")
        #expect(
            SchemaCheck.ofConfigurations.accepts(text, as: format) != false,
            "the reader accepts it and the schema does not: \(text)")
        return configuration
    }

    /// The problems of a text; empty for a valid one.
    static func problems(_ text: String, as format: ConfigurationSource.Format = .yaml) -> [ConfigurationProblem] {
        do {
            _ = try read(text, as: format)
            return []
        } catch {
            return (error as? ConfigurationProblems)?.problems ?? []
        }
    }

    /// A configuration with one task that has `members` besides its id and type, from line 9 on.
    static func task(_ members: String...) -> String {
        task(members)
    }

    private static func task(_ members: [String]) -> String {
        """
        id: daily
        name: Daily
        type: shop.daily
        stages:
          - name: Only
            tasks:
              - id: pull
                type: shop.pull
                \(members.joined(separator: "\n        "))

        """
    }

    static func readTask(_ members: String...) throws -> TaskDefinition? {
        try read(task(members)).tasks.first
    }

    /// Stages of tasks with needs: `[["a", "b needs a"], ["c"]]`. The first task is in line 7; each task takes one line, and each
    /// stage two lines before its tasks.
    static func stages(_ stages: [[String]]) -> String {
        var text = "id: daily\nname: Daily\ntype: shop.daily\nstages:\n"
        for (number, tasks) in stages.enumerated() {
            text += "  - name: Stage \(number + 1)\n    tasks:\(tasks.isEmpty ? " []" : "")\n"
            for task in tasks {
                let parts = task.split(separator: " needs", maxSplits: 1, omittingEmptySubsequences: false)
                let needs = parts.count > 1 ? ", needs: [\(parts[1])]" : ""
                text += "      - {id: \(parts[0]), type: t, command: [\"true\"]\(needs)}\n"
            }
        }
        return text
    }

    static func needs(_ stages: [[String]]) throws -> [String: [String]] {
        let tasks = try read(self.stages(stages)).tasks
        return Dictionary(uniqueKeysWithValues: tasks.map { ($0.id, $0.needs) })
    }

    static let complete = """
        id: cg-daily
        name: Daily
        type: courier.group/run
        run_mode: refresh
        labels: {team: crm, example.com/tier: 1, on: yes, empty: ""}
        warn_after: 2h
        stages:
          - name: Sources
            run_modes: [source, refresh, full]
            tasks:
              - id: pull-orders
                label: Pull orders
                type: courier.pull
                command: [python3, pull_orders.py, 8080, yes, 1.10]
                timeout: 30m
                grace: 2s
                retry: {attempts: 5, first_delay: 500ms, factor: 1.5, max_delay: 1m30s, on: [platform, customer]}
                blame: {65: customer, 69: platform, timeout: customer}
              - id: pull-members
                type: courier.pull
                command: ["true"]
          - name: Stitch
            run_modes: [refresh, full]
            tasks:
              - id: unify
                label: Unify customers
                type: stitch.unify
                needs: [pull-orders]
                command: [python3, unify.py]
          - name: Activations
            run_modes: [full]
            tasks:
              - id: notify
                label: Tell the shop
                type: webhook.send
                http:
                  method: POST
                  url: "https://shop.example/hooks/daily"
                  headers: {x-source: weir, X-Count: 3}
                  expect: [200, 202]
                  json: {text: "done", count: 1.10, "on": yes, list: [1, true, null, ~, 007]}

        """
}
