import WorkflowModel

extension OpenAPIDocument {
    static let tickPaths = [
        #"""
        "/api/workflow/configs/{id}/ticks": {
          "get": {
            "operationId": "listTicks", "summary": "Lists what became of the ticks of a configuration's schedules.",
            "tags": ["configurations"],
            "description": "Newest first, by the nominal time. Every tick has one outcome. Ticks outlive their configuration \#
        for as long as retention lets them.",
            "parameters": [\#(parameters(
                "ConfigurationID", "TickSchedule", "TicksFrom", "TicksTo", "Limit", "NextToken", "IfNoneMatch"))],
            "responses": {
              "200": {
                "description": "A page of ticks.", "headers": {\#(tagged)},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/TickList"}}}
              },
              "304": {"description": "The client has this answer already."},
              \#(errors(.notFound)), \#(readErrors)
            }
          }
        }
        """#
    ]

    static let tickSchemas = [
        #"""
        "Tick": {
                "type": "object",
                "required": ["tenant", "config_id", "schedule", "scheduled_for", "outcome", "decided_at", "is_backfilled"],
                "properties": {
                  "tenant": {"type": "string"}, "config_id": {"type": "string"}, "schedule": {"type": "string"},
                  "scheduled_for": {"$ref": "#/components/schemas/DateTime"},
                  "outcome": {"enum": [\#(TickOutcome.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", "))]},
                  "reason": {"enum": [\#(TickReason.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", "))]},
                  "workflow_id": {"type": "string", "description": "The run that it started, or that it was skipped or waits \#
        for."},
                  "merged_into": {"$ref": "#/components/schemas/DateTime"},
                  "due_at": {"$ref": "#/components/schemas/DateTime"},
                  "range_from": {"$ref": "#/components/schemas/DateTime"},
                  "decided_at": {"$ref": "#/components/schemas/DateTime"}, "is_backfilled": {"type": "boolean"}
                }
              }
        """#,
        #"""
        "TickList": {
                "type": "object", "required": ["data"],
                "properties": {
                  "data": {"type": "array", "items": {"$ref": "#/components/schemas/Tick"}},
                  "next_token": {"type": "string"}
                }
              }
        """#,
    ]
}
