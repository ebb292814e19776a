import WorkflowModel

extension OpenAPIDocument {
    static let schedulePaths = [
        #"""
        "/api/workflow/configs/{id}/schedule": {
          "get": {
            "operationId": "previewSchedules", "summary": "Shows when the schedules of a configuration fire.", "tags": \#
        ["configurations"],
            "description": "Of the current version, paused or not. Changes of the clocks that move, skip or double a tick are said.",
            "parameters": [
              \#(parameters("ConfigurationID")),
              {"name": "schedule", "in": "query", "schema": {"type": "string", "minLength": 1}, "description": "That one only."},
              {"name": "from", "in": "query", "schema": {"$ref": "#/components/schemas/PartialDateTime"}, "description": \#
        "Then or later; now where it is missing."},
              {"name": "to", "in": "query", "schema": {"$ref": "#/components/schemas/PartialDateTime"}, "description": "Before then."},
              {"name": "next", "in": "query", "schema": {"type": "integer", "minimum": \#(ScheduleForecast.limits.lowerBound), \#
        "maximum": \#(ScheduleForecast.limits.upperBound), "default": \#(ScheduleForecast.defaultLimit)}, "description": "How many \#
        ticks of each schedule; those that are skipped are not counted."}
            ],
            "responses": {
              "200": {
                "description": "The schedules, in the order of the configuration.", "headers": {\#(limited)},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ScheduleForecastList"}}}
              },
              \#(errors(.notFound)), \#(readErrors)
            }
          }
        }
        """#,
        #"""
        "/api/workflow/configs/{id}/backfill": {
          "post": {
            "operationId": "backfillTick", "summary": "Starts the run of a tick of the past, unless it has one.", "tags": \#
        ["configurations"],
            "description": "Needs the policy operator. However often it is sent, and by whomever, a tick has one run.",
            "parameters": [\#(parameters("ConfigurationID"))],
            "requestBody": {
              "required": true,
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/BackfillRequest"}}}
            },
            "responses": {
              "200": {
                "description": "It has its run, or its schedule is about to start it.", "headers": {\#(limited)},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/BackfillAnswer"}}}
              },
              "201": {
                "description": "Its run is started.", "headers": {"Location": {"$ref": "#/components/headers/Location"}, \#(limited)},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/BackfillAnswer"}}}
              },
              \#(errors(.notFound, .tooLarge, .unsupportedMediaType)), \#(readErrors)
            }
          }
        }
        """#,
    ]

    static let scheduleSchemas = [
        #"""
        "ScheduleForecastList": {
                "type": "object", "required": ["data"],
                "properties": {"data": {"type": "array", "items": {
                  "type": "object", "required": ["id", "cron", "timezone", "paused", "ticks"],
                  "properties": {
                    "id": {"type": "string"}, "cron": {"type": "string"}, "timezone": {"type": "string"},
                    "paused": {"type": "boolean"},
                    "ticks": {"type": "array", "items": {
                      "type": "object", "required": ["scheduled_for", "local_time"],
                      "properties": {
                        "scheduled_for": {"$ref": "#/components/schemas/DateTime"},
                        "local_time": {"type": "string", "description": "What the clocks of the zone show."},
                        "clock_change": {"enum": [\#(list(PreviewedTick.ClockChange.allCases))], "description": "What a change of \#
        the clocks does to it. One that is skipped does not fire."},
                        "note": {"type": "string"}
                      }
                    }}
                  }
                }}}
              },
              "BackfillRequest": {
                "type": "object", "required": ["scheduled_for"], "additionalProperties": false,
                "properties": {
                  "scheduled_for": {"$ref": "#/components/schemas/PartialDateTime"},
                  "schedule": {"type": "string", "minLength": 1, "description": "May be left out where there is one only."},
                  "run_mode": {"enum": [\#(list(RunMode.allCases))]}
                }
              },
              "BackfillAnswer": {
                "type": "object", "required": ["outcome"],
                "properties": {
                  "outcome": {"enum": [\#(list(BackfillAnswer.Outcome.allCases))]}, "run_id": {"type": "string"},
                  "state": {"type": "string", "description": "The state of the run."}
                }
              }
        """#
    ]
}
